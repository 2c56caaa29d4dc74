package dev.holdfast.protocol;

import dev.holdfast.attestation.AttestationVerifier;
import dev.holdfast.attestation.Collateral;
import java.time.Duration;

/// Every limit of the protocol, with its unit; each is tested at the limit and one past it.
///
/// Spec: docs/spec/protocol.md#limits
public final class Limits {
  /// Bodies without evidence.
  public static final int BODY_MAX_BYTES = 64 * 1024;

  /// Bodies with evidence, and member records.
  public static final int EVIDENCE_BODY_MAX_BYTES = 128 * 1024;

  public static final int QUOTE_MAX_BYTES = AttestationVerifier.QUOTE_MAX_SIZE;
  public static final int COLLATERAL_MAX_BYTES = Collateral.MAX_SIZE;

  /// A manifest holds one origin quote, its collateral and [Threshold#MAX_N] receipts.
  public static final int MANIFEST_MAX_BYTES = 768 * 1024;

  /// Challenges that one quote may answer.
  public static final int CHALLENGES_PER_QUOTE = 64;

  /// How long a provider's challenge is good for.
  public static final Duration CHALLENGE_LIFE = Duration.ofSeconds(60);

  /// Distinct collateral documents that a node keeps of those that it fetched.
  public static final int COLLATERAL_DOCUMENTS = 64;

  /// Distinct collateral documents that a node keeps of those that were brought to it. They are
  /// needed for one more request of whoever brought them.
  public static final int COLLATERAL_BROUGHT = 128;

  /// Kinds of platform (FMSPC) whose TCB evaluation number a node remembers.
  public static final int PLATFORM_KINDS = 4096;

  public static final int RELEASES_PER_ACCOUNT_AND_HOUR = 60;
  public static final int RELEASES_PER_PLATFORM_AND_HOUR = 600;

  /// Accounts for which one provider holds deposits.
  public static final int DEPOSITS_PER_PROVIDER = 1_000_000;

  public static final int MEMBERS = 500_000;

  /// Requests that a node works on at once.
  public static final int CONCURRENT_EXCHANGES = 1024;

  private Limits() {}
}
