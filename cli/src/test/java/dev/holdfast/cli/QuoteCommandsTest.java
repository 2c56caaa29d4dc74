package dev.holdfast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.cli.console.Exit;
import dev.holdfast.codec.Json;
import dev.holdfast.codec.JsonValue.JsonNull;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.MalformedException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class QuoteCommandsTest {
  private static final Path VECTORS =
      Path.of(System.getProperty("holdfast.root", ".."), "../shared/vectors/dcap");

  private final TestTerminal terminal = new TestTerminal();

  @TempDir Path folder;
  private Path vendor = Path.of("");
  private Path quote = Path.of("");

  @BeforeEach
  void makeVendorAndQuote() throws Exception {
    vendor = folder.resolve("vendor");
    quote = folder.resolve("quote.bin");
    assertEquals(Exit.OK, terminal.run("simulator", "init", vendor.toString()), terminal.err());
    assertEquals(
        Exit.OK,
        terminal.run(
            "simulator",
            "quote",
            vendor.toString(),
            "--image",
            "one",
            "--report-data",
            "ab".repeat(64)),
        terminal.err());
    Files.write(quote, terminal.outBytes());
  }

  private int verify(String... more) {
    String[] arguments = new String[more.length + 8];
    System.arraycopy(
        new String[] {
          "quote",
          "verify",
          quote.toString(),
          "--collateral",
          vendor.resolve("collateral.json").toString(),
          "--trust-anchor",
          vendor.resolve("root.pem").toString(),
          "--json"
        },
        0,
        arguments,
        0,
        8);
    System.arraycopy(more, 0, arguments, 8, more.length);
    return terminal.run(arguments);
  }

  private JsonObject json() throws MalformedException {
    return Json.parse(terminal.out().strip().getBytes(StandardCharsets.UTF_8)).asObject();
  }

  @Test
  void verify_simulatedQuoteUnderItsRoot_isAcceptedWithAllMembers() throws Exception {
    assertEquals(Exit.OK, verify(), terminal.err());
    JsonObject json = json();
    assertEquals("accepted", json.string("verdict"));
    assertInstanceOf(JsonNull.class, json.member("reason"));
    assertInstanceOf(JsonNull.class, json.member("detail"));
    assertEquals("valid", json.string("signatures"));
    assertEquals("Conscrypt", json.string("signatureProvider"));
    JsonObject tcb = json.object("tcb");
    for (String name : new String[] {"status", "platform", "qe", "module"}) {
      assertEquals("UpToDate", tcb.string(name));
    }
    assertTrue(tcb.has("date"));
    assertEquals(0, tcb.array("advisoryIds", 10).items().size());
    JsonObject facts = json.object("quote");
    assertEquals(4, facts.integer("version", 0, 9));
    assertEquals("tdx", facts.string("tee"));
    assertEquals(96, facts.string("mrtd").length());
    assertEquals(96, facts.string("rtmr0").length());
    assertEquals(96, facts.string("rtmr3").length());
    assertEquals("ab".repeat(64), facts.string("reportData"));
    assertEquals(12, facts.string("fmspc").length());
  }

  @Test
  void verify_withOtherAnchor_saysSoLoudly() {
    verify();
    assertTrue(terminal.err().contains("WARNING"), terminal.err());
    assertTrue(terminal.err().contains("instead of Intel's root"), terminal.err());
  }

  @Test
  void verify_underIntelsRoot_isRejected() throws Exception {
    assertEquals(
        Exit.REFUSED,
        terminal.run(
            "quote",
            "verify",
            quote.toString(),
            "--collateral",
            vendor.resolve("collateral.json").toString(),
            "--json"));
    JsonObject json = json();
    assertEquals("rejected", json.string("verdict"));
    assertEquals("untrusted-root", json.string("reason"));
    assertEquals("invalid", json.string("signatures"));
    assertInstanceOf(JsonNull.class, json.member("tcb"));
  }

  @Test
  void verify_afterExpiry_isRejected() throws Exception {
    assertEquals(Exit.REFUSED, verify("--at", "2026-12-01T00:00:00Z"));
    assertEquals("collateral-expired", json().string("reason"));
  }

  @Test
  void verify_withoutCollateral_isRejected() throws Exception {
    assertEquals(Exit.REFUSED, terminal.run("quote", "verify", quote.toString(), "--json"));
    assertEquals("rejected", json().string("verdict"));
  }

  @Test
  void verify_noQuote_isRejectedWithoutFacts() throws Exception {
    Files.write(quote, new byte[100]);
    assertEquals(Exit.REFUSED, verify());
    assertEquals("rejected", json().string("verdict"));
    assertInstanceOf(JsonNull.class, json().member("quote"));
  }

  @Test
  void verify_fromInput_readsIt() throws Exception {
    terminal.withInput(Files.readAllBytes(quote));
    quote = Path.of("-");
    assertEquals(Exit.OK, verify(), terminal.err());
  }

  @Test
  void verify_asText_startsWithTheVerdict() {
    assertEquals(
        Exit.OK,
        terminal.run(
            "quote",
            "verify",
            quote.toString(),
            "--collateral",
            vendor.resolve("collateral.json").toString(),
            "--trust-anchor",
            vendor.resolve("root.pem").toString()));
    assertTrue(terminal.out().startsWith("ACCEPTED\n  TCB UpToDate"), terminal.out());
  }

  @Test
  void verify_collateralMalformed_isOperational() throws Exception {
    Files.writeString(vendor.resolve("collateral.json"), "{");
    assertEquals(Exit.OPERATIONAL, verify());
  }

  @Test
  void inspect_quote_showsFieldsAndWarns() throws Exception {
    assertEquals(Exit.OK, terminal.run("quote", "inspect", quote.toString(), "--json"));
    assertEquals("tdx", json().string("tee"));
    assertTrue(terminal.err().contains("nothing here is verified"), terminal.err());
  }

  @Test
  void inspect_noQuote_isRefused() throws Exception {
    Files.write(quote, new byte[100]);
    assertEquals(Exit.REFUSED, terminal.run("quote", "inspect", quote.toString()));
    assertEquals("", terminal.out());
  }

  @Test
  void init_twice_isRefused() {
    assertEquals(Exit.REFUSED, terminal.run("simulator", "init", vendor.toString()));
  }

  @Test
  void collateral_fresh_isAcceptedLater() throws Exception {
    assertEquals(
        Exit.OK,
        terminal.run("simulator", "collateral", vendor.toString(), "--at", "2026-12-01T00:00:00Z"));
    Files.write(
        vendor.resolve("collateral.json"), terminal.out().strip().getBytes(StandardCharsets.UTF_8));
    assertEquals(Exit.OK, verify("--at", "2026-12-01T00:00:00Z"), terminal.out());
  }

  @Test
  void quoteAndCollateral_ofEveryFormat_areAccepted() throws Exception {
    for (String format :
        List.of("tdx-v4", "tdx-v5", "tdx-v5-15", "tdx-v5-15ex", "sgx-v3", "sgx-v4", "sgx-v5")) {
      assertEquals(
          Exit.OK, terminal.run("simulator", "quote", vendor.toString(), "--format", format));
      Files.write(quote, terminal.outBytes());
      String tee = format.substring(0, 3);
      assertEquals(
          Exit.OK, terminal.run("simulator", "collateral", vendor.toString(), "--tee", tee));
      Files.writeString(vendor.resolve("collateral.json"), terminal.out().strip());
      assertEquals(Exit.OK, verify(), format + terminal.out());
      assertEquals(tee, json().object("quote").string("tee"));
    }
  }

  @Test
  void quote_withWrongOptions_exitsOne() {
    for (String options :
        List.of(
            "--format tdx-v3",
            "--format TDX_V4",
            "--certification-data 0",
            "--certification-data 6",
            "--report-data 00")) {
      String line = "simulator quote " + vendor + " " + options;
      assertEquals(Exit.USAGE, terminal.run(line.split(" ", -1)), options);
      assertEquals("", terminal.out());
    }
  }

  @Test
  void verify_realHardwareQuote_isAccepted() throws Exception {
    assumeTrue(
        Files.isDirectory(VECTORS), "SKIPPED: no recorded quotes of real hardware at " + VECTORS);
    assertEquals(
        Exit.OK,
        terminal.run(
            "quote",
            "verify",
            VECTORS.resolve("quotes/tdx-v4-phala.bin").toString(),
            "--collateral",
            VECTORS.resolve("collateral/phala-tdx-2025-06.json").toString(),
            "--at",
            "2025-07-04T10:16:00Z",
            "--json"),
        terminal.out());
    assertEquals("", terminal.err());
  }

  private Path policy(String content) throws Exception {
    return Files.writeString(folder.resolve("policy"), content);
  }

  @Test
  void verify_policyInTomlAndJson_isApplied() throws Exception {
    String toml = "min-evaluation-number = %d # needs\n[registers]\nmrtd = [\"%s\"]\n";
    String mrTd = mrTd();
    assertEquals(Exit.OK, verify("--policy", policy(toml.formatted(18, mrTd)).toString()));
    assertEquals(Exit.REFUSED, verify("--policy", policy(toml.formatted(19, mrTd)).toString()));
    assertEquals("tcb-evaluation-number-too-low", json().string("reason"));
    assertTrue(json().string("detail").startsWith("TCB evaluation number is 18, needs 19; fetch"));

    String json = " {\"registers\":{\"mrtd\":[\"" + "00".repeat(48) + "\"]}}";
    assertEquals(Exit.REFUSED, verify("--policy", policy(json).toString()));
    assertEquals("measurement-mismatch", json().string("reason"));
  }

  private String mrTd() throws Exception {
    assertEquals(Exit.OK, verify(), terminal.err());
    return json().object("quote").string("mrtd");
  }

  @Test
  void verify_policyThatIsNone_isAnErrorNamingThePlace() throws Exception {
    assertEquals(Exit.OPERATIONAL, verify("--policy", policy("relaxations = [1]").toString()));
    assertTrue(terminal.err().contains("$.relaxations[0]"), terminal.err());
    assertEquals(Exit.OPERATIONAL, verify("--policy", policy("min-evaluation = 1").toString()));
    assertTrue(terminal.err().contains("min-evaluation-number"), terminal.err());
    assertEquals(Exit.OPERATIONAL, verify("--policy", policy("a = 1\nb = =").toString()));
    assertTrue(terminal.err().contains("line 2"), terminal.err());
    assertEquals(Exit.OPERATIONAL, verify("--policy", folder.resolve("none").toString()));
    assertTrue(terminal.err().contains("no such file"), terminal.err());
  }
}
