package dev.holdfast.node.model;

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

  /// For how many accounts deposits are held; may lag behind a write under way.
  long count();
}
