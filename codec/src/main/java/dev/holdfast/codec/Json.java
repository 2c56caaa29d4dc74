package dev.holdfast.codec;

import dev.holdfast.codec.JsonValue.JsonArray;
import dev.holdfast.codec.JsonValue.JsonBoolean;
import dev.holdfast.codec.JsonValue.JsonFraction;
import dev.holdfast.codec.JsonValue.JsonInteger;
import dev.holdfast.codec.JsonValue.JsonNull;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.JsonValue.JsonString;
import dev.holdfast.codec.JsonValue.Member;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/// Parses JSON strictly into [JsonValue]s that remember their place in the original bytes.
///
/// Refused beyond the grammar: duplicate names (also escaped ones), a second document or anything
/// but white space behind the first, a byte-order mark, any encoding but valid UTF-8, lone
/// surrogates, nesting beyond [#MAX_DEPTH], integers of more than 19 digits.
public final class Json {
  public static final int MAX_DEPTH = 32;
  public static final int MAX_STRING_CHARACTERS = 2 * 1024 * 1024 + 2;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxStringLength(MAX_STRING_CHARACTERS)
                  .maxNumberLength(32)
                  .build())
          .build();

  private final byte[] document;
  private final JsonParser parser;

  private Json(byte[] document, JsonParser parser) {
    this.document = document;
    this.parser = parser;
  }

  /// Parses the whole of `document`; the caller bounds its size.
  ///
  /// @throws MalformedException when it is not exactly one JSON value in the strict form above
  public static JsonValue parse(byte[] document) throws MalformedException {
    requireUtf8(document);
    try (JsonParser parser =
        FACTORY.createParser(ObjectReadContext.empty(), document, 0, document.length)) {
      Json json = new Json(document, parser);
      parser.nextToken();
      JsonValue value = json.value(JsonPath.ROOT);
      if (parser.nextToken() != null) {
        throw json.malformed(JsonPath.ROOT, "the end", "a second value");
      }
      return value;
    } catch (JacksonException e) {
      int offset = (int) Math.max(0, e.getLocation() == null ? 0 : e.getLocation().getByteOffset());
      throw new MalformedException(
          "json", offset, "$", "strict JSON", e.getClass().getSimpleName());
    }
  }

  public static JsonValue parse(Bytes document) throws MalformedException {
    return parse(document.shared());
  }

  private static void requireUtf8(byte[] document) throws MalformedException {
    if (document.length > 0 && (document[0] & 0xff) > 0x7f) {
      throw new MalformedException("json", 0, "$", "a JSON value", "a byte-order mark or other");
    }
    if (document.length > 1 && (document[0] == 0 || document[1] == 0)) {
      throw new MalformedException("json", 0, "$", "UTF-8", "another encoding");
    }
    if (isAscii(document)) {
      return;
    }
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(document));
    } catch (CharacterCodingException e) {
      throw new MalformedException("json", 0, "$", "UTF-8", "other bytes");
    }
  }

  private static boolean isAscii(byte[] document) {
    int any = 0;
    for (byte b : document) {
      any |= b;
    }
    return any >= 0;
  }

  private JsonValue value(JsonPath path) throws MalformedException {
    JsonToken token = parser.currentToken();
    if (token == null) {
      throw malformed(path, "a value", "the end");
    }
    int start = (int) parser.currentTokenLocation().getByteOffset();
    return switch (token) {
      case START_OBJECT -> object(path, start);
      case START_ARRAY -> array(path, start);
      case VALUE_STRING -> {
        String text = text(path, parser.getString());
        yield new JsonString(path, start, end(), text);
      }
      case VALUE_NUMBER_INT -> integer(path, start);
      case VALUE_NUMBER_FLOAT -> new JsonFraction(path, start, end());
      case VALUE_TRUE -> new JsonBoolean(path, start, end(), true);
      case VALUE_FALSE -> new JsonBoolean(path, start, end(), false);
      case VALUE_NULL -> new JsonNull(path, start, end());
      case END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
          throw malformed(path, "a value", "something else");
    };
  }

  private JsonObject object(JsonPath path, int start) throws MalformedException {
    List<Member> members = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = text(path, parser.currentName());
      parser.nextToken();
      members.add(new Member(name, value(path.member(name))));
    }
    return new JsonObject(path, start, end(), members);
  }

  private JsonArray array(JsonPath path, int start) throws MalformedException {
    List<JsonValue> items = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      items.add(value(path.item(items.size())));
    }
    return new JsonArray(path, start, end(), items);
  }

  private JsonValue integer(JsonPath path, int start) {
    String digits = parser.getString();
    try {
      return new JsonInteger(path, start, end(), Long.parseLong(digits));
    } catch (NumberFormatException e) {
      return new JsonFraction(path, start, end());
    }
  }

  private String text(JsonPath path, String text) throws MalformedException {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        boolean pair =
            i + 1 < text.length() && Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1));
        if (!pair) {
          throw malformed(path, "whole characters", "a lone surrogate");
        }
        i++;
      }
    }
    return text;
  }

  private int end() {
    return (int) parser.currentLocation().getByteOffset();
  }

  private MalformedException malformed(JsonPath path, String expected, String found) {
    int offset = Math.min(document.length, Math.max(0, end()));
    return new MalformedException("json", offset, path.toString(), expected, found);
  }
}
