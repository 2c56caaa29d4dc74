package dev.holdfast.protocol.message;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.Crypto;
import dev.holdfast.crypto.Labels;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.crypto.Share;
import dev.holdfast.crypto.Sharing;
import dev.holdfast.crypto.SharingException;
import dev.holdfast.crypto.SigningKey;
import dev.holdfast.protocol.SignedBody;

/// A deposit with its share and the depositor's signature: the plaintext that is sealed to the
/// provider, and exactly what the provider's ledger keeps.
///
/// Bytes: share (32) ‖ signature (64) ‖ deposit. Owns the share.
///
/// Spec: docs/spec/protocol.md#deposit
public record DepositParcel(Deposit deposit, SignedBody signed, SecretBytes share)
    implements AutoCloseable {
  /// Makes the parcel for one provider; copies `share`.
  public static DepositParcel sign(
      Crypto crypto, SigningKey key, Deposit deposit, SecretBytes share) {
    SignedBody signed = SignedBody.sign(crypto, key, Labels.DEPOSIT_SIGNATURE, deposit.toBytes());
    return new DepositParcel(deposit, signed, share.copy());
  }

  /// Checks the form only: neither the signature nor the share's commitment. `plaintext` stays the
  /// caller's.
  public static DepositParcel parse(SecretBytes plaintext) throws MalformedException {
    SignedBody signed = ParcelBytes.signed("deposit parcel", plaintext);
    Deposit deposit = Deposit.parse(signed.body());
    return new DepositParcel(deposit, signed, ParcelBytes.share(plaintext));
  }

  /// The bytes, which the caller closes.
  public SecretBytes toSecret() {
    return ParcelBytes.join(share, signed);
  }

  public boolean isSigned(Crypto crypto) {
    return signed.holds(crypto, deposit.terms().depositor(), Labels.DEPOSIT_SIGNATURE);
  }

  /// True when the share is the one that the deposit commits to.
  public boolean isCommitted() {
    try {
      Sharing.check(
          new Share(deposit.index(), share),
          deposit.terms().commitments(),
          deposit.terms().context());
      return true;
    } catch (SharingException e) {
      return false;
    }
  }

  /// See [Deposit#digest].
  public Bytes digest() {
    return Deposit.digest(signed.body());
  }

  @Override
  public void close() {
    share.close();
  }
}
