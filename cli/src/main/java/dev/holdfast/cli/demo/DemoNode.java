package dev.holdfast.cli.demo;

import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.daemon.local.LocalClient;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// One node: its folder, its configuration, and the process that runs it, if one does.
public final class DemoNode {
  private static final Duration CALL_DEADLINE = Duration.ofSeconds(5);

  private final String name;
  private final int port;
  private final Path folder;
  private Optional<Process> process = Optional.empty();

  /// @param folder of its own
  DemoNode(String name, int port, Path folder) {
    this.name = name;
    this.port = port;
    this.folder = folder;
  }

  public String name() {
    return name;
  }

  String address() {
    return "127.0.0.1:" + port;
  }

  int port() {
    return port;
  }

  Path config() {
    return folder.resolve("node.toml");
  }

  public Path log() {
    return folder.resolve("node.log");
  }

  Path dataDir() {
    return folder.resolve("data");
  }

  /// Writes its configuration.
  ///
  /// @param shared the folder with `vendor/` and `members/`
  void configure(Path shared, String platform, String image) throws IOException {
    Files.createDirectories(folder);
    String toml =
        """
        data-dir = "data"
        listen = "127.0.0.1:%d"
        local-socket = "s/node.sock"
        collateral-file = "%s"
        evidence = "simulated"
        insecure-simulated-platform = true

        [fencing]
        lease-millis = 2000

        [labels]
        name = "%s"
        operator = "operator-%s"
        zone = "zone-%s"

        [registry]
        folder = "%s"

        [simulated]
        vendor-file = "%s"
        platform = "%s"
        image = "%s"
        """
            .formatted(
                port,
                shared.resolve("vendor/collateral.json"),
                name,
                name,
                name,
                shared.resolve("members"),
                shared.resolve("vendor/vendor.json"),
                platform,
                image);
    Files.writeString(config(), toml);
  }

  /// Starts the process.
  ///
  /// @param command `node`, or another that runs one
  public void start(String... command) throws IOException {
    List<String> line = new ArrayList<>(javaCommand());
    line.addAll(List.of(command));
    line.add("--config");
    line.add(config().toString());
    ProcessBuilder builder = new ProcessBuilder(line);
    builder.environment().keySet().removeIf(key -> key.startsWith("HOLDFAST_"));
    File log = log().toFile();
    process =
        Optional.of(
            builder
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                .redirectError(ProcessBuilder.Redirect.appendTo(log))
                .start());
  }

  private static List<String> javaCommand() {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return List.of(
        java,
        "--enable-native-access=ALL-UNNAMED",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-XX:+DisableAttachMechanism",
        "-Xmx256m",
        "-cp",
        System.getProperty("java.class.path"),
        "dev.holdfast.cli.Main");
  }

  long pid() {
    return process.map(Process::pid).orElse(-1L);
  }

  boolean running() {
    return process.map(Process::isAlive).orElse(false);
  }

  /// `kill -9`, and waits for the end.
  public void kill() throws InterruptedException {
    if (process.isPresent()) {
      process.get().destroyForcibly().waitFor();
    }
  }

  /// SIGTERM, then SIGKILL when that does not help.
  public void stop() throws InterruptedException {
    if (process.isPresent()) {
      process.get().destroy();
      if (!process.get().waitFor(10, TimeUnit.SECONDS)) {
        kill();
      }
    }
  }

  /// Signals without waiting: for when the demo itself is being stopped.
  void abandon() {
    process.ifPresent(Process::destroyForcibly);
  }

  /// What the node says, nothing while it cannot be asked.
  public Optional<NodeStatus> status() {
    try (LocalClient.Answer answer = client().call("GET", "/v1/status")) {
      return answer.status() == 200
          ? Optional.of(NodeStatus.parse(answer.bytes()))
          : Optional.empty();
    } catch (IOException | MalformedException e) {
      return Optional.empty();
    }
  }

  LocalClient.Answer put(String secret, SecretBytes value) throws IOException {
    return client().call("PUT", path(secret), value);
  }

  LocalClient.Answer get(String secret) throws IOException {
    return client().call("GET", path(secret));
  }

  private static String path(String secret) {
    byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
    return "/v1/secrets/" + dev.holdfast.codec.Bytes.copyOf(bytes).toBase64Url();
  }

  private LocalClient client() {
    return new LocalClient(folder.resolve("s/node.sock"), CALL_DEADLINE);
  }
}
