package dev.holdfast.node.context;

import dev.holdfast.attestation.Collateral;
import dev.holdfast.codec.Bytes;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.crypto.Share;
import dev.holdfast.protocol.DiskToken;
import dev.holdfast.protocol.SharingTerms;
import dev.holdfast.protocol.custody.Custody;
import dev.holdfast.protocol.manifest.Holder;
import dev.holdfast.protocol.manifest.Manifest;
import java.util.List;
import java.util.Optional;

/// The node's own root key, all shares of it, and what the manifest says about them. Owns the
/// secrets.
public record Vault(
    SecretBytes rootKey,
    List<Share> shares,
    SharingTerms terms,
    DiskToken token,
    Collateral originCollateral,
    Optional<Custody> custody)
    implements AutoCloseable {
  public Vault {
    shares = List.copyOf(shares);
  }

  /// The bytes of the manifest that lists `holders`.
  public Bytes manifest(List<Holder> holders, Optional<Manifest.Former> former, boolean committed) {
    return new Manifest(terms, token, originCollateral, custody, holders, former, committed)
        .toBytes(rootKey);
  }

  public SecretBytes share(int index) {
    return shares.get(index - 1).value();
  }

  @Override
  public void close() {
    rootKey.close();
    shares.forEach(Share::close);
  }
}
