package dev.holdfast.protocol.posture;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.codec.JsonValue;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// `threshold` of some keys must agree. Each of `keys` has 32 bytes: a public key or a key's
/// fingerprint; sorted, without doubles. No keys and a threshold of 0: nobody has that say.
///
/// Spec: docs/spec/protocol.md#posture
public record KeyQuorum(int threshold, List<Bytes> keys) {
  public static final int KEY_SIZE = 32;
  public static final int MAX_KEYS = 16;
  public static final KeyQuorum NONE = new KeyQuorum(0, List.of());

  private static final Set<String> MEMBERS = Set.of("threshold", "keys");

  public KeyQuorum {
    keys = List.copyOf(new TreeSet<>(keys));
    InvariantError.check(isValid(threshold, keys.size()), "a quorum is checked before");
    InvariantError.check(
        keys.stream().allMatch(key -> key.size() == KEY_SIZE), "a key has 32 bytes");
  }

  /// True for none of none, and for one to all of at most [#MAX_KEYS].
  public static boolean isValid(int threshold, int keys) {
    return keys == 0 ? threshold == 0 : threshold >= 1 && threshold <= keys && keys <= MAX_KEYS;
  }

  public boolean isNone() {
    return keys.isEmpty();
  }

  public JsonWriter toJson() {
    return JsonWriter.object().put("threshold", threshold).putAllBytes("keys", keys);
  }

  public static KeyQuorum read(JsonObject object) throws MalformedException {
    object.requireOnly(MEMBERS);
    List<Bytes> keys = new ArrayList<>();
    JsonValue list = object.member("keys");
    for (JsonValue item : list.asArray(MAX_KEYS).items()) {
      Bytes key = Bytes.parseBase64Url(item.asString());
      if (key.size() != KEY_SIZE) {
        throw item.mismatch(KEY_SIZE + " bytes", key.size() + " bytes");
      }
      keys.add(key);
    }
    int threshold = (int) object.integer("threshold", 0, MAX_KEYS);
    if (!List.copyOf(new TreeSet<>(keys)).equals(keys)) {
      throw list.mismatch("sorted keys without doubles", "another order");
    }
    if (!isValid(threshold, keys.size())) {
      throw object.member("threshold").mismatch("one to all of the keys", "another number");
    }
    return new KeyQuorum(threshold, keys);
  }
}
