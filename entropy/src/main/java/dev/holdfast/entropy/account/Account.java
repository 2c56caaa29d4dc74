package dev.holdfast.entropy.account;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.codec.MalformedException;

/// A Substrate account: 32 bytes, an sr25519 public key where its owner signs by itself. No
/// [dev.holdfast.protocol.AccountId]: that is an Ed25519 key.
public record Account(Bytes bytes) implements Comparable<Account> {
  public static final int SIZE = 32;

  public Account {
    InvariantError.check(bytes.size() == SIZE, "an account has 32 bytes");
  }

  /// @throws MalformedException when there are not 32 bytes
  public static Account parse(Bytes bytes) throws MalformedException {
    if (bytes.size() != SIZE) {
      throw new MalformedException("account", 0, "account", "32 bytes", bytes.size() + " bytes");
    }
    return new Account(bytes);
  }

  @Override
  public int compareTo(Account other) {
    return bytes.compareTo(other.bytes);
  }

  /// The address under the generic prefix 42.
  @Override
  public String toString() {
    return Ss58.format(this, Ss58.GENERIC_PREFIX);
  }
}
