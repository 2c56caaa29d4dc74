package dev.holdfast.node.model;

import dev.holdfast.codec.Bytes;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.protocol.AccountId;
import java.io.IOException;
import java.util.Optional;

/// Reads the ledger: what this node holds for others, in its own open store. Thread-safe.
public interface LedgerView {
  /// The bytes of the deposit parcel held for `depositor`, which the caller closes.
  ///
  /// @throws IOException when the store cannot be read
  Optional<SecretBytes> find(AccountId depositor) throws IOException;

  /// The bytes of the pending parcel of a later generation, which the caller closes.
  ///
  /// @throws IOException when the store cannot be read
  Optional<SecretBytes> pending(AccountId depositor) throws IOException;

  /// True when a deposit of `depositor` is held.
  ///
  /// @throws IOException when the store cannot be read
  boolean holds(AccountId depositor) throws IOException;

  /// The bytes of the [dev.holdfast.protocol.run.RunRecord] kept of `depositor`.
  ///
  /// @throws IOException when the store cannot be read
  Optional<Bytes> runs(AccountId depositor) throws IOException;

  /// For how many accounts deposits are held; may lag behind a write under way.
  long count();
}
