package dev.holdfast.node.log;

import dev.holdfast.protocol.AccountId;
import java.time.Instant;
import java.util.Locale;

/// Something that is to be in the log.
///
/// @param at by the provider's clock, cut to seconds
/// @param account whom it is about; for [Kind#GAP] the provider itself
/// @param count how many times it happened: more than one for refusals of one minute only
/// @param detail a code or a number in a few words, at most [#DETAIL_MAX] printable ASCII
///   characters
public record LogFact(Instant at, Kind kind, AccountId account, long count, String detail) {
  public static final int DETAIL_MAX = 96;

  /// What happened. Deposits, claims and retirements are written down before the ledger is, which
  /// may still refuse them: the log has what may have happened, never less.
  public enum Kind {
    DEPOSIT,
    RELEASE,
    RETIRE,
    CLAIM,
    REFUSAL,
    /// What stood before is lost.
    GAP;

    /// As it stands in the file.
    public String code() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public LogFact {
    at = Instant.ofEpochSecond(at.getEpochSecond());
    if (count < 1 || detail.length() > DETAIL_MAX || !detail.matches("[ -~]*")) {
      throw new IllegalArgumentException("a count of one or more and a short plain detail");
    }
  }

  public static LogFact of(Instant at, Kind kind, AccountId account, String detail) {
    return new LogFact(at, kind, account, 1, detail);
  }
}
