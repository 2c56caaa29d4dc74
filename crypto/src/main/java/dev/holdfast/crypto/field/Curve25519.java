package dev.holdfast.crypto.field;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.codec.MalformedException;
import java.util.List;

/// The encodings of points that no key may have, of both forms of the curve. Everything here is
/// public, nothing is constant time.
public final class Curve25519 {
  public static final int SIZE = 32;

  /// The y coordinates of the eight points of small order: 0, 1, p−1 and those of order eight.
  private static final List<Bytes> ED25519_SMALL_ORDER =
      List.of(
          hex("0000000000000000000000000000000000000000000000000000000000000000"),
          hex("0100000000000000000000000000000000000000000000000000000000000000"),
          hex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
          hex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
          hex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"));

  /// The u coordinates that X25519 turns into zero: 0, 1, p−1, those of order eight, p and p+1.
  private static final List<Bytes> X25519_SMALL_ORDER =
      List.of(
          hex("0000000000000000000000000000000000000000000000000000000000000000"),
          hex("0100000000000000000000000000000000000000000000000000000000000000"),
          hex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
          hex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
          hex("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"),
          hex("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
          hex("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"));

  private Curve25519() {}

  /// True when the 32-byte Ed25519 point has a y coordinate of p or more.
  public static boolean isNonCanonicalPoint(Bytes point) {
    Bytes y = withoutTopBit(point);
    for (int i = 1; i < SIZE - 1; i++) {
      if (y.at(i) != 0xff) {
        return false;
      }
    }
    return y.at(SIZE - 1) == 0x7f && y.at(0) >= 0xed;
  }

  /// True when the 32-byte, canonical Ed25519 point is one of the eight of small order.
  public static boolean isSmallOrderPoint(Bytes point) {
    return ED25519_SMALL_ORDER.contains(withoutTopBit(point));
  }

  /// True when X25519 with any private key turns the 32-byte `u` into zero.
  public static boolean isSmallOrderCoordinate(Bytes u) {
    return X25519_SMALL_ORDER.contains(withoutTopBit(u));
  }

  private static Bytes withoutTopBit(Bytes encoded) {
    byte[] array = encoded.toArray();
    array[SIZE - 1] &= 0x7f;
    return Bytes.copyOf(array);
  }

  private static Bytes hex(String digits) {
    try {
      return Bytes.parseHex(digits);
    } catch (MalformedException e) {
      throw new InvariantError("the constant is hexadecimal", e);
    }
  }
}
