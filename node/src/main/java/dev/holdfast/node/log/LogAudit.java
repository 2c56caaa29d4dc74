package dev.holdfast.node.log;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.Crypto;
import dev.holdfast.node.log.LogFact.Kind;
import dev.holdfast.protocol.AccountId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Reads a whole log and finds what is not as its account wrote it: an entry that was changed,
/// removed or moved, from the hash chain; one that was made up, from the signatures over it. Who
/// cuts whole batches off the end is found only by somebody who knows a later head.
///
/// Spec: docs/spec/log.md#audit
public final class LogAudit {
  private final Crypto crypto;
  private final AccountId account;

  /// With fewer files than are kept none can be gone: it begins with the first entry.
  private final boolean whole;

  private final List<LogLine.Entry> entries = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();
  private long sequence;
  private Bytes head = LogLine.NO_HEAD;
  private long covered;
  private boolean begun;

  /// What can be wrong.
  public enum Fault {
    /// No line of a log, or no longer one.
    MALFORMED,
    /// Entries before this one are not there.
    MISSING,
    /// This entry stands where another belongs.
    OUT_OF_ORDER,
    /// This entry does not follow from the one before.
    CHANGED,
    /// The account's signature up to this entry does not fit.
    NOT_SIGNED,
    /// No signature covers the last entries: a batch that was cut off, by a crash or by somebody.
    CUT_OFF,
    /// The node itself wrote that it found its log lost.
    GAP,
    /// The log ends before an entry that somebody else knows of, or has another in its place.
    NOT_THE_KNOWN_HEAD;

    public String code() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /// A fault, and the entry where it shows.
  public record Finding(Fault fault, long sequence, String detail) {}

  /// A head that somebody else knows.
  public record Known(long sequence, Bytes head) {}

  /// What a log says, and what is wrong with it; nothing when `findings` is empty.
  ///
  /// @param account whose log it was to be
  /// @param head of the last entry, number `sequence`
  public record Result(
      AccountId account,
      List<LogLine.Entry> entries,
      List<Finding> findings,
      long sequence,
      Bytes head) {
    public Result {
      entries = List.copyOf(entries);
      findings = List.copyOf(findings);
    }
  }

  private LogAudit(Crypto crypto, AccountId account, boolean whole) {
    this.crypto = crypto;
    this.account = account;
    this.whole = whole;
  }

  /// @param segments in the order of their names
  /// @param account whose log it is to be
  /// @param known heads that the log must contain, unless they are older than what is kept
  public static Result of(
      Crypto crypto, AccountId account, List<LogSegment> segments, List<Known> known) {
    LogAudit audit = new LogAudit(crypto, account, segments.size() < LogSegment.KEPT);
    segments.forEach(audit::read);
    if (audit.covered < audit.sequence) {
      audit.found(Fault.CUT_OFF, audit.covered + 1, "no signature covers it");
    }
    known.forEach(audit::compare);
    return new Result(account, audit.entries, audit.findings, audit.sequence, audit.head);
  }

  private void read(LogSegment segment) {
    for (Bytes line : segment.lines()) {
      try {
        switch (LogLine.parse(line)) {
          case LogLine.Entry entry -> read(entry);
          case LogLine.Checkpoint checkpoint -> read(checkpoint);
        }
      } catch (MalformedException e) {
        found(Fault.MALFORMED, sequence + 1, segment.name() + ": " + e.getMessage());
      }
    }
    if (segment.isTorn()) {
      found(Fault.CUT_OFF, sequence + 1, segment.name() + ": the last line has no end");
    }
  }

  private void read(LogLine.Entry entry) {
    boolean gap = entry.fact().kind() == Kind.GAP;
    if (gap) {
      found(Fault.GAP, entry.sequence(), "entries before it are lost: " + entry.fact().detail());
    } else if (entry.sequence() > sequence + 1) {
      found(Fault.MISSING, sequence + 1, "up to " + (entry.sequence() - 1));
    } else if (entry.sequence() <= sequence) {
      found(Fault.OUT_OF_ORDER, entry.sequence(), "behind entry " + sequence);
    }
    boolean next = gap || entry.sequence() == sequence + 1;
    if (next && !entry.follows(gap ? LogLine.NO_HEAD : head)) {
      found(Fault.CHANGED, entry.sequence(), "its head does not follow");
    }
    entries.add(entry);
    sequence = entry.sequence();
    head = entry.head();
    begun = true;
  }

  private void read(LogLine.Checkpoint checkpoint) {
    if (!checkpoint.account().equals(account) || !checkpoint.isSigned(crypto)) {
      found(Fault.NOT_SIGNED, checkpoint.sequence(), "not by the account");
      return;
    }
    if (!begun) {
      if (whole && checkpoint.sequence() > 0) {
        found(Fault.MISSING, 1, "up to " + checkpoint.sequence());
      }
      sequence = checkpoint.sequence();
      head = checkpoint.head();
      begun = true;
    } else if (checkpoint.sequence() > sequence) {
      found(Fault.MISSING, sequence + 1, "up to " + checkpoint.sequence());
      sequence = checkpoint.sequence();
      head = checkpoint.head();
    } else if (checkpoint.sequence() < sequence || !checkpoint.head().equals(head)) {
      found(Fault.NOT_SIGNED, checkpoint.sequence(), "the account signed another entry");
    }
    covered = Math.max(covered, checkpoint.sequence());
  }

  private void compare(Known known) {
    boolean older = !entries.isEmpty() && known.sequence() < entries.getFirst().sequence();
    Optional<LogLine.Entry> mine =
        entries.stream().filter(entry -> entry.sequence() == known.sequence()).findFirst();
    boolean same = mine.filter(entry -> entry.head().equals(known.head())).isPresent();
    if (!older && !same && known.sequence() > 0) {
      found(
          Fault.NOT_THE_KNOWN_HEAD,
          known.sequence(),
          mine.isEmpty() ? "the log has no such entry" : "the log has another");
    }
  }

  private void found(Fault fault, long at, String detail) {
    findings.add(new Finding(fault, at, detail));
  }
}
