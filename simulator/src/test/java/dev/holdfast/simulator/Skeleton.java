package dev.holdfast.simulator;

import dev.holdfast.codec.ByteReader;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.JsonValue;
import dev.holdfast.codec.JsonValue.JsonArray;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// What two documents of one form have in common: every tag and identifier of DER with the names
/// and the sizes of octet strings, every path of JSON; not the values that differ by nature.
final class Skeleton {
  private static final String KEY_USAGE = "551d0f";
  private static final String BASIC_CONSTRAINTS = "551d13";
  private static final String CRL_DISTRIBUTION_POINTS = "551d1f";

  private final List<String> lines = new ArrayList<>();
  private String lastOid = "";

  private Skeleton() {}

  static List<String> ofDer(Bytes der) throws MalformedException {
    Skeleton skeleton = new Skeleton();
    ByteReader reader = ByteReader.of("der", der);
    skeleton.value(reader, 0);
    reader.requireEnd("der");
    return skeleton.lines;
  }

  static List<String> ofJson(JsonValue value) {
    List<String> paths = new ArrayList<>();
    paths(value, paths);
    return paths;
  }

  private void value(ByteReader reader, int depth) throws MalformedException {
    int tag = reader.u8("tag");
    Bytes content = reader.bytes(length(reader), "content");
    String line = " ".repeat(depth) + "%02x".formatted(tag);
    if ((tag & 0x20) != 0) {
      lines.add(line);
      values(content, depth + 1);
    } else if (tag == 0x06) {
      lastOid = content.toHex();
      lines.add(line + " " + lastOid);
    } else if (tag == 0x0c || tag == 0x13) {
      lines.add(line + " " + new String(content.toArray(), StandardCharsets.UTF_8));
    } else if (tag == 0x04) {
      octets(line, content, depth);
    } else {
      lines.add(line);
    }
  }

  /// The octet strings of extensions hold DER; those inside the SGX extension hold plain bytes.
  private void octets(String line, Bytes content, int depth) throws MalformedException {
    boolean plain = lastOid.startsWith("2a864886f84d010d01") && lastOid.length() > 18;
    if (plain) {
      lines.add(line + " " + content.size() + " bytes");
    } else if (lastOid.equals(KEY_USAGE) || lastOid.equals(BASIC_CONSTRAINTS)) {
      lines.add(line + " " + content.toHex());
    } else if (lastOid.equals(CRL_DISTRIBUTION_POINTS) || content.at(0) != 0x30) {
      lines.add(line + " of %02x".formatted(content.at(0)));
    } else {
      lines.add(line);
      values(content, depth + 1);
    }
  }

  private void values(Bytes content, int depth) throws MalformedException {
    ByteReader reader = ByteReader.of("der", content);
    while (reader.remaining() > 0) {
      value(reader, depth);
    }
  }

  private static int length(ByteReader reader) throws MalformedException {
    int first = reader.u8("length");
    if (first < 0x80) {
      return first;
    }
    int length = 0;
    for (int i = 0; i < (first & 0x7f); i++) {
      length = length << 8 | reader.u8("length");
    }
    return length;
  }

  private static void paths(JsonValue value, List<String> paths) {
    paths.add(value.path() + " " + value.kind());
    switch (value) {
      case JsonObject object -> object.members().forEach(m -> paths(m.value(), paths));
      case JsonArray array -> array.items().forEach(item -> paths(item, paths));
      case JsonValue.JsonString s -> {}
      case JsonValue.JsonInteger i -> {}
      case JsonValue.JsonFraction f -> {}
      case JsonValue.JsonBoolean b -> {}
      case JsonValue.JsonNull n -> {}
    }
  }
}
