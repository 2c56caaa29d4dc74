package dev.holdfast.attestation.x509;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import dev.holdfast.simulator.Tampering;
import dev.holdfast.simulator.pki.P256Key;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class P256Test {
  private static final String P =
      "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff";
  private static final String N =
      "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
  private static final String GX =
      "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296";
  private static final String GY =
      "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";
  private static final P256Key KEY = P256Key.derive(Bytes.zero(32));
  private static final P256Point POINT = P256Point.of(KEY.point()).orElseThrow();
  private static final Bytes MESSAGE = Bytes.zero(632);
  private static final P256 P256_OF_JDK = P256.of(Optional.empty());

  @Test
  void point_basePoint_isOne() {
    assertTrue(onCurve(bytes(GX + GY)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"00", "01", "ff"})
  void point_repeatedByte_isNone(String octet) {
    assertFalse(onCurve(bytes(octet.repeat(64))));
  }

  @Test
  void point_offByOneOrUnreducedOrOfOtherSize_isNone() {
    assertFalse(onCurve(Tampering.xor(63, 1).apply(bytes(GX + GY))));
    assertFalse(onCurve(bytes(P + GY)));
    assertFalse(onCurve(bytes(GX + P)));
    assertFalse(onCurve(bytes(GX)));
    assertFalse(onCurve(Bytes.EMPTY));
  }

  @Test
  void verify_ownSignature_true() {
    for (int i = 0; i < 50; i++) {
      Bytes message = new ByteWriter().u32le(i).toBytes();
      assertTrue(P256_OF_JDK.verify(POINT, message, KEY.sign(message)));
    }
  }

  @Test
  void verify_integersOutOfRange_false() {
    Bytes signature = KEY.sign(MESSAGE);
    String r = signature.slice(0, 32).toHex();
    String s = signature.slice(32, 32).toHex();
    String zero = "00".repeat(32);
    for (String wrong : new String[] {zero + zero, zero + s, r + zero, N + s, r + N, P + s, ""}) {
      assertFalse(P256_OF_JDK.verify(POINT, MESSAGE, bytes(wrong)), wrong);
    }
    assertFalse(P256_OF_JDK.verify(POINT, MESSAGE, bytes(r + s + "00")));
    assertFalse(P256_OF_JDK.verify(POINT, MESSAGE, signature.slice(0, 63)));
  }

  private static boolean onCurve(Bytes encoded) {
    return P256Point.of(encoded).isPresent();
  }

  private static Bytes bytes(String hex) {
    return Bytes.copyOf(HexFormat.of().parseHex(hex));
  }
}
