package dev.holdfast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.cli.console.Exit;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Json;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.daemon.pccs.Faults;
import dev.holdfast.daemon.pccs.PccsServer;
import dev.holdfast.simulator.DevelopmentVendor;
import dev.holdfast.simulator.pccs.DevelopmentPccs;
import dev.holdfast.simulator.pccs.PccsRecipe;
import dev.holdfast.simulator.pccs.Recovery;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The forecast, from the development vendor's service on a real socket.
final class ForecastCommandTest {
  private final TestTerminal terminal = new TestTerminal();
  private final List<Throwable> bugs = new ArrayList<>();

  @TempDir Path folder;
  private Path vendor = Path.of("");
  private Path quote = Path.of("");
  private Optional<PccsServer> server = Optional.empty();

  @BeforeEach
  void makeVendorAndQuote() throws IOException {
    vendor = folder.resolve("vendor");
    quote = folder.resolve("quote.bin");
    assertEquals(Exit.OK, terminal.run("simulator", "init", vendor.toString()), terminal.err());
    assertEquals(Exit.OK, terminal.run("simulator", "quote", vendor.toString()), terminal.err());
    Files.write(quote, terminal.outBytes());
  }

  @AfterEach
  void stop() {
    server.ifPresent(PccsServer::close);
    assertEquals(List.of(), bugs);
  }

  private String serve(Optional<Recovery> recovery, Faults faults) throws Exception {
    Bytes file = Bytes.copyOf(Files.readAllBytes(vendor.resolve("vendor.json")));
    PccsRecipe recipe = PccsRecipe.defaults();
    PccsServer started =
        PccsServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            new DevelopmentPccs(
                DevelopmentVendor.parse(file), recovery.map(recipe::withRecovery).orElse(recipe)),
            faults,
            () -> TestTerminal.NOW,
            bugs::add);
    server = Optional.of(started);
    return "http://127.0.0.1:" + started.port();
  }

  private int forecast(String url, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "forecast",
                quote.toString(),
                "--pccs",
                url,
                "--trust-anchor",
                vendor.resolve("root.pem").toString()));
    arguments.addAll(List.of(more));
    return terminal.run(arguments.toArray(String[]::new));
  }

  private JsonObject json() throws MalformedException {
    return Json.parse(terminal.out().strip().getBytes(StandardCharsets.UTF_8)).asObject();
  }

  @Test
  void forecast_nothingAhead_isSteady() throws Exception {
    assertEquals(Exit.OK, forecast(serve(Optional.empty(), Faults.none()), "--json"));
    assertEquals("steady", json().string("outlook"));
    assertEquals(List.of(), json().array("changes", 9).items());
    assertEquals(18, json().object("now").integer("evaluationNumber", 0, 99));
  }

  @Test
  void forecast_recoveryInTheEarlyChannel_saysWhatItChanges() throws Exception {
    String url = serve(Optional.of(Recovery.early(TestTerminal.NOW)), Faults.none());
    assertEquals(Exit.REFUSED, forecast(url, "--json"), terminal.err());
    JsonObject json = json();
    assertEquals("will-be-rejected", json.string("outlook"));
    assertEquals("accepted", json.object("now").string("verdict"));
    assertEquals("tcb-out-of-date", json.object("ahead").string("reason"));
    JsonObject recovery = json.array("recoveries", 9).items().getFirst().asObject();
    assertEquals(19, recovery.integer("evaluationNumber", 0, 99));
    assertEquals(Exit.REFUSED, forecast(url), terminal.err());
    assertTrue(terminal.out().startsWith("WILL BE REJECTED\n"), terminal.out());
    assertTrue(terminal.out().contains("TCB status: UpToDate -> OutOfDate"), terminal.out());
    assertTrue(terminal.out().contains("recovery  19 disclosed"), terminal.out());
    assertTrue(terminal.out().contains("update the platform's firmware"), terminal.out());
  }

  @Test
  void forecast_policyThatAcceptsWhatComes_isSteady() throws Exception {
    Path policy =
        Files.writeString(
            folder.resolve("policy.toml"),
            "accepted-statuses = [\"OutOfDate\"]\naccepted-advisories = \"any\"\n");
    String url = serve(Optional.of(Recovery.early(TestTerminal.NOW)), Faults.none());
    assertEquals(Exit.OK, forecast(url, "--policy", policy.toString(), "--json"));
    assertEquals("steady", json().string("outlook"));
  }

  @Test
  void forecast_serviceThatFails_isOperationalAndSaysWhat() throws Exception {
    Faults down =
        new Faults(
            OptionalInt.of(503),
            Long.MAX_VALUE,
            Optional.of(Duration.ofSeconds(30)),
            Duration.ZERO);
    assertEquals(Exit.OPERATIONAL, forecast(serve(Optional.empty(), down)));
    assertTrue(terminal.err().contains("503"), terminal.err());
    assertEquals("", terminal.out());
  }

  @Test
  void forecast_underAnotherRoot_isOperational() throws Exception {
    String url = serve(Optional.empty(), Faults.none());
    assertEquals(Exit.OPERATIONAL, terminal.run("forecast", quote.toString(), "--pccs", url));
    assertTrue(terminal.err().contains("untrusted-root"), terminal.err());
  }

  @Test
  void forecast_ofNoQuote_isRefused() throws Exception {
    String url = serve(Optional.empty(), Faults.none());
    Files.writeString(quote, "no quote");
    assertEquals(Exit.REFUSED, forecast(url));
  }
}
