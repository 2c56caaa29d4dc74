package dev.holdfast.store;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import java.security.SecureRandom;

/// Which store, and whose: both stand readable, and authenticated, in the store's header.
///
/// @param storeId 32 random bytes, drawn when the store is created
/// @param account the owner's 32-byte Ed25519 public key
public record StoreIdentity(Bytes storeId, Bytes account) {
  public static final int STORE_ID_SIZE = 32;
  public static final int ACCOUNT_SIZE = 32;

  public StoreIdentity {
    InvariantError.check(storeId.size() == STORE_ID_SIZE, "a store id has 32 bytes");
    InvariantError.check(account.size() == ACCOUNT_SIZE, "an account has 32 bytes");
  }

  /// The identity of a new store of `account`.
  public static StoreIdentity generate(Bytes account, SecureRandom random) {
    byte[] storeId = new byte[STORE_ID_SIZE];
    random.nextBytes(storeId);
    return new StoreIdentity(Bytes.copyOf(storeId), account);
  }
}
