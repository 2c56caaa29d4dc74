package dev.holdfast.sim.check;

import dev.holdfast.codec.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Any k shares of a sharing give the root key, and no k - 1 do. Works over GF(2⁸) by itself, with
/// the peasant's multiplication, so that it shares no table with what it checks.
public final class SharingCheck {
  private static final String NAME = "sharing";
  private static final int POLYNOMIAL = 0x11b;

  private SharingCheck() {}

  /// @param shares by index
  public static void check(Bytes rootKey, Map<Integer, Bytes> shares, int k) {
    for (List<Integer> some : subsets(List.copyOf(shares.keySet()), k)) {
      Violation.unless(
          combine(some, shares).equals(rootKey), NAME, "shares " + some + " give another key");
    }
    if (k > 1) {
      for (List<Integer> few : subsets(List.copyOf(shares.keySet()), k - 1)) {
        Violation.unless(
            !combine(few, shares).equals(rootKey), NAME, "shares " + few + " give the key already");
      }
    }
  }

  private static Bytes combine(List<Integer> indices, Map<Integer, Bytes> shares) {
    byte[] key = new byte[32];
    for (int index : indices) {
      Bytes share = shares.getOrDefault(index, Bytes.zero(key.length));
      int weight = weight(index, indices);
      for (int i = 0; i < key.length; i++) {
        key[i] = (byte) (key[i] ^ times(weight, share.at(i)));
      }
    }
    return Bytes.copyOf(key);
  }

  /// The Lagrange coefficient of `index` at zero: the product of j / (j - index).
  private static int weight(int index, List<Integer> indices) {
    int weight = 1;
    for (int other : indices) {
      if (other != index) {
        weight = times(weight, times(other, inverse(other ^ index)));
      }
    }
    return weight;
  }

  private static int inverse(int value) {
    int candidate = 1;
    while (times(candidate, value) != 1) {
      candidate++;
    }
    return candidate;
  }

  private static int times(int a, int b) {
    int product = 0;
    int factor = a;
    for (int rest = b; rest != 0; rest >>= 1) {
      product ^= (rest & 1) == 0 ? 0 : factor;
      factor <<= 1;
      factor ^= (factor & 0x100) == 0 ? 0 : POLYNOMIAL;
    }
    return product;
  }

  private static List<List<Integer>> subsets(List<Integer> all, int size) {
    if (size == 0) {
      return List.of(List.of());
    }
    List<List<Integer>> subsets = new ArrayList<>();
    for (int i = 0; i + size <= all.size(); i++) {
      for (List<Integer> rest : subsets(all.subList(i + 1, all.size()), size - 1)) {
        List<Integer> subset = new ArrayList<>(List.of(all.get(i)));
        subset.addAll(rest);
        subsets.add(subset);
      }
    }
    return subsets;
  }
}
