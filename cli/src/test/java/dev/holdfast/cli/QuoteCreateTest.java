package dev.holdfast.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.holdfast.attestation.UnverifiedQuote;
import dev.holdfast.attestation.policy.Measurement;
import dev.holdfast.cli.console.Exit;
import dev.holdfast.codec.Bytes;
import dev.holdfast.daemon.runtime.SimulatedEvidence;
import dev.holdfast.platform.ConfigfsTsm;
import dev.holdfast.platform.EvidenceSource;
import dev.holdfast.simulator.DevelopmentVendor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Refusals on the real file system; successes with a simulated machine in place of the kernel,
/// which the tests of the platform module have.
final class QuoteCreateTest {
  private static final EvidenceSource SIMULATED =
      new SimulatedEvidence(
          DevelopmentVendor.generate(new SecureRandom(), TestTerminal.NOW), "machine", "image");

  private final TestTerminal terminal = new TestTerminal();
  private final AtomicReference<Path> asked = new AtomicReference<>(Path.of(""));

  @TempDir Path folder;

  private int create(EvidenceSource machine, String... options) {
    List<String> arguments =
        Stream.concat(Stream.of("quote", "create"), Stream.of(options)).toList();
    return terminal.runOn(
        configfs -> {
          asked.set(configfs);
          return machine;
        },
        arguments.toArray(String[]::new));
  }

  private static String bound(byte[] quote) throws Exception {
    return UnverifiedQuote.parse(Bytes.copyOf(quote)).report().reportData().toHex();
  }

  private static EvidenceSource answering(Bytes quote) {
    return new EvidenceSource() {
      @Override
      public Bytes quote(Bytes reportData) {
        return quote;
      }

      @Override
      public Measurement measurement() throws IOException {
        throw new IOException("not asked for");
      }
    };
  }

  @Test
  void create_withReportData_writesAQuoteOverIt() throws Exception {
    String hex = "0123456789abcdef".repeat(8);
    assertEquals(Exit.OK, create(SIMULATED, "--report-data", hex), terminal.err());
    assertEquals(hex, bound(terminal.outBytes()));
    assertEquals(ConfigfsTsm.KERNEL_FOLDER, asked.get());
    assertEquals("", terminal.err());
  }

  @Test
  void create_withoutReportData_bindsZero() throws Exception {
    assertEquals(Exit.OK, create(SIMULATED, "--configfs", "/elsewhere"), terminal.err());
    assertEquals("00".repeat(64), bound(terminal.outBytes()));
    assertEquals(Path.of("/elsewhere"), asked.get());
  }

  @Test
  void create_withReportDataFileAndOut_usesBoth() throws Exception {
    Path data = Files.writeString(folder.resolve("data"), "x".repeat(64));
    Path out = Files.writeString(folder.resolve("quote.bin"), "old");
    terminal.atTerminal();
    assertEquals(
        Exit.OK,
        create(SIMULATED, "--report-data-file", data.toString(), "--out", out.toString()),
        terminal.err());
    assertEquals("78".repeat(64), bound(Files.readAllBytes(out)));
    assertEquals("", terminal.out());
  }

  @Test
  void create_fromInput_readsIt() throws Exception {
    terminal.withInput(new byte[] {1});
    assertEquals(Exit.USAGE, create(SIMULATED, "--report-data-file", "-"));
    byte[] data = new byte[64];
    data[0] = 9;
    terminal.withInput(data);
    assertEquals(Exit.OK, create(SIMULATED, "--report-data-file", "-"), terminal.err());
    assertTrue(bound(terminal.outBytes()).startsWith("0900"));
  }

  @Test
  void create_atTerminal_isRefusedUnlessForced() {
    terminal.atTerminal();
    assertEquals(Exit.USAGE, create(SIMULATED));
    assertEquals("", terminal.out());
    assertTrue(terminal.err().contains("--force"), terminal.err());
    assertEquals(Exit.OK, create(SIMULATED, "--force"));
    assertTrue(terminal.outBytes().length > 1000);
  }

  @Test
  void create_withReportDataOfAnotherSize_isRefused() throws Exception {
    for (int size : new int[] {0, 63, 65}) {
      assertEquals(Exit.USAGE, create(SIMULATED, "--report-data", "00".repeat(size)));
      Path data = Files.write(folder.resolve("data"), new byte[size]);
      assertEquals(Exit.USAGE, create(SIMULATED, "--report-data-file", data.toString()));
    }
    assertEquals(
        Exit.USAGE, create(SIMULATED, "--report-data", "00".repeat(64), "--report-data-file", "-"));
    assertEquals("", terminal.out());
  }

  @Test
  void create_whenTheHostSwapsTheQuote_isRefused() throws Exception {
    Bytes other = SIMULATED.quote(Bytes.zero(64));
    assertEquals(Exit.OPERATIONAL, create(answering(other), "--report-data", "01".repeat(64)));
    assertTrue(terminal.err().contains("other report data"), terminal.err());
    assertArrayEquals(new byte[0], terminal.outBytes());
  }

  @Test
  void create_whenTheMachineGivesNoQuote_isRefused() {
    assertEquals(Exit.OPERATIONAL, create(answering(Bytes.zero(2000))));
    assertTrue(terminal.err().contains("gave no quote"), terminal.err());
    assertEquals("", terminal.out());
  }

  @Test
  void create_onThisMachine_saysCodeAndNextStep() {
    assumeFalse(
        Files.isDirectory(ConfigfsTsm.KERNEL_FOLDER), "SKIPPED: this machine may give quotes");
    assertEquals(Exit.OPERATIONAL, terminal.run("quote", "create"));
    assertTrue(terminal.err().startsWith("holdfast: not-mounted: "), terminal.err());
    assertTrue(terminal.err().contains("next step: "), terminal.err());
    assertEquals("", terminal.out());
  }

  @Test
  void create_inAnOrdinaryFolder_saysSoAndLeavesNothing() throws Exception {
    assertEquals(
        Exit.OPERATIONAL, terminal.run("quote", "create", "--configfs", folder.toString()));
    assertTrue(terminal.err().startsWith("holdfast: not-configfs: "), terminal.err());
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(List.of(), left.toList());
    }
  }
}
