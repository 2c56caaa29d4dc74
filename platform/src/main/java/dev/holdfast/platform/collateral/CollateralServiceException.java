package dev.holdfast.platform.collateral;

import java.io.Serial;
import java.time.Duration;
import java.util.Optional;

/// The service gave nothing that can be used. The message says what was asked, what came back, in
/// our own words, and the next step.
public final class CollateralServiceException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final Kind kind;
  private final String path;
  private final String what;
  private final transient Optional<Duration> retryAfter;

  CollateralServiceException(Kind kind, String path, String what) {
    this(kind, path, what, Optional.empty());
  }

  CollateralServiceException(Kind kind, String path, String what, Optional<Duration> retryAfter) {
    super("%s: %s: %s; next step: %s".formatted(kind.code(), path, what, kind.nextStep()));
    this.kind = kind;
    this.path = path;
    this.what = what;
    this.retryAfter = retryAfter;
  }

  /// What went wrong, stable across versions.
  public Kind kind() {
    return kind;
  }

  /// What was asked for: the path and query of the request, or the name of the cached set.
  public String path() {
    return path;
  }

  /// How long the service asks to be left alone, at most [ServiceReply#MAX_RETRY_AFTER].
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter).flatMap(wait -> wait);
  }

  /// The same with something to add.
  CollateralServiceException adding(String more) {
    return new CollateralServiceException(kind, path, what + "; " + more, retryAfter());
  }

  /// Every way to fail.
  ///
  /// Spec: docs/operating/collateral.md
  public enum Kind {
    UNKNOWN_PLATFORM(
        "unknown-platform",
        "check that the service knows this kind of machine; a PCCS without a route to Intel must be"
            + " filled first"),
    NUMBER_GONE(
        "number-gone", "ask for a later TCB evaluation data number, or for update = standard"),
    NOT_SERVED("not-served", "check the service's address: it has no such document"),
    BUSY("busy", "wait; it is asked again by itself"),
    REFUSED("refused", "read the service's log: it does not take the request"),
    FAILED("failed", "read the service's log, and see whether it reaches Intel"),
    REDIRECTED("redirected", "name the address that the service redirects to"),
    UNREACHABLE("unreachable", "check the address, the service and the way to it"),
    TLS(
        "tls",
        "have the service use a certificate that this machine trusts for its name, or use http:"
            + " what it serves is signed"),
    REFUSED_ADDRESS(
        "refused-address", "name the link-local address itself, if that is what is meant"),
    SILENT("silent", "check the service's load and the way to it"),
    BROKEN("broken", "check the service and what stands between: the reply ended early"),
    TOO_LARGE("too-large", "check what answers under this address: no such document is so large"),
    MALFORMED("malformed", "check what answers under this address: it is no PCS and no PCCS"),
    NOT_AUTHENTIC(
        "not-authentic",
        "have the service fetch it anew; if it repeats, treat the service as hostile"),
    WRONG_DOCUMENT("wrong-document", "have the service fetch it anew"),
    OUT_OF_DATE(
        "out-of-date", "have the service fetch it anew; check the clock of this machine too"),
    OLDER("older", "have the service fetch it anew: newer documents are known here"),
    CACHE_DAMAGED(
        "cache-damaged",
        "find out who changed the folder; to start over, knowing that older documents will then be"
            + " taken, empty it"),
    CACHE_FAILED("cache-failed", "check the disk, and the rights on the folder");

    private final String code;
    private final String nextStep;

    Kind(String code, String nextStep) {
      this.code = code;
      this.nextStep = nextStep;
    }

    /// The kebab-case name used in logs and documents.
    public String code() {
      return code;
    }

    /// What the operator can do, as an imperative without a full stop.
    public String nextStep() {
      return nextStep;
    }
  }
}
