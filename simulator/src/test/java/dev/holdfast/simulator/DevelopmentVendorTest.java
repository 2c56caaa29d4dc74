package dev.holdfast.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.simulator.pki.Authority;
import dev.holdfast.simulator.quote.TdField;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The vendor as a whole: what its file restores and what recipes determine.
final class DevelopmentVendorTest {
  private static DevelopmentVendor parse(UnaryOperator<String> change) throws MalformedException {
    String json = new String(Samples.VENDOR.toJson().toArray(), StandardCharsets.UTF_8);
    String changed = change.apply(json);
    return DevelopmentVendor.parse(Bytes.copyOf(changed.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void vendor_restoredFromItsFile_issuesTheSameBytes() throws Exception {
    DevelopmentVendor restored = parse(json -> json);
    assertEquals(Samples.VENDOR.toJson(), restored.toJson());
    assertEquals(Samples.VENDOR.rootPem(), restored.rootPem());
    assertEquals(Samples.VENDOR.collateral(Samples.TDX), restored.collateral(Samples.TDX));
    TdRecipe td = TdRecipe.ofImage("image-1");
    assertEquals(
        Samples.PLATFORM.quote(td, Bytes.zero(64)),
        restored.platform(PlatformRecipe.of("node-a")).quote(td, Bytes.zero(64)));
  }

  @Test
  void vendor_generatedTwice_hasTwoRoots() {
    DevelopmentVendor other = DevelopmentVendor.generate(Samples.seeded(2), Samples.NOW);
    assertNotEquals(Samples.VENDOR.rootPem(), other.rootPem());
  }

  @Test
  void file_always_saysThatItsKeysAreWorthless() {
    String json = new String(Samples.VENDOR.toJson().toArray(), StandardCharsets.UTF_8);
    assertTrue(json.contains("\"warning\":\"For development only."), json);
  }

  @ParameterizedTest
  @CsvSource({
    "'\"version\":1', '\"version\":2'",
    "holdfast-development-vendor, something-else",
    "'\"created\":\"2026', '\"created\":\"the year 2026'",
    "'\"name\":\"ROOT\"', '\"name\":\"PLATFORM_CA\"'",
    "'\"name\":\"ROOT\"', '\"name\":\"OTHER\"'",
    "'\"seed\"', '\"seeds\"'",
    "'\"warning\"', '\"more\":1,\"warning\"'"
  })
  void file_ofAnotherForm_isRefused(String from, String to) {
    assertThrows(MalformedException.class, () -> parse(json -> json.replace(from, to)));
  }

  @Test
  void file_withKeysExchanged_isRefused() {
    String root = Samples.VENDOR.key(Authority.ROOT).point().toBase64Url();
    String other = Samples.VENDOR.key(Authority.TCB_SIGNING).point().toBase64Url();
    assertThrows(MalformedException.class, () -> parse(json -> json.replace(root, other)));
  }

  @Test
  void file_withCertificatesExchanged_isRefused() {
    Bytes root = Samples.VENDOR.certificate(Authority.ROOT);
    Bytes other = Samples.VENDOR.certificate(Authority.TCB_SIGNING);
    assertThrows(
        MalformedException.class,
        () -> parse(json -> json.replace(root.toBase64Url(), other.toBase64Url())));
  }

  @Test
  void platforms_ofTwoNames_shareNoId() {
    PlatformRecipe a = PlatformRecipe.of("a");
    PlatformRecipe b = PlatformRecipe.of("b");
    assertEquals(a.extension().fmspc(), b.extension().fmspc());
    assertNotEquals(a.extension().ppid(), b.extension().ppid());
    assertNotEquals(
        a.extension().configuration().orElseThrow().platformInstanceId(),
        b.extension().configuration().orElseThrow().platformInstanceId());
    assertEquals(a.extension().ppid(), PlatformRecipe.of("a").extension().ppid());
  }

  @Test
  void images_ofTwoLabels_shareNoMeasurement() {
    var field = TdField.MRTD;
    assertNotEquals(TdRecipe.ofImage("a").field(field), TdRecipe.ofImage("b").field(field));
    assertEquals(TdRecipe.ofImage("a").field(field), TdRecipe.ofImage("a").field(field));
  }
}
