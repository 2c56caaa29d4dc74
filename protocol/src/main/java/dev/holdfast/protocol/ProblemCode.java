package dev.holdfast.protocol;

import java.util.Locale;
import java.util.Optional;

/// Why a peer refused, as a stable code. `retryable` means that the same request, made again later
/// or with a fresh challenge, may succeed without anybody changing anything.
///
/// Spec: docs/spec/protocol.md#problems
public enum ProblemCode {
  // form
  MALFORMED_MESSAGE(400, false, "The message does not have the form that the protocol demands"),
  UNSUPPORTED_VERSION(400, false, "The message has another version"),
  BODY_TOO_LARGE(413, false, "The body is larger than this route allows"),
  COLLATERAL_MALFORMED(400, false, "The collateral is malformed or is not what its digest says"),
  UNKNOWN_ROUTE(404, false, "There is no such route"),
  METHOD_NOT_ALLOWED(405, false, "The route has another method"),

  // this node at this time
  NOT_OPEN(503, true, "The node's own store is not open yet"),
  BUSY(503, true, "The node has too much to do"),
  STOPPING(503, true, "The node is stopping"),
  QUOTE_UNAVAILABLE(503, true, "The node cannot make a quote now"),
  COLLATERAL_MISSING(503, true, "The node has no collateral of its own yet"),
  LEDGER_FAILED(500, true, "The node could not write its ledger"),
  INTERNAL(500, true, "The node failed"),

  // the exchange
  WRONG_PROVIDER(409, true, "The message is for another account"),
  CHALLENGE_INVALID(403, true, "The challenge is not one of this process for this account"),
  CHALLENGE_EXPIRED(403, true, "The challenge has expired"),
  COLLATERAL_UNKNOWN(409, true, "The collateral must be sent first"),
  ENVELOPE_NOT_OPENED(409, true, "The envelope is not sealed to the present envelope key"),
  SIGNATURE_INVALID(403, false, "The signature does not hold"),

  // who asks, with what
  NOT_A_MEMBER(403, true, "The account is not a verified member"),
  UNKNOWN_ACCOUNT(404, false, "No deposit is held for this account"),
  TOKEN_INVALID(403, false, "The proof of the disk token does not hold"),
  POSTURE_MISMATCH(403, false, "The posture is another"),
  EVIDENCE_REFUSED(403, false, "The evidence is not accepted"),
  STATEMENT_UNKNOWN(404, true, "No release statement is held"),
  STATEMENT_REFUSED(403, false, "The release statement is not a later one of the fleet's keys"),
  STATEMENT_EXPIRED(403, false, "The release statement held has run out or is not in force yet"),
  CHALLENGE_NOT_COVERED(403, true, "The quote does not cover this provider's challenge"),
  ORIGIN_REFUSED(403, false, "The origin of the root key is not accepted"),
  POLICY_TOO_WIDE(403, false, "The release policy accepts more than the posture"),
  OVERWRITE_REFUSED(403, false, "The evidence does not satisfy the deposit already held"),

  // order and quantity
  GENERATION_MISMATCH(409, false, "The deposit held is of another generation"),
  GENERATION_WENT_BACK(409, false, "A deposit of a later generation is held"),
  GENERATION_RETIRED(410, false, "This generation of the account was retired for a later one"),
  INSTANCE_WENT_BACK(409, false, "A deposit of the same or a later instance is held"),
  DEPOSIT_CONFLICT(409, true, "Another deposit for this account is being written"),
  CLAIM_LOST(409, false, "A later run of the account has claimed it"),
  CLAIM_MISSING(409, true, "This run has not claimed the account here"),
  WITNESS_WENT_BACK(409, false, "A later state of the store is remembered"),
  WITNESS_FORKED(409, false, "Another state of the same store version is remembered"),
  SHARE_INVALID(400, false, "The share does not match its commitment"),
  RATE_LIMITED(429, true, "Too many releases in this hour"),
  QUOTA_EXCEEDED(507, true, "The ledger is full"),
  LEAVING(503, true, "The node takes no new deposits, it is leaving");

  private final int status;
  private final boolean retryable;
  private final String title;
  private final String code = name().toLowerCase(Locale.ROOT).replace('_', '-');

  ProblemCode(int status, boolean retryable, String title) {
    this.status = status;
    this.retryable = retryable;
    this.title = title;
  }

  /// The stable code, in kebab case.
  public String code() {
    return code;
  }

  /// The HTTP status.
  public int status() {
    return status;
  }

  public boolean retryable() {
    return retryable;
  }

  public String title() {
    return title;
  }

  public static Optional<ProblemCode> of(String code) {
    for (ProblemCode problem : values()) {
      if (problem.code.equals(code)) {
        return Optional.of(problem);
      }
    }
    return Optional.empty();
  }
}
