package dev.holdfast.protocol;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Json;
import dev.holdfast.codec.JsonValue;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// The common form of every JSON document of the protocol: `type` and `version` first, then exactly
/// the members of that type.
///
/// Spec: docs/spec/protocol.md#documents
public final class Document {
  public static final long VERSION = 1;

  /// Counters (generations, instances) go up to what every JSON reader keeps exactly.
  public static final long MAX_COUNTER = (1L << 53) - 1;

  /// The path of the member that says the version, as errors name it.
  public static final String VERSION_PATH = "$.version";

  private Document() {}

  /// A document of `type`, to which the caller adds the members.
  public static JsonWriter of(String type) {
    return JsonWriter.object().put("type", type).put("version", VERSION);
  }

  /// Parses a document of `type` of at most `maxSize` bytes with no members but `members`; which of
  /// them are needed shows when the caller reads them.
  ///
  /// @throws MalformedException when it is larger, no strict JSON object, of another type or
  ///   version (then its field is [#VERSION_PATH]), or has an unknown member
  public static JsonObject parse(String type, int maxSize, Bytes bytes, Set<String> members)
      throws MalformedException {
    if (bytes.size() > maxSize) {
      throw new MalformedException(
          type, 0, "size", "at most " + maxSize + " bytes", bytes.size() + " bytes");
    }
    JsonObject object = Json.parse(bytes).asObject();
    String found = object.string("type");
    if (!found.equals(type)) {
      throw object.member("type").mismatch("\"" + type + "\"", "another type");
    }
    JsonValue version = object.member("version");
    if (version.asInteger(0, MAX_COUNTER) != VERSION) {
      throw version.mismatch("version " + VERSION, "another version");
    }
    Set<String> all = new TreeSet<>(members);
    all.add("type");
    all.add("version");
    object.requireOnly(all);
    return object;
  }

  /// The members of a part that several documents have, and `more`.
  public static Set<String> members(Set<String> part, String... more) {
    Set<String> all = new TreeSet<>(part);
    all.addAll(List.of(more));
    return Set.copyOf(all);
  }

  /// The counter `name`: 1 to [#MAX_COUNTER].
  public static long counter(JsonObject object, String name) throws MalformedException {
    return object.integer(name, 1, MAX_COUNTER);
  }
}
