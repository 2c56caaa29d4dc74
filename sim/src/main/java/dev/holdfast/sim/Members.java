package dev.holdfast.sim;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.Crypto;
import dev.holdfast.crypto.SigningKey;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.MemberRecord;
import dev.holdfast.protocol.SignedRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The registry: the last record of every account, and the lies that it can tell.
final class Members {
  private final Map<AccountId, Bytes> latest = new TreeMap<>();
  private final List<Bytes> earlier = new ArrayList<>();
  private final Crypto crypto;

  Members(Crypto crypto) {
    this.crypto = crypto;
  }

  void publish(AccountId account, Bytes record) {
    Optional.ofNullable(latest.put(account, record)).ifPresent(earlier::add);
  }

  void withdraw(AccountId account) {
    latest.remove(account);
  }

  List<Bytes> records() {
    return List.copyOf(latest.values());
  }

  /// Bytes that mean nothing, a record with one bit changed, an earlier record of a member, and one
  /// of an account of the registry's own with a member's evidence.
  List<Bytes> lies() {
    List<Bytes> lies = new ArrayList<>(List.of(Bytes.utf8("{\"type\":\"record\"}")));
    if (!earlier.isEmpty()) {
      lies.add(earlier.getLast());
    }
    if (!latest.isEmpty()) {
      Bytes first = latest.values().iterator().next();
      byte[] changed = first.toArray();
      changed[changed.length / 2] ^= 1;
      lies.add(Bytes.copyOf(changed));
      borrowed(first).ifPresent(lies::add);
    }
    return lies;
  }

  private Optional<Bytes> borrowed(Bytes record) {
    try (SigningKey key = crypto.signingKey(Disk.secret(Bytes.zero(SigningKey.SEED_SIZE)))) {
      SignedRecord real = SignedRecord.parse(record);
      MemberRecord theirs = real.record();
      MemberRecord own =
          new MemberRecord(
              new AccountId(key.publicKey()),
              theirs.envelopeKey(),
              theirs.endpoint(),
              theirs.labels(),
              theirs.image(),
              theirs.posture(),
              theirs.instance(),
              theirs.issuedAt());
      return Optional.of(
          SignedRecord.sign(crypto, key, own, real.quote(), real.collateralDigest()).toBytes());
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }
}
