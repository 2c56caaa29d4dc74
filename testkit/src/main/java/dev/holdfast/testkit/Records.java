package dev.holdfast.testkit;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.Crypto;
import dev.holdfast.crypto.EnvelopeKey;
import dev.holdfast.crypto.EnvelopeKeys;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.Endpoint;
import dev.holdfast.protocol.Image;
import dev.holdfast.protocol.MemberLabels;
import dev.holdfast.protocol.MemberRecord;
import dev.holdfast.protocol.SignedRecord;
import java.security.SecureRandom;
import java.time.Instant;

/// Records of the right form. Their quotes and signatures are zeros: no registry looks at them.
public final class Records {
  public static final SecureRandom RANDOM = new SecureRandom();
  public static final Crypto CRYPTO = Crypto.bouncyCastle(RANDOM);
  public static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

  private static final EnvelopeKey ENVELOPE_KEY = envelopeKey();

  private Records() {}

  public static AccountId account() {
    while (true) {
      byte[] bytes = new byte[AccountId.SIZE];
      RANDOM.nextBytes(bytes);
      try {
        return AccountId.parse(Bytes.copyOf(bytes));
      } catch (MalformedException e) {
        // One in 2^250: draw again.
      }
    }
  }

  public static MemberRecord body(AccountId account, long instance, Instant issuedAt) {
    return new MemberRecord(
        account,
        ENVELOPE_KEY,
        endpoint(),
        new MemberLabels("node-a", "", ""),
        new Image("signer", "1.0"),
        Bytes.zero(32),
        instance,
        issuedAt);
  }

  public static Bytes record(AccountId account, long instance, Instant issuedAt) {
    return record(account, instance, issuedAt, 1000);
  }

  public static Bytes record(AccountId account, long instance, Instant issuedAt, int quoteSize) {
    MemberRecord body = body(account, instance, issuedAt);
    return new SignedRecord(
            body, body.toBytes(), Bytes.zero(quoteSize), Bytes.zero(32), Bytes.zero(64))
        .toBytes();
  }

  public static Bytes record(AccountId account, long instance) {
    return record(account, instance, NOON);
  }

  private static Endpoint endpoint() {
    try {
      return Endpoint.parse("node-a.example:7400");
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  private static EnvelopeKey envelopeKey() {
    try (EnvelopeKeys keys = CRYPTO.generateEnvelopeKeys()) {
      return keys.publicKey();
    }
  }
}
