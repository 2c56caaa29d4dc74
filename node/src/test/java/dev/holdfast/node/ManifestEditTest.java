package dev.holdfast.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.codec.Bytes;
import dev.holdfast.node.model.Event;
import dev.holdfast.node.model.NodeState;
import dev.holdfast.node.model.ProviderStatus;
import dev.holdfast.node.model.Setback;
import dev.holdfast.protocol.DiskToken;
import dev.holdfast.protocol.ProblemCode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// An operator edits `manifest.json` by hand. Every field is tried: each edit is found, named, and
/// undone by restoring the file.
final class ManifestEditTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  private final Fleet fleet = Fleet.ready(7, 4);
  private final TestNode a = fleet.get("a");
  private final String original = stopped(a);

  private static String stopped(TestNode node) {
    node.kill();
    return text(node.disk.manifest.orElseThrow());
  }

  @ParameterizedTest
  @CsvSource({
    "depositor, manifest-malformed",
    "storeId, origin-refused",
    "commitments, manifest-malformed",
    "mrTd, manifest-changed",
    "posture, origin-refused",
    "tokenKey, manifest-malformed",
    "diskToken, manifest-malformed",
    "rootKeyCommitment, origin-refused",
    "quote, origin-refused",
    "collateral, manifest-malformed",
    "originCollateral, manifest-malformed",
    "account, manifest-malformed",
    "mac, manifest-changed",
  })
  void binaryField_edited_isFound(String field, String code) {
    assertFound(text -> editBinary(text, field), code);
  }

  @ParameterizedTest
  @CsvSource({
    "generation, 2, manifest-malformed",
    "k, 3, manifest-changed",
    "k, 1, manifest-malformed",
    "n, 2, manifest-malformed",
    "at, 1, origin-refused",
    "minEvaluationNumber, 1, manifest-changed",
    "index, 3, manifest-malformed",
    "committed, false, manifest-changed",
    "version, 2, manifest-malformed",
  })
  void number_edited_isFound(String field, String value, String code) {
    assertFound(
        text -> replaceFirst(text, "\"" + field + "\":[a-z0-9]+", "\"" + field + "\":" + value),
        code);
  }

  @ParameterizedTest
  @CsvSource({
    "endpoint, 10.9.9.9:1, manifest-changed",
    "name, mallory, manifest-changed",
    "receipt, AAAA, manifest-malformed",
    "type, receipt, manifest-malformed",
  })
  void text_edited_isFound(String field, String value, String code) {
    assertFound(
        text ->
            replaceFirst(
                text, "\"" + field + "\":\"[^\"]*\"", "\"" + field + "\":\"" + value + "\""),
        code);
  }

  @Test
  void unknownField_added_isFound() {
    assertFound(
        text -> text.replace("\"committed\":", "\"more\":1,\"committed\":"), "manifest-malformed");
  }

  @Test
  void truncatedFile_isFound() {
    assertFound(text -> text.substring(0, text.length() / 2), "manifest-malformed");
    assertFound(_ -> "", "manifest-malformed");
  }

  @Test
  void receiptsSignature_edited_isFound() {
    assertFound(
        text -> {
          String receipt = value(text, "receipt");
          String inner = text(decode(receipt));
          String edited = editBinary(inner, "signature");
          return text.replace(receipt, encode(edited));
        },
        "manifest-changed");
  }

  @Test
  void originOfAnotherFleet_putInWhole_isFound() {
    Fleet other = Fleet.ready(8, 4);
    String foreign = text(other.get("a").disk.manifest.orElseThrow());
    assertFound(
        text ->
            text.replace(value(text, "quote"), value(foreign, "quote"))
                .replace(value(text, "rootKeyCommitment"), value(foreign, "rootKeyCommitment")),
        "origin-refused");
  }

  @Test
  void diskToken_exchangedWithItsKey_isRefusedByProvidersWithoutDetail() {
    DiskToken token = DiskToken.generate(Fleet.seeded(5));
    start(
        original
            .replace(value(original, "diskToken"), token.value().toBase64Url())
            .replace(value(original, "tokenKey"), token.key().toBase64Url()));
    fleet.runFor(LONG);
    assertUntouched();
    for (ProviderStatus provider : a.snapshot().providers()) {
      Setback setback = provider.setback().orElseThrow();
      assertEquals(ProblemCode.TOKEN_INVALID.code(), setback.code());
      assertEquals("", setback.detail());
    }
    assertRestorable();
  }

  private void assertFound(UnaryOperator<String> edit, String code) {
    String edited = edit.apply(original);
    assertNotEquals(original, edited);
    start(edited);
    fleet.runUntil(() -> a.snapshot().setback().filter(why -> why.code().equals(code)).isPresent());
    fleet.runFor(LONG);
    assertUntouched();
    assertEquals(code, a.snapshot().setback().orElseThrow().code());
    assertRestorable();
  }

  private void start(String manifest) {
    a.disk.manifest = Optional.of(bytes(manifest));
    a.events.clear();
    a.start();
  }

  private void assertUntouched() {
    assertEquals(NodeState.RECOVERING, a.snapshot().state());
    assertFalse(a.snapshot().storeOpen());
    assertTrue(a.disk.store.isPresent());
    assertFalse(a.reported(Event.StoreOpened.class::isInstance));
    assertFalse(a.reported(Event.FreshStart.class::isInstance));
  }

  private void assertRestorable() {
    a.kill();
    start(original);
    fleet.runUntil(() -> a.snapshot().storeOpen());
    a.kill();
  }

  private static String editBinary(String text, String field) {
    Matcher matcher = Pattern.compile("\"" + field + "\":\\[?\"([A-Za-z0-9_-]{2})").matcher(text);
    assertTrue(matcher.find(), field);
    String first = matcher.group(1);
    int at = matcher.start(1);
    return text.substring(0, at) + (first.charAt(0) == 'B' ? "C" : "B") + text.substring(at + 1);
  }

  private static String replaceFirst(String text, String pattern, String by) {
    return Pattern.compile(pattern).matcher(text).replaceFirst(by);
  }

  private static String value(String text, String field) {
    Matcher matcher = Pattern.compile("\"" + field + "\":\"([^\"]*)\"").matcher(text);
    assertTrue(matcher.find(), field);
    return matcher.group(1);
  }

  private static Bytes decode(String base64) {
    return Bytes.copyOf(Base64.getUrlDecoder().decode(base64));
  }

  private static String encode(String text) {
    return bytes(text).toBase64Url();
  }

  private static Bytes bytes(String text) {
    return Bytes.copyOf(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(Bytes bytes) {
    return new String(bytes.toArray(), StandardCharsets.UTF_8);
  }
}
