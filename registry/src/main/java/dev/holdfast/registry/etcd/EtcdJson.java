package dev.holdfast.registry.etcd;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.JsonValue;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// The JSON form of protocol buffers: 64-bit numbers are strings, bytes are base64, and a member
/// that has its default value is left out.
final class EtcdJson {
  private EtcdJson() {}

  static String text(Bytes bytes) {
    return Base64.getEncoder().encodeToString(bytes.toArray());
  }

  static long number(JsonObject object, String name) throws MalformedException {
    Optional<JsonValue> value = object.find(name);
    if (value.isEmpty()) {
      return 0;
    }
    try {
      return Long.parseLong(value.get().asString());
    } catch (NumberFormatException e) {
      throw value.get().mismatch("a 64-bit number", "another string");
    }
  }

  static boolean flag(JsonObject object, String name) throws MalformedException {
    return object.has(name) && object.bool(name);
  }

  static Bytes bytes(JsonObject object, String name) throws MalformedException {
    Optional<JsonValue> value = object.find(name);
    if (value.isEmpty()) {
      return Bytes.EMPTY;
    }
    try {
      return Bytes.copyOf(Base64.getDecoder().decode(value.get().asString()));
    } catch (IllegalArgumentException e) {
      throw value.get().mismatch("base64", "another string");
    }
  }

  /// The objects of an array, none when it is left out.
  static List<JsonValue> items(JsonObject object, String name, int max) throws MalformedException {
    return object.has(name) ? object.array(name, max).items() : List.of();
  }

  /// The revision of the store when it answered.
  static long revision(JsonObject reply) throws MalformedException {
    return reply.has("header") ? number(reply.object("header"), "revision") : 0;
  }

  /// A request for the keys from `key` up to but without `end`.
  static JsonWriter range(Bytes key, Bytes end) {
    return key(key).put("range_end", text(end));
  }

  static JsonWriter key(Bytes key) {
    return JsonWriter.object().put("key", text(key));
  }
}
