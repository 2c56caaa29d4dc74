package dev.holdfast.protocol.message;

import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.Crypto;
import dev.holdfast.crypto.Labels;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.crypto.SigningKey;
import dev.holdfast.protocol.SignedBody;

/// A release with its share: the plaintext that is sealed to the requester's response key.
///
/// Bytes: share (32) ‖ signature (64) ‖ release. Owns the share.
public record ReleaseParcel(Release release, SignedBody signed, SecretBytes share)
    implements AutoCloseable {
  /// Makes the parcel; copies `share`.
  public static ReleaseParcel sign(
      Crypto crypto, SigningKey key, Release release, SecretBytes share) {
    SignedBody signed = SignedBody.sign(crypto, key, Labels.RELEASE_SIGNATURE, release.toBytes());
    return new ReleaseParcel(release, signed, share.copy());
  }

  /// Checks the form only. `plaintext` stays the caller's.
  public static ReleaseParcel parse(SecretBytes plaintext) throws MalformedException {
    SignedBody signed = ParcelBytes.signed("release parcel", plaintext);
    Release release = Release.parse(signed.body());
    return new ReleaseParcel(release, signed, ParcelBytes.share(plaintext));
  }

  /// The bytes, which the caller closes.
  public SecretBytes toSecret() {
    return ParcelBytes.join(share, signed);
  }

  public boolean isSigned(Crypto crypto) {
    return signed.holds(crypto, release.provider(), Labels.RELEASE_SIGNATURE);
  }

  @Override
  public void close() {
    share.close();
  }
}
