package dev.holdfast.entropy.sr25519;

import cafe.cryptography.curve25519.CompressedRistretto;
import cafe.cryptography.curve25519.Constants;
import cafe.cryptography.curve25519.InvalidEncodingException;
import cafe.cryptography.curve25519.RistrettoElement;
import cafe.cryptography.curve25519.Scalar;
import dev.holdfast.codec.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Verification of sr25519 signatures. Everything here is public and nothing is constant time.
public final class Sr25519 {
  public static final int PUBLIC_KEY_SIZE = 32;
  public static final int SIGNATURE_SIZE = 64;

  /// The context of everything that Substrate signs.
  public static final String SUBSTRATE = "substrate";

  static final byte[] PROTOCOL = "Schnorr-sig".getBytes(StandardCharsets.US_ASCII);

  /// The top bit that tells the signature from an Ed25519 one.
  static final byte MARKER = (byte) 0x80;

  private static final int SCALAR_SIZE = 32;

  private Sr25519() {}

  /// True when `signature` is one of `message` under `publicKey` and `context`; false for anything
  /// else, of any size. The identity is no key: everybody can sign for it.
  public static boolean verify(Bytes publicKey, String context, Bytes message, Bytes signature) {
    if (publicKey.size() != PUBLIC_KEY_SIZE
        || signature.size() != SIGNATURE_SIZE
        || publicKey.isZero()) {
      return false;
    }
    byte[] commitment = signature.slice(0, SCALAR_SIZE).toArray();
    byte[] response = signature.slice(SCALAR_SIZE, SCALAR_SIZE).toArray();
    if ((response[SCALAR_SIZE - 1] & MARKER) == 0) {
      return false;
    }
    response[SCALAR_SIZE - 1] &= (byte) ~MARKER;
    try (Transcript transcript = Transcript.signing(context, message.toArray())) {
      transcript
          .append("proto-name", PROTOCOL)
          .append("sign:pk", publicKey.toArray())
          .append("sign:R", commitment);
      Scalar c = Scalar.fromBytesModOrderWide(transcript.challenge("sign:c", 64));
      RistrettoElement key = new CompressedRistretto(publicKey.toArray()).decompress();
      RistrettoElement expected =
          Constants.RISTRETTO_GENERATOR_TABLE
              .multiply(Scalar.fromCanonicalBytes(response))
              .subtract(key.multiply(c));
      return Arrays.equals(expected.compress().toByteArray(), commitment);
    } catch (InvalidEncodingException | IllegalArgumentException e) {
      // No point of the group, or no canonical scalar: peer input.
      return false;
    }
  }
}
