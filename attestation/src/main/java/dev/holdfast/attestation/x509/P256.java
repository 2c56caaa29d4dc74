package dev.holdfast.attestation.x509;

import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.codec.MalformedException;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.Signature;
import java.security.SignatureException;
import java.util.HexFormat;
import java.util.Optional;

/// ECDSA on P-256 with SHA-256, verification only, by the JDK or any other provider. What providers
/// were found to get wrong is checked here: r or s outside `1..n-1`, and points off the curve, by
/// the type [P256Point]. High s is accepted: real quotes have it. Thread-safe.
///
/// Spec: docs/spec/attestation.md#signatures
public final class P256 {
  /// Size of a signature as r ‖ s, big-endian.
  public static final int SIZE = 64;

  private static final String ALGORITHM = "SHA256withECDSA";
  private static final Bytes N =
      bytes("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");

  private final Provider provider;

  private P256(Provider provider) {
    this.provider = provider;
  }

  /// Verifies with `provider`, or with the platform's choice when there is none.
  public static P256 of(Optional<Provider> provider) {
    return new P256(provider.orElseGet(P256::ofPlatform));
  }

  private static Provider ofPlatform() {
    try {
      return Signature.getInstance(ALGORITHM).getProvider();
    } catch (NoSuchAlgorithmException e) {
      throw new InvariantError("every Java platform verifies P-256 signatures", e);
    }
  }

  /// The name of the provider that verifies.
  public String providerName() {
    return provider.getName();
  }

  /// True when `signature` (r ‖ s) is one of `key` over `message`.
  public boolean verify(P256Point key, Bytes message, Bytes signature) {
    if (!inRange(signature)) {
      return false;
    }
    try {
      Signature verifier = Signature.getInstance(ALGORITHM, provider);
      verifier.initVerify(key);
      message.updateInto(verifier);
      return verifier.verify(der(signature));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new InvariantError("the provider verifies P-256 signatures", e);
    } catch (SignatureException e) {
      return false;
    }
  }

  /// Parses the DER form of a signature, as in certificates, into r ‖ s.
  static Bytes parseSignature(String format, Bytes der) throws MalformedException {
    Der outer = Der.of(format, der);
    Der in = outer.sequence("signature");
    outer.requireEnd("signature");
    ByteWriter out = new ByteWriter();
    for (String field : new String[] {"signature.r", "signature.s"}) {
      Bytes value = in.unsigned(field);
      if (value.size() > SIZE / 2) {
        throw in.malformed(field, "at most 32 bytes", value.size() + " bytes");
      }
      out.bytes(Bytes.zero(SIZE / 2 - value.size())).bytes(value);
    }
    in.requireEnd("signature");
    return out.toBytes();
  }

  private static boolean inRange(Bytes signature) {
    if (signature.size() != SIZE) {
      return false;
    }
    Bytes r = signature.slice(0, SIZE / 2);
    Bytes s = signature.slice(SIZE / 2, SIZE / 2);
    return !r.isZero() && !s.isZero() && r.compareTo(N) < 0 && s.compareTo(N) < 0;
  }

  private static byte[] der(Bytes signature) {
    ByteWriter body = new ByteWriter();
    integer(body, signature.slice(0, SIZE / 2));
    integer(body, signature.slice(SIZE / 2, SIZE / 2));
    return new ByteWriter().u8(Der.SEQUENCE).u8(body.size()).bytes(body.toArray()).toArray();
  }

  private static void integer(ByteWriter out, Bytes value) {
    int zeros = 0;
    while (value.at(zeros) == 0) {
      zeros++;
    }
    int sign = value.at(zeros) >>> 7;
    int size = value.size() - zeros;
    out.u8(Der.INTEGER).u8(size + sign);
    if (sign == 1) {
      out.u8(0);
    }
    out.bytes(value.slice(zeros, size));
  }

  private static Bytes bytes(String digits) {
    return Bytes.copyOf(HexFormat.of().parseHex(digits));
  }
}
