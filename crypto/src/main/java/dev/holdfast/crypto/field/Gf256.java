package dev.holdfast.crypto.field;

/// Arithmetic in GF(2⁸) modulo x⁸ + x⁴ + x³ + x + 1, without branches or table look-ups on
/// operands.
public final class Gf256 {
  private static final int MODULUS = 0x11b;

  private Gf256() {}

  public static int multiply(int a, int b) {
    int product = 0;
    int shifted = a;
    for (int bit = 0; bit < 8; bit++) {
      product ^= -(b >>> bit & 1) & shifted;
      shifted <<= 1;
      shifted ^= -(shifted >>> 8) & MODULUS;
    }
    return product;
  }

  /// The inverse a²⁵⁴; of zero it is zero.
  public static int invert(int a) {
    int result = 1;
    int power = a;
    for (int bit = 1; bit < 8; bit++) {
      power = multiply(power, power);
      result = multiply(result, power);
    }
    return result;
  }

  /// At the public `x`, for each byte of `constant`, the polynomial with that constant term and the
  /// coefficients of x, x², … one after another in `higher`.
  public static byte[] evaluate(byte[] constant, byte[] higher, int x) {
    byte[] value = new byte[constant.length];
    for (int end = higher.length; end > 0; end -= constant.length) {
      for (int i = 0; i < value.length; i++) {
        int coefficient = higher[end - constant.length + i] & 0xff;
        value[i] = (byte) multiply((value[i] & 0xff) ^ coefficient, x);
      }
    }
    for (int i = 0; i < value.length; i++) {
      value[i] ^= constant[i];
    }
    return value;
  }

  /// Lagrange's weight of the point at `x` for the value at zero; `xs` are distinct, contain `x`,
  /// and are public.
  public static int weightAtZero(int x, int[] xs) {
    int weight = 1;
    for (int other : xs) {
      if (other != x) {
        weight = multiply(weight, multiply(other, invert(other ^ x)));
      }
    }
    return weight;
  }

  /// Adds `weight` times `value` to `sum`, byte by byte.
  public static void addMultiple(byte[] sum, int weight, byte[] value) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] ^= (byte) multiply(value[i] & 0xff, weight);
    }
  }
}
