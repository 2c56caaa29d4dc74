package dev.holdfast.node.work;

import dev.holdfast.attestation.policy.Measurement;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.Crypto;
import dev.holdfast.crypto.Labels;
import dev.holdfast.protocol.Posture;
import dev.holdfast.protocol.ReleasePolicy;
import dev.holdfast.protocol.statement.ReleaseStatement;
import dev.holdfast.protocol.statement.SignedStatement;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The latest release statement that this process has seen, and what it makes of release policies.
/// Never goes back: a lower serial is refused, from whomever it comes. Thread-safe.
///
/// Spec: docs/spec/protocol.md#release-statements
public final class StatementShelf {
  private final Crypto crypto;
  private final Posture posture;
  private volatile Optional<Held> held = Optional.empty();

  private record Held(ReleaseStatement statement, Bytes bytes) {}

  StatementShelf(Crypto crypto, Posture posture) {
    this.crypto = crypto;
    this.posture = posture;
  }

  /// The serial of the statement that is held, 0 for none.
  public long serial() {
    return held.map(present -> present.statement().serial()).orElse(0L);
  }

  /// The bytes of the signed statement that is held.
  public Optional<Bytes> bytes() {
    return held.map(Held::bytes);
  }

  /// Takes `bytes` when they are a statement that enough release keys signed and of no lower serial
  /// than what is held. True when it is held now, also when it was before.
  public synchronized boolean offer(Bytes bytes) {
    if (held.filter(present -> present.bytes().equals(bytes)).isPresent()) {
      return true;
    }
    try {
      SignedStatement signed = SignedStatement.parse(bytes);
      ReleaseStatement statement = ReleaseStatement.parse(signed.body());
      boolean good =
          statement.serial() > serial()
              && signed.holds(
                  crypto, posture.safeguards().releaseKeys(), Labels.RELEASE_STATEMENT_SIGNATURE);
      if (good) {
        held = Optional.of(new Held(statement, bytes));
      }
      return good;
    } catch (MalformedException e) {
      return false;
    }
  }

  /// The images that may get a share back under `policy`; none when the statement that would say so
  /// is not in force and the policy's grace is over.
  List<Measurement> forRelease(ReleasePolicy policy, Instant now) {
    return images(
        policy,
        (statement, rule) ->
            statement.allowsRelease(now, rule.grace())
                ? statement.running(rule.role())
                : List.of());
  }

  /// The images that may be given a share under `policy`.
  List<Measurement> forDeposit(ReleasePolicy policy, Instant now) {
    return images(
        policy,
        (statement, rule) -> statement.isInForce(now) ? statement.running(rule.role()) : List.of());
  }

  /// The images whose keys are good under `policy`.
  List<Measurement> forOrigin(ReleasePolicy policy) {
    return images(policy, (statement, rule) -> statement.origins(rule.role()));
  }

  private interface Rule {
    List<Measurement> images(ReleaseStatement statement, ReleasePolicy.Statements rule);
  }

  /// What the deposit itself names counts until there is a statement, and never again.
  private List<Measurement> images(ReleasePolicy policy, Rule rule) {
    Optional<Held> present = held;
    return policy.statements().isPresent() && present.isPresent()
        ? rule.images(present.get().statement(), policy.statements().get())
        : policy.measurements();
  }
}
