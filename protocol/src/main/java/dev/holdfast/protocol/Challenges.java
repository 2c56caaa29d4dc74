package dev.holdfast.protocol;

import dev.holdfast.codec.ByteReader;
import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Frame;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.Hmac;
import dev.holdfast.crypto.Labels;
import dev.holdfast.crypto.SecretBytes;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;

/// A provider's challenges: expiry ‖ random ‖ MAC under a key that lives as long as the process, so
/// that unauthenticated callers cost no memory. Each is for one account.
///
/// The instants are those of the process's monotonic clock. Thread-safe.
///
/// Spec: docs/spec/protocol.md#challenges
public final class Challenges implements AutoCloseable {
  public static final int SIZE = Long.BYTES + Challenges.RANDOM_SIZE + Hmac.SIZE;

  private static final int RANDOM_SIZE = 16;

  private final SecretBytes key;
  private final SecureRandom random;

  private Challenges(SecretBytes key, SecureRandom random) {
    this.key = key;
    this.random = random;
  }

  /// Draws the process's key.
  public static Challenges generate(SecureRandom random) {
    return new Challenges(SecretBytes.generate(Hmac.SIZE, random), random);
  }

  /// A fresh challenge for `account`, good for [Limits#CHALLENGE_LIFE].
  public Bytes issue(AccountId account, Instant now) {
    byte[] nonce = new byte[RANDOM_SIZE];
    random.nextBytes(nonce);
    long expiry = now.plus(Limits.CHALLENGE_LIFE).toEpochMilli();
    Bytes head = new ByteWriter().u64be(expiry).bytes(nonce).toBytes();
    return new ByteWriter().bytes(head).bytes(Hmac.sha256(key, statement(account, head))).toBytes();
  }

  /// What is wrong with `challenge`, of [#SIZE] bytes, when `account` brings it at `now`.
  public Optional<ProblemCode> fault(Bytes challenge, AccountId account, Instant now) {
    Bytes head = challenge.slice(0, Long.BYTES + RANDOM_SIZE);
    Bytes mac = challenge.slice(head.size(), Hmac.SIZE);
    if (!Hmac.verify(key, statement(account, head), mac)) {
      return Optional.of(ProblemCode.CHALLENGE_INVALID);
    }
    return now.toEpochMilli() > expiryMillis(head)
        ? Optional.of(ProblemCode.CHALLENGE_EXPIRED)
        : Optional.empty();
  }

  @Override
  public void close() {
    key.close();
  }

  private static long expiryMillis(Bytes head) {
    try {
      return ByteReader.of("challenge", head).u64be("expiry");
    } catch (MalformedException e) {
      throw new InvariantError("the head has its size", e);
    }
  }

  private static Bytes statement(AccountId account, Bytes head) {
    return Frame.of(Labels.CHALLENGE_MAC, account.bytes(), head);
  }
}
