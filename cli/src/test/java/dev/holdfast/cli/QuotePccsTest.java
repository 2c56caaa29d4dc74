package dev.holdfast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.cli.console.Exit;
import dev.holdfast.codec.Json;
import dev.holdfast.codec.MalformedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `quote verify --pccs` against a service on a real socket.
final class QuotePccsTest {
  private final TestTerminal terminal = new TestTerminal();

  @TempDir Path folder;
  private Path vendor = Path.of("");
  private Path quote = Path.of("");
  private TinyPccs pccs;

  @BeforeEach
  void makeVendorQuoteAndService() throws Exception {
    vendor = folder.resolve("vendor");
    quote = folder.resolve("quote.bin");
    assertEquals(Exit.OK, terminal.run("simulator", "init", vendor.toString()), terminal.err());
    assertEquals(Exit.OK, terminal.run("simulator", "quote", vendor.toString()), terminal.err());
    Files.write(quote, terminal.outBytes());
    pccs = TinyPccs.start(TinyPccs.replies(Files.readString(vendor.resolve("collateral.json"))));
  }

  @AfterEach
  void stopService() throws IOException {
    if (pccs != null) {
      pccs.close();
    }
  }

  private int verify(String... more) {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("quote", "verify", quote.toString(), "--json", "--trust-anchor"));
    arguments.add(vendor.resolve("root.pem").toString());
    arguments.addAll(List.of(more));
    return terminal.run(arguments.toArray(String[]::new));
  }

  private String reason() throws MalformedException {
    return Json.parse(terminal.out().strip().getBytes(StandardCharsets.UTF_8))
        .asObject()
        .string("reason");
  }

  @Test
  void verify_collateralFromAService_isAccepted() {
    assertEquals(Exit.OK, verify("--pccs", pccs.url()), terminal.err());
    assertEquals(Exit.OK, verify("--pccs", pccs.url(), "--update", "early"), terminal.err());
    assertTrue(pccs.asked().getLast().endsWith("/rootcacrl"), pccs.asked()::toString);
    assertTrue(pccs.asked().stream().anyMatch(path -> path.contains("update=early")));
  }

  @Test
  void verify_serviceGone_acceptsFromTheCacheAndWarnsOnceItIsStale() throws Exception {
    String cache = folder.resolve("cache").toString();
    assertEquals(Exit.OK, verify("--pccs", pccs.url(), "--cache", cache), terminal.err());
    pccs.close();

    assertEquals(Exit.OK, verify("--pccs", pccs.url(), "--cache", cache), terminal.err());
    assertFalse(terminal.err().contains("unreachable"), terminal.err());
  }

  @Test
  void verify_serviceGone_isAnOperationalErrorWithANextStep() throws Exception {
    pccs.close();

    assertEquals(Exit.OPERATIONAL, verify("--pccs", pccs.url()));
    assertTrue(terminal.err().contains("unreachable: /tdx/certification/v4/tcb"), terminal.err());
    assertTrue(terminal.err().contains("next step: "), terminal.err());
    assertEquals("", terminal.out());
  }

  @Test
  void verify_noQuote_asksNobodyAndIsRejected() throws Exception {
    Files.write(quote, new byte[100]);

    assertEquals(Exit.REFUSED, verify("--pccs", pccs.url()));
    assertEquals("unsupported-version", reason());
    assertEquals(List.of(), pccs.asked());
  }

  @ParameterizedTest
  @CsvSource({
    "--pccs ftp://a, --pccs: ",
    "--pccs https://a --update late, --update: ",
    "--pccs https://a --update 65536, --update: ",
    "--pccs https://a --collateral c.json, only one of them",
    "--update early, only with --pccs",
    "--cache c, only with --pccs",
  })
  void verify_optionsThatDoNotFit_areUsageErrors(String options, String message) {
    assertEquals(Exit.USAGE, verify(options.split(" ")));
    assertTrue(terminal.err().contains(message), terminal.err());
  }
}
