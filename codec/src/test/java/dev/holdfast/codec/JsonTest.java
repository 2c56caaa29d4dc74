package dev.holdfast.codec;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.holdfast.codec.JsonValue.JsonFraction;
import dev.holdfast.codec.JsonValue.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonTest {
  @Test
  void parse_nestedDocument_keepsValuesOrderAndRanges() throws MalformedException {
    String text = " {\"a\": {\"b\":[1, -2,\"x\\u00e9\"]}, \"c\":true , \"d\":null}\n";

    JsonObject root = parse(text).asObject();

    assertEquals(List.of("a", "c", "d"), root.members().stream().map(m -> m.name()).toList());
    JsonObject inner = root.object("a");
    assertEquals("{\"b\":[1, -2,\"x\\u00e9\"]}", text.substring(inner.start(), inner.end()));
    var items = inner.array("b", 3).items();
    assertEquals(-2, items.get(1).asInteger(-2, 0));
    assertEquals("xé", items.get(2).asString());
    assertEquals("$.a.b[2]", items.get(2).path().toString());
    assertEquals("\"x\\u00e9\"", text.substring(items.get(2).start(), items.get(2).end()));
    assertEquals(true, root.bool("c"));
  }

  @Test
  void path_ofHarmlessAndOtherNames_repeatsOnlyTheHarmless() throws MalformedException {
    JsonObject root =
        parse("{\"a-b_1\":[{\"x\\n\":{\"%s\":1}}]}".formatted("n".repeat(65))).asObject();
    JsonObject inner = root.array("a-b_1", 1).items().getFirst().asObject().object("x\n");
    assertEquals("$.a-b_1[0].?", inner.path().toString());
    assertEquals("$.a-b_1[0].?.?", inner.members().getFirst().value().path().toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "{}{}",
        "{} x",
        "[1,]",
        "{\"a\":1,\"a\":2}",
        "{\"a\":1,\"\\u0061\":2}",
        "{a:1}",
        "{'a':1}",
        "// c\n{}",
        "01",
        "+1",
        "NaN",
        "\"\\ud800\"",
        "{\"\\udc00\":1}",
        "\"\u0001\"",
        "\uFEFF{}",
      })
  void parse_notStrict_isMalformed(String text) {
    assertThrows(MalformedException.class, () -> parse(text));
  }

  @Test
  void parse_otherEncodings_areMalformed() {
    byte[] overlong = {'"', (byte) 0xc0, (byte) 0xaf, '"'};
    byte[] surrogate = {'"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"'};

    for (byte[] bytes : List.of(overlong, surrogate, "{}".getBytes(StandardCharsets.UTF_16LE))) {
      assertThrows(MalformedException.class, () -> Json.parse(bytes), Arrays.toString(bytes));
    }
  }

  @Test
  void parse_depth_isLimited() {
    String open = "[".repeat(Json.MAX_DEPTH);
    String close = "]".repeat(Json.MAX_DEPTH);

    assertDoesNotThrow(() -> parse(open + close));
    assertThrows(MalformedException.class, () -> parse("[" + open + close + "]"));
  }

  @Test
  void integer_fractionsExponentsAndHugeNumbers_areNone() throws MalformedException {
    for (String number : List.of("1.0", "1e2", "9223372036854775808")) {
      assertEquals(JsonFraction.class, parse(number).getClass(), number);
    }
    assertEquals(Long.MAX_VALUE, parse("9223372036854775807").asInteger(0, Long.MAX_VALUE));
  }

  @Test
  void accessors_wrongKindRangeOrSize_nameThePath() throws MalformedException {
    JsonObject root = parse("{\"n\":256,\"s\":\"00ff\",\"b\":\"AP8\",\"l\":[1,2]}").asObject();

    assertEquals("$.n", fieldOf(() -> root.integer("n", 0, 255)));
    assertEquals("$.n", fieldOf(() -> root.string("n")));
    assertEquals("$.s", fieldOf(() -> root.hex("s", 3)));
    assertEquals("$.b", fieldOf(() -> root.base64Url("b", 3)));
    assertEquals("$.b", fieldOf(() -> root.base64UrlUpTo("b", 1)));
    assertEquals("$.l", fieldOf(() -> root.array("l", 1)));
    assertEquals("$", fieldOf(() -> root.member("none")));
    assertEquals("$.l", fieldOf(() -> root.requireOnly(Set.of("n", "s", "b"))));
    assertEquals(Bytes.parseHex("00ff"), root.base64Url("b", 2));
  }

  @Test
  void writer_everyKind_isParsedBack() throws MalformedException {
    String hostile = "quote \" backslash \\ newline \n control \u0001 ünïcode 😀";
    Bytes written =
        JsonWriter.object()
            .put("text", hostile)
            .put("number", Long.MIN_VALUE)
            .put("bool", false)
            .put("bytes", Bytes.parseHex("fbff"))
            .put("inner", JsonWriter.object().putNull("nothing"))
            .putStrings("strings", List.of(hostile, ""))
            .toBytes();

    JsonObject root = Json.parse(written).asObject();

    assertEquals(hostile, root.string("text"));
    assertEquals(Long.MIN_VALUE, root.integer("number", Long.MIN_VALUE, 0));
    assertEquals(Bytes.parseHex("fbff"), root.base64Url("bytes", 2));
    assertEquals(hostile, root.array("strings", 2).items().getFirst().asString());
  }

  private static JsonValue parse(String text) throws MalformedException {
    return Json.parse(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String fieldOf(org.junit.jupiter.api.function.Executable access) {
    return assertThrows(MalformedException.class, access).field();
  }
}
