package dev.holdfast.entropy.server;

import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.entropy.v1.TssKeys;
import dev.holdfast.store.SealedStore;
import dev.holdfast.store.StoreException;

/// A server whose store is open. The owner closes it.
///
/// @param storeKey the 32 bytes that open the store, kept to deposit them again
record OpenNode(SealedStore store, SecretBytes storeKey, TssKeys keys, Deposits deposits)
    implements AutoCloseable {
  @Override
  public void close() throws StoreException {
    keys.close();
    storeKey.close();
    store.close();
  }
}
