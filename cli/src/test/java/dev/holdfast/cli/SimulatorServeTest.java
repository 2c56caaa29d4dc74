package dev.holdfast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.cli.console.Exit;
import dev.holdfast.codec.ByteReader;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Json;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The command as people run it: a process, a socket, and a client that knows only HTTP.
@Tag("slow")
final class SimulatorServeTest {
  private static final String NOW = TestTerminal.NOW.toString();
  private static final String SGX = "/sgx/certification/v4/";
  private static final String TDX = "/tdx/certification/v4/";
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final TestTerminal terminal = new TestTerminal();
  private final List<Process> processes = new ArrayList<>();
  private final HttpClient client = HttpClient.newHttpClient();

  @TempDir Path folder;
  private Path vendor = Path.of("");
  private String url = "";

  @BeforeEach
  void makeVendor() {
    vendor = folder.resolve("vendor");
    assertEquals(Exit.OK, terminal.run("simulator", "init", vendor.toString()), terminal.err());
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    for (Process process : processes) {
      process.destroyForcibly().waitFor();
    }
  }

  private Process serve(String... options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + "/bin/java");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("dev.holdfast.cli.Main", "simulator", "serve", vendor.toString()));
    command.addAll(List.of("--listen", "127.0.0.1:0", "--at", NOW));
    command.addAll(List.of(options));
    Process process =
        new ProcessBuilder(command).redirectError(folder.resolve("errors").toFile()).start();
    processes.add(process);
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    url = String.valueOf(out.readLine());
    assertTrue(
        url.matches("http://127\\.0\\.0\\.1:[0-9]+"),
        url + Files.readString(folder.resolve("errors")));
    return process;
  }

  private HttpResponse<byte[]> get(String target) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + target)).timeout(PATIENCE).build();
    return client.send(request, BodyHandlers.ofByteArray());
  }

  private static String text(HttpResponse<byte[]> response) {
    assertEquals(200, response.statusCode());
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  private static String chain(HttpResponse<byte[]> response, String header) {
    return URLDecoder.decode(
        response.headers().firstValue(header).orElseThrow(), StandardCharsets.US_ASCII);
  }

  private static void addDocument(
      JsonWriter members, HttpResponse<byte[]> response, String name, String inner, String header)
      throws MalformedException {
    String body = text(response);
    JsonObject signed = Json.parse(response.body()).asObject().object(inner);
    members
        .put(name + "_issuer_chain", chain(response, header))
        .put(name, body.substring(signed.start(), signed.end()))
        .put(name + "_signature", Json.parse(response.body()).asObject().string("signature"));
  }

  /// The nine members, and a tenth when `pckTarget` is no empty text.
  private Path fetch(String tee, String options, String pckTarget) throws Exception {
    HttpResponse<byte[]> list = get(SGX + "pckcrl?ca=platform&encoding=der");
    JsonWriter members =
        JsonWriter.object()
            .put("pck_crl_issuer_chain", chain(list, "SGX-PCK-CRL-Issuer-Chain"))
            .put("pck_crl", Bytes.copyOf(list.body()).toHex())
            .put("root_ca_crl", text(get(SGX + "rootcacrl")));
    addDocument(
        members,
        get(tee + "tcb?fmspc=de7e57000000&" + options),
        "tcb_info",
        "tcbInfo",
        "TCB-Info-Issuer-Chain");
    addDocument(
        members,
        get(tee + "qe/identity?" + options),
        "qe_identity",
        "enclaveIdentity",
        "SGX-Enclave-Identity-Issuer-Chain");
    if (!pckTarget.isEmpty()) {
      HttpResponse<byte[]> pck = get(pckTarget);
      members.put(
          "pck_certificate_chain", text(pck) + chain(pck, "SGX-PCK-Certificate-Issuer-Chain"));
    }
    return Files.write(folder.resolve("collateral.json"), members.toBytes().toArray());
  }

  private Path quote(String... options) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("simulator", "quote", vendor.toString()));
    arguments.addAll(List.of(options));
    assertEquals(Exit.OK, terminal.run(arguments.toArray(String[]::new)), terminal.err());
    return Files.write(folder.resolve("quote.bin"), terminal.outBytes());
  }

  private int verify(Path quote, Path collateral) {
    return terminal.run(
        "quote",
        "verify",
        quote.toString(),
        "--collateral",
        collateral.toString(),
        "--trust-anchor",
        vendor.resolve("root.pem").toString(),
        "--json");
  }

  @Test
  void serve_asAProcess_givesCollateralThatVerifies() throws Exception {
    Process process = serve("--early-recovery");
    String errors = Files.readString(folder.resolve("errors"));
    assertTrue(
        errors.contains(
            "quote verify quote.bin --pccs %s --trust-anchor %s --at %s"
                .formatted(url, vendor.resolve("root.pem"), NOW)),
        errors);

    Path tdx = quote("--format", "tdx-v5-15");
    assertEquals(Exit.OK, verify(tdx, fetch(TDX, "", "")), terminal.out());
    assertEquals(Exit.REFUSED, verify(tdx, fetch(TDX, "update=early", "")));
    assertTrue(terminal.out().contains("\"reason\":\"tcb-out-of-date\""), terminal.out());
    Path sgx = quote("--format", "sgx-v4");
    assertEquals(Exit.OK, verify(sgx, fetch(SGX, "", "")), terminal.out());

    for (int type = 1; type <= 3; type++) {
      Path bare = quote("--format", "sgx-v3", "--certification-data", Integer.toString(type));
      assertEquals(Exit.OK, verify(bare, fetch(SGX, "", pckTarget(bare, type))), terminal.out());
    }

    process.destroy();
    assertTrue(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    assertEquals(128 + 15, process.exitValue(), "as the JVM ends on SIGTERM, like a node");
    assertEquals(2, Files.readString(folder.resolve("errors")).lines().count());
  }

  private static String pckTarget(Path quote, int type) throws Exception {
    ByteReader reader = ByteReader.of("quote", Files.readAllBytes(quote));
    reader.bytes(1052, "up to the certification data");
    return SGX
        + "pckcert?encrypted_ppid=%s&cpusvn=%s&pcesvn=%s&pceid=%s"
            .formatted(
                reader.bytes(List.of(16, 256, 384).get(type - 1), "ppid").toHex(),
                reader.bytes(16, "cpusvn").toHex(),
                reader.bytes(2, "pcesvn").toHex(),
                reader.bytes(2, "pceid").toHex());
  }

  @Test
  void serve_withFaultsAndHex_doesAsTold() throws Exception {
    serve(
        "--hex-crl",
        "--fail",
        "429",
        "--fail-requests",
        "1",
        "--retry-after",
        "3",
        "--platform",
        "a",
        "--platform",
        "b",
        "--recovery",
        "--recovery-date",
        "2026-03-01T12:00:00Z");
    HttpResponse<byte[]> failed = get(SGX + "pckcrl?ca=processor");
    assertEquals(429, failed.statusCode());
    assertEquals("3", failed.headers().firstValue("Retry-After").orElse(""));
    assertTrue(text(get(SGX + "pckcrl?ca=processor")).matches("[0-9a-f]+"));
    String tcb = text(get(TDX + "tcb?fmspc=DE7E57000000"));
    assertTrue(tcb.contains("\"tcbEvaluationDataNumber\":19"), tcb);
    assertTrue(tcb.contains("\"tcbDate\":\"2026-03-01T00:00:00Z\""), tcb);
    for (String name : List.of("a", "b", "machine")) {
      Path bare = quote("--format", "sgx-v3", "--certification-data", "3", "--platform", name);
      int expected = name.equals("machine") ? 404 : 200;
      assertEquals(expected, get(pckTarget(bare, 3)).statusCode(), name);
    }
  }

  @Test
  void serve_onWhatIsNoLoopback_isRefused() {
    assertEquals(
        Exit.USAGE, terminal.run("simulator", "serve", vendor.toString(), "--listen", "0.0.0.0:0"));
    assertTrue(terminal.err().contains("--insecure-listen-anywhere"), terminal.err());
    assertEquals("", terminal.out());
  }

  @Test
  void serve_onABusyPort_exitsThree() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int exit =
          terminal.run(
              "simulator",
              "serve",
              vendor.toString(),
              "--listen",
              "127.0.0.1:" + socket.getLocalPort());
      assertEquals(Exit.OPERATIONAL, exit, terminal.err());
      assertEquals("", terminal.out());
    }
  }

  @Test
  void serve_withWrongOptions_exitsOne() {
    for (String options :
        List.of(
            "--listen localhost",
            "--listen 127.0.0.1:65536",
            "--fail 200",
            "--fail 600",
            "--retry-after 1",
            "--fail-requests 1",
            "--delay-millis -1",
            "--delay-millis 600001",
            "--at noon",
            "--recovery-date 2026-01-01T00:00:00Z",
            "--recovery --recovery-date today")) {
      String[] arguments = ("simulator serve " + vendor + " " + options).split(" ", -1);
      assertEquals(Exit.USAGE, terminal.run(arguments), options);
      assertEquals("", terminal.out());
    }
  }
}
