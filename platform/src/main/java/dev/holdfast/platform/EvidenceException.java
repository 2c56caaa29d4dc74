package dev.holdfast.platform;

import java.io.IOException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/// The machine gave no evidence. The message says what was tried, what came back, and the next
/// step.
public final class EvidenceException extends IOException {
  @Serial private static final long serialVersionUID = 1L;

  private final Kind kind;
  private final String what;

  EvidenceException(Kind kind, String what, @Nullable Throwable cause) {
    super(kind.code() + ": " + what + "; next step: " + kind.nextStep(), cause);
    this.kind = kind;
    this.what = what;
  }

  /// What went wrong, stable across versions.
  public Kind kind() {
    return kind;
  }

  /// What was tried and what came back, without the next step.
  public String what() {
    return what;
  }

  /// Every way to fail. Those that may pass by themselves have been retried already when thrown.
  ///
  /// Spec: docs/operating/evidence.md
  public enum Kind {
    NOT_MOUNTED(
        "not-mounted",
        false,
        "use Linux 6.7 or later with CONFIG_TSM_REPORTS and `mount -t configfs none"
            + " /sys/kernel/config`"),
    NO_PROVIDER(
        "no-provider", false, "start inside a TDX guest and load its driver: `modprobe tdx_guest`"),
    WRONG_PROVIDER("wrong-provider", false, "start inside an Intel TDX guest"),
    NOT_CONFIGFS(
        "not-configfs", false, "point the setting at the kernel's tsm/report folder in configfs"),
    NOT_PERMITTED(
        "not-permitted",
        false,
        "run as root, with tsm/report writable (containers often have it read-only)"),
    BUSY("busy", true, "stop other programs on this machine that ask for quotes all the time"),
    INTERRUPTED("interrupted", true, "find out who sends signals to this process"),
    HOST_SILENT(
        "host-silent",
        true,
        "have the host's quote generation service (QGS) checked and restarted"),
    HOST_FAILED(
        "host-failed",
        false,
        "have the host's quote generation service (QGS), its registration and its log checked"),
    EMPTY_QUOTE(
        "empty-quote", false, "have the host install or update its quote generation service (QGS)"),
    REFUSED_INPUT("refused-input", false, "report this as a bug of Holdfast"),
    TOO_LARGE("too-large", false, "update Holdfast: this host makes larger quotes than it takes"),
    NOT_TAKEN("not-taken", true, "see the kernel's log: it did not take over the report data"),
    DISTURBED(
        "disturbed",
        true,
        "find out which other program writes to Holdfast's folders in tsm/report"),
    NO_REGISTERS(
        "no-registers",
        false,
        "use Linux 6.16 or later in the guest and load its driver: `modprobe tdx_guest`"),
    NO_MEMORY("no-memory", false, "give the guest more memory"),
    LEFT_BEHIND(
        "left-behind", false, "see the kernel's log and remove the folders named here with rmdir"),
    OTHER("other", true, "see the kernel's log; with LC_ALL=C the cause may be recognized");

    private final String code;
    private final boolean passing;
    private final String nextStep;

    Kind(String code, boolean passing, String nextStep) {
      this.code = code;
      this.passing = passing;
      this.nextStep = nextStep;
    }

    /// The kebab-case name used in logs and documents.
    public String code() {
      return code;
    }

    /// True when the same request may succeed a little later.
    public boolean passing() {
      return passing;
    }

    /// What the operator can do, as an imperative without a full stop.
    public String nextStep() {
      return nextStep;
    }
  }
}
