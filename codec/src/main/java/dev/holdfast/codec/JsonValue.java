package dev.holdfast.codec;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// One value of a strictly parsed JSON document, with typed access that names the path on failure.
///
/// `path` is where it stands in the document (`$.tcbInfo.tcbLevels[2]`), `start` and `end` its
/// range in the original bytes: what was signed is hashed from there and never serialised again.
public sealed interface JsonValue {
  JsonPath path();

  int start();

  int end();

  /// The words for what this is, for errors.
  String kind();

  /// An object; members in document order, names unique.
  record JsonObject(JsonPath path, int start, int end, List<Member> members) implements JsonValue {
    public JsonObject {
      members = List.copyOf(members);
    }

    @Override
    public String kind() {
      return "an object";
    }

    public Optional<JsonValue> find(String name) {
      for (Member member : members) {
        if (member.name().equals(name)) {
          return Optional.of(member.value());
        }
      }
      return Optional.empty();
    }

    public boolean has(String name) {
      return find(name).isPresent();
    }

    /// @throws MalformedException when there is no such member
    public JsonValue member(String name) throws MalformedException {
      return find(name).orElseThrow(() -> mismatch("a member \"" + name + "\"", "none"));
    }

    /// @throws MalformedException when a member is not among `names`
    public void requireOnly(Set<String> names) throws MalformedException {
      for (Member member : members) {
        if (!names.contains(member.name())) {
          throw member.value().mismatch("only the members of the format", "an unknown member");
        }
      }
    }

    public String string(String name) throws MalformedException {
      return member(name).asString();
    }

    public long integer(String name, long min, long max) throws MalformedException {
      return member(name).asInteger(min, max);
    }

    public boolean bool(String name) throws MalformedException {
      return member(name).asBoolean();
    }

    public JsonObject object(String name) throws MalformedException {
      return member(name).asObject();
    }

    public JsonArray array(String name, int maxItems) throws MalformedException {
      return member(name).asArray(maxItems);
    }

    /// Hexadecimal of exactly `size` bytes.
    public Bytes hex(String name, int size) throws MalformedException {
      return member(name).asHex(size);
    }

    public Instant instant(String name) throws MalformedException {
      return member(name).asInstant();
    }

    /// Canonical base64url of exactly `size` bytes.
    public Bytes base64Url(String name, int size) throws MalformedException {
      JsonValue value = member(name);
      return value.sized(Bytes.parseBase64Url(value.asString()), size);
    }

    /// Canonical base64url of at most `maxSize` bytes.
    public Bytes base64UrlUpTo(String name, int maxSize) throws MalformedException {
      JsonValue value = member(name);
      Bytes bytes = Bytes.parseBase64Url(value.asString());
      if (bytes.size() > maxSize) {
        throw value.mismatch("at most " + maxSize + " bytes", bytes.size() + " bytes");
      }
      return bytes;
    }
  }

  /// One member of an object.
  record Member(String name, JsonValue value) {}

  record JsonArray(JsonPath path, int start, int end, List<JsonValue> items) implements JsonValue {
    public JsonArray {
      items = List.copyOf(items);
    }

    @Override
    public String kind() {
      return "an array";
    }
  }

  record JsonString(JsonPath path, int start, int end, String value) implements JsonValue {
    @Override
    public String kind() {
      return "a string";
    }
  }

  /// A number that is written as an integer and fits 64 bits.
  record JsonInteger(JsonPath path, int start, int end, long value) implements JsonValue {
    @Override
    public String kind() {
      return "an integer";
    }
  }

  /// Any other number; its value is not kept, since nothing here uses fractions.
  record JsonFraction(JsonPath path, int start, int end) implements JsonValue {
    @Override
    public String kind() {
      return "a number that is no 64-bit integer";
    }
  }

  record JsonBoolean(JsonPath path, int start, int end, boolean value) implements JsonValue {
    @Override
    public String kind() {
      return "a boolean";
    }
  }

  record JsonNull(JsonPath path, int start, int end) implements JsonValue {
    @Override
    public String kind() {
      return "null";
    }
  }

  default JsonObject asObject() throws MalformedException {
    if (this instanceof JsonObject object) {
      return object;
    }
    throw mismatch("an object", kind());
  }

  /// @throws MalformedException when this is no array or has more than `maxItems` items
  default JsonArray asArray(int maxItems) throws MalformedException {
    if (!(this instanceof JsonArray array)) {
      throw mismatch("an array", kind());
    }
    if (array.items().size() > maxItems) {
      throw mismatch("at most " + maxItems + " items", array.items().size() + " items");
    }
    return array;
  }

  default String asString() throws MalformedException {
    if (this instanceof JsonString string) {
      return string.value();
    }
    throw mismatch("a string", kind());
  }

  default boolean asBoolean() throws MalformedException {
    if (this instanceof JsonBoolean bool) {
      return bool.value();
    }
    throw mismatch("a boolean", kind());
  }

  /// @throws MalformedException when this is no integer of `min..max`
  default long asInteger(long min, long max) throws MalformedException {
    if (!(this instanceof JsonInteger integer)) {
      throw mismatch("an integer", kind());
    }
    if (integer.value() < min || integer.value() > max) {
      throw mismatch(min + ".." + max, "an integer outside");
    }
    return integer.value();
  }

  /// Hexadecimal of exactly `size` bytes.
  default Bytes asHex(int size) throws MalformedException {
    try {
      return sized(Bytes.parseHex(asString()), size);
    } catch (MalformedException e) {
      throw mismatch(size + " bytes in hexadecimal", "another text");
    }
  }

  /// A date written exactly `YYYY-MM-DDTHH:MM:SSZ`.
  default Instant asInstant() throws MalformedException {
    return Timestamps.parse(asString())
        .orElseThrow(() -> mismatch("YYYY-MM-DDTHH:MM:SSZ", "another text"));
  }

  /// An error about this value.
  default MalformedException mismatch(String expected, String found) {
    return new MalformedException("json", start(), path().toString(), expected, found);
  }

  private Bytes sized(Bytes bytes, int size) throws MalformedException {
    if (bytes.size() != size) {
      throw mismatch(size + " bytes", bytes.size() + " bytes");
    }
    return bytes;
  }
}
