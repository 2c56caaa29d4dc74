package dev.holdfast.protocol;

import dev.holdfast.codec.InvariantError;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.MalformedException;

/// How many shares there are (`n`) and how many open the store (`k`): 1 ≤ k ≤ n ≤ [#MAX_N] and 2k >
/// n, so that two sets that could open the store always share a provider.
public record Threshold(int k, int n) {
  public static final int MAX_N = 16;
  public static final Threshold DEFAULT = new Threshold(2, 3);

  public Threshold {
    InvariantError.check(isValid(k, n), "thresholds are checked before");
  }

  public static boolean isValid(int k, int n) {
    return k >= 1 && n >= k && n <= MAX_N && 2 * k > n;
  }

  /// The members `k` and `n` of `object`.
  public static Threshold read(JsonObject object) throws MalformedException {
    int k = (int) object.integer("k", 1, MAX_N);
    int n = (int) object.integer("n", 1, MAX_N);
    if (!isValid(k, n)) {
      throw object.member("k").mismatch("k <= n and 2k > n", "another ratio");
    }
    return new Threshold(k, n);
  }

  @Override
  public String toString() {
    return k + "-of-" + n;
  }
}
