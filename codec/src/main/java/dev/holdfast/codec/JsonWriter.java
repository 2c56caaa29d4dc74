package dev.holdfast.codec;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Writes compact JSON, members in the order given: `JsonWriter.object().put("k", 2).toBytes()`.
public final class JsonWriter {
  private final List<String> members = new ArrayList<>();

  private JsonWriter() {}

  public static JsonWriter object() {
    return new JsonWriter();
  }

  public JsonWriter put(String name, String value) {
    return raw(name, quote(value));
  }

  public JsonWriter put(String name, long value) {
    return raw(name, Long.toString(value));
  }

  public JsonWriter put(String name, boolean value) {
    return raw(name, Boolean.toString(value));
  }

  /// Binary as base64url without padding.
  public JsonWriter put(String name, Bytes value) {
    return raw(name, '"' + value.toBase64Url() + '"');
  }

  public JsonWriter put(String name, JsonWriter value) {
    return raw(name, value.toString());
  }

  public JsonWriter putNull(String name) {
    return raw(name, "null");
  }

  public JsonWriter putObjects(String name, List<JsonWriter> values) {
    return raw(name, array(values.stream().map(JsonWriter::toString).toList()));
  }

  public JsonWriter putStrings(String name, List<String> values) {
    return raw(name, array(values.stream().map(JsonWriter::quote).toList()));
  }

  public JsonWriter putAllBytes(String name, List<Bytes> values) {
    return putStrings(name, values.stream().map(Bytes::toBase64Url).toList());
  }

  /// Adds a value that is JSON already.
  public JsonWriter raw(String name, String json) {
    members.add(quote(name) + ":" + json);
    return this;
  }

  public Bytes toBytes() {
    return Bytes.copyOf(toString().getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return "{" + String.join(",", members) + "}";
  }

  public static String quote(String text) {
    StringBuilder out = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < 0x20 || c == 0x7f) {
            out.append("\\u%04x".formatted((int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    return out.append('"').toString();
  }

  private static String array(List<String> items) {
    return "[" + String.join(",", items) + "]";
  }
}
