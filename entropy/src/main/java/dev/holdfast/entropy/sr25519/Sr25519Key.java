package dev.holdfast.entropy.sr25519;

import cafe.cryptography.curve25519.Constants;
import cafe.cryptography.curve25519.Scalar;
import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Digests;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.crypto.SecretBytes;
import java.security.SecureRandom;
import java.util.Arrays;

/// An sr25519 private key: a scalar and a 32-byte nonce seed. Safe for several threads until the
/// owner closes it.
public final class Sr25519Key implements AutoCloseable {
  public static final int SEED_SIZE = 32;

  private static final int SIZE = 32;
  private static final int WIDE = 64;

  private final SecretBytes scalar;
  private final SecretBytes nonce;
  private final Bytes publicKey;

  private Sr25519Key(SecretBytes scalar, SecretBytes nonce) {
    this.scalar = scalar;
    this.nonce = nonce;
    this.publicKey = scalar.apply(s -> Bytes.copyOf(multiply(Scalar.fromBits(s))));
  }

  /// The key that a 32-byte seed (schnorrkel's mini secret) determines, expanded as Ed25519 does;
  /// copies the seed.
  public static Sr25519Key ofSeed(SecretBytes seed) {
    InvariantError.check(seed.size() == SEED_SIZE, "an sr25519 seed has 32 bytes");
    byte[] wide = seed.apply(bytes -> Digests.sha512().digest(bytes));
    byte[] scalar = Arrays.copyOf(wide, SIZE);
    scalar[0] &= (byte) 248;
    scalar[SIZE - 1] &= 63;
    scalar[SIZE - 1] |= 64;
    byte[] divided = dividedByEight(scalar);
    SecretBytes nonce = SecretBytes.take(Arrays.copyOfRange(wide, SIZE, WIDE));
    Arrays.fill(wide, (byte) 0);
    Arrays.fill(scalar, (byte) 0);
    return new Sr25519Key(SecretBytes.take(divided), nonce);
  }

  /// The 32-byte public key.
  public Bytes publicKey() {
    return publicKey;
  }

  /// The 64-byte signature of `message` under `context`; no two are alike.
  public Bytes sign(String context, Bytes message, SecureRandom random) {
    try (Transcript transcript = Transcript.signing(context, message.toArray())) {
      transcript.append("proto-name", Sr25519.PROTOCOL).append("sign:pk", publicKey.toArray());
      Scalar r = witness(transcript, "signing", random);
      byte[] commitment = multiply(r);
      transcript.append("sign:R", commitment);
      Scalar c = Scalar.fromBytesModOrderWide(transcript.challenge("sign:c", WIDE));
      byte[] s = scalar.apply(k -> c.multiplyAndAdd(Scalar.fromBits(k), r).toByteArray());
      s[SIZE - 1] |= Sr25519.MARKER;
      return new ByteWriter().bytes(commitment).bytes(s).toBytes();
    }
  }

  /// The child of a 32-byte chain code, whose public key only the private key leads to.
  public Sr25519Key deriveHard(Bytes chainCode) {
    try (Transcript transcript = derivation(chainCode)) {
      scalar.use(k -> transcript.append("secret-key", k));
      try (SecretBytes seed = SecretBytes.take(transcript.challenge("HDKD-hard", SEED_SIZE))) {
        return ofSeed(seed);
      }
    }
  }

  /// The child of a 32-byte chain code, whose public key this public key leads to, too.
  public Sr25519Key deriveSoft(Bytes chainCode, SecureRandom random) {
    try (Transcript transcript = derivation(chainCode)) {
      transcript.append("public-key", publicKey.toArray());
      Scalar step = Scalar.fromBytesModOrderWide(transcript.challenge("HDKD-scalar", WIDE));
      byte[] child = scalar.apply(k -> Scalar.fromBits(k).add(step).toByteArray());
      byte[] childNonce = nonce.apply(seed -> transcript.witness("HDKD-nonce", seed, SIZE, random));
      return new Sr25519Key(SecretBytes.take(child), SecretBytes.take(childNonce));
    }
  }

  @Override
  public void close() {
    scalar.close();
    nonce.close();
  }

  @Override
  public String toString() {
    return "Sr25519Key[" + publicKey + "]";
  }

  private static Transcript derivation(Bytes chainCode) {
    return Transcript.of("SchnorrRistrettoHDKD")
        .append("sign-bytes", new byte[0])
        .append("chain-code", chainCode.toArray());
  }

  private Scalar witness(Transcript transcript, String label, SecureRandom random) {
    byte[] wide = nonce.apply(seed -> transcript.witness(label, seed, WIDE, random));
    Scalar scalar = Scalar.fromBytesModOrderWide(wide);
    Arrays.fill(wide, (byte) 0);
    return scalar;
  }

  private static byte[] multiply(Scalar scalar) {
    return Constants.RISTRETTO_GENERATOR_TABLE.multiply(scalar).compress().toByteArray();
  }

  private static byte[] dividedByEight(byte[] scalar) {
    byte[] divided = new byte[SIZE];
    for (int i = 0; i < SIZE; i++) {
      int above = i + 1 < SIZE ? scalar[i + 1] : 0;
      divided[i] = (byte) ((scalar[i] & 0xff) >>> 3 | above << 5);
    }
    return divided;
  }
}
