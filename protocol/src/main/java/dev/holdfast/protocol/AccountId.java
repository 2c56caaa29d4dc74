package dev.holdfast.protocol;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.VerifyingKey;

/// A member's identity: its Ed25519 public key, canonical and not of small order.
public record AccountId(VerifyingKey key) implements Comparable<AccountId> {
  public static final int SIZE = VerifyingKey.SIZE;

  /// @throws MalformedException when the bytes are no acceptable public key
  public static AccountId parse(Bytes bytes) throws MalformedException {
    return new AccountId(VerifyingKey.parse(bytes));
  }

  /// The member `name` of `object`, as base64url of 32 bytes.
  public static AccountId read(JsonObject object, String name) throws MalformedException {
    return parse(object.base64Url(name, SIZE));
  }

  public Bytes bytes() {
    return key.encoded();
  }

  /// The first eight hexadecimal digits, for people; never compared.
  public String abbreviated() {
    return bytes().slice(0, 4).toHex();
  }

  @Override
  public int compareTo(AccountId other) {
    return key.compareTo(other.key);
  }

  /// All 64 hexadecimal digits.
  @Override
  public String toString() {
    return bytes().toHex();
  }
}
