package dev.holdfast.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.daemon.config.NodeConfiguration.Evidence;
import dev.holdfast.daemon.config.NodeConfiguration.LogFormat;
import dev.holdfast.daemon.config.NodeConfiguration.Registry;
import dev.holdfast.node.context.NodeConfig;
import dev.holdfast.protocol.Endpoint;
import dev.holdfast.protocol.Threshold;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ConfigurationReaderTest {
  private static final String MINIMAL =
      """
      data-dir = "data"
      collateral-file = "collateral.json"
      [registry]
      folder = "/srv/members"
      """;

  private static final List<Setting> ETCD =
      List.of(
          Setting.REGISTRY_ENDPOINTS,
          Setting.REGISTRY_PREFIX,
          Setting.REGISTRY_CA_FILE,
          Setting.REGISTRY_USER,
          Setting.REGISTRY_PASSWORD_FILE);

  @TempDir Path folder;

  private NodeConfiguration read(String toml) throws IOException, ConfigurationException {
    return read(toml, Map.of());
  }

  private NodeConfiguration read(String toml, Map<String, String> environment)
      throws IOException, ConfigurationException {
    Path file = folder.resolve("node.toml");
    Files.writeString(file, toml);
    return ConfigurationReader.read(Optional.of(file), environment);
  }

  private String problem(String toml) {
    return String.valueOf(
        assertThrows(ConfigurationException.class, () -> read(toml)).getMessage());
  }

  @Test
  void file_minimal_givesDefaults() throws Exception {
    NodeConfiguration configuration = read(MINIMAL);
    assertEquals(folder.resolve("data"), configuration.dataDir());
    assertEquals(folder.resolve("data/local/node.sock"), configuration.localSocket());
    assertEquals(new Registry.Folder(Path.of("/srv/members")), configuration.registry());
    assertEquals("127.0.0.1:7400", configuration.advertise().toString());
    assertEquals(new Threshold(2, 3), configuration.threshold());
    assertInstanceOf(Evidence.ConfigfsTsm.class, configuration.evidence());
    assertEquals(LogFormat.TEXT, configuration.logFormat());
    assertEquals(Optional.empty(), configuration.dashboard());
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1:7480", "127.9.8.7:1", "[::1]:7480"})
  void dashboard_onALoopbackAddress_isTaken(String address) throws Exception {
    NodeConfiguration configuration = read("dashboard.listen = \"" + address + "\"\n" + MINIMAL);
    assertEquals(address, configuration.dashboard().orElseThrow().toString());
    assertTrue(configuration.describe().contains("dashboard.listen = \"" + address + "\""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0.0.0.0:7480", "[::]:7480", "10.0.0.7:7480", "localhost:7480", "[fe80::1]:1"})
  void dashboard_onAnotherAddress_isRefused(String address) {
    String problem = problem("dashboard.listen = \"" + address + "\"\n" + MINIMAL);
    assertTrue(problem.startsWith("dashboard.listen: the page names peers"), problem);
  }

  @Test
  void environment_withoutFile_givesEverything() throws Exception {
    NodeConfiguration configuration =
        ConfigurationReader.read(
            Optional.empty(),
            Map.of(
                "HOLDFAST_DATA_DIR", "/data",
                "HOLDFAST_COLLATERAL_FILE", "/c.json",
                "HOLDFAST_REGISTRY_FOLDER", "/members",
                "HOLDFAST_K", "3",
                "HOLDFAST_N", "5",
                "HOLDFAST_LOG_FORMAT", "json",
                "PATH", "/usr/bin"));
    assertEquals(new Threshold(3, 5), configuration.threshold());
    assertEquals(LogFormat.JSON, configuration.logFormat());
  }

  @Test
  void environment_andFile_environmentWins() throws Exception {
    NodeConfiguration configuration =
        read("listen = \"127.0.0.1:1\"\n" + MINIMAL, Map.of("HOLDFAST_LISTEN", "[::1]:2"));
    assertEquals("[::1]:2", configuration.listen().toString());
    assertEquals("::1", configuration.listen().host());
  }

  @Test
  void key_unknown_namesTheNearest() {
    assertEquals(
        "unknown key \"dat-dir\"; the nearest known one is \"data-dir\"",
        problem("dat-dir = \"x\"\n" + MINIMAL));
    assertEquals(
        "unknown key \"registry.fodler\"; the nearest known one is \"registry.folder\"",
        problem("[registry]\nfodler = \"x\"\n"));
  }

  @Test
  void variable_unknown_namesTheNearest() {
    ConfigurationException e =
        assertThrows(
            ConfigurationException.class, () -> read(MINIMAL, Map.of("HOLDFAST_LISTENS", "x")));
    assertEquals(
        "unknown variable \"HOLDFAST_LISTENS\"; the nearest known one is \"HOLDFAST_LISTEN\"",
        e.getMessage());
  }

  @Test
  void label_atLimitAndOnePast_isAcceptedAndRefused() throws Exception {
    String longest = "z".repeat(63);
    assertEquals(longest, read("labels.zone = \"" + longest + "\"\n" + MINIMAL).labels().zone());
    assertTrue(problem("labels.zone = \"" + longest + "z\"\n" + MINIMAL).contains("at most 63"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "k = '2'|k: expected an integer",
        "k = 0|k: expected 1..16",
        "tcb-grace-days = 366|tcb-grace-days: expected 0..365",
        "fencing.mode = 'lax'|fencing.mode: expected \"strict\" or \"best-effort\"",
        "fencing.lease-millis = 999|fencing.lease-millis: expected 1000..300000",
        "witness.mode = 'never'|witness.mode: expected \"interval\" or \"every-commit\"",
        "witness.interval-millis = 99|witness.interval-millis: expected 100..60000",
        "witness.faults = 16|witness.faults: expected 0..15",
        "witness.max-unwitnessed-millis = 999|witness.max-unwitnessed-millis: expected"
            + " 1000..3600000",
        "release.threshold = 1|release.threshold: only with release.keys",
        "release.keys = 'AA'|release.keys: expected keys of 32 bytes, found one of 1",
        "custodians.keys = '!'|custodians.keys: ",
        "custodians.folder = 'keys'|custodians.folder: only with custodians.keys",
        "custodians.keys = 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'|custodians.folder: must be"
            + " given",
        "k = 17|k: expected 1..16",
        "n = 17|n: expected 2..16",
        "n = 1|n: expected 2..16",
        "n = 4|n: with k = 2 at most 3",
        "listen = 7400|listen: expected a string",
        "listen = 'nowhere'|listen: expected host:port",
        "listen = 'a:65536'|listen: expected host:port",
        "listen = 'a:007'|listen: expected host:port",
        "listen = 'http://a:1'|listen: expected host:port",
        "advertise = 'a:0'|advertise: \"a:0\" is no address",
        "listen = '0.0.0.0:7400'|advertise: \"0.0.0.0:7400\" is no address",
        "log-format = 'xml'|log-format: expected \"text\" or \"json\"",
        "evidence = 'none'|evidence: expected \"configfs-tsm\" or \"simulated\"",
        "evidence = 'simulated'|insecure-simulated-platform = true",
        "insecure-simulated-platform = true|only with evidence = \"simulated\"",
        "insecure-simulated-platform = 'true'|expected true or false",
        "simulated.image = 'x'|simulated.image: only with",
        "labels.zone = 'a b'|labels.zone: expected at most 63",
        "labels = 'a'|unknown key \"labels\"",
        "k = 2 k = 3|not TOML",
      })
  void value_invalid_isNamed(String line, String expected) {
    String message = problem(line.replace('\'', '"') + "\n" + MINIMAL);
    assertTrue(message.contains(expected), message);
  }

  @Test
  void sharing_atItsBounds_isAccepted() throws Exception {
    assertEquals(new Threshold(1, 1), read("k = 1\nn = 1\n" + MINIMAL).threshold());
    assertEquals(new Threshold(16, 16), read("k = 16\nn = 16\n" + MINIMAL).threshold());
    assertEquals(new Threshold(9, 16), read("k = 9\nn = 16\n" + MINIMAL).threshold());
  }

  @Test
  void key_missing_isNamedWithItsMeaning() {
    String message = problem("collateral-file = \"c\"\n[registry]\nfolder = \"m\"\n");
    assertTrue(message.startsWith("data-dir: must be given: "), message);
  }

  @Test
  void collateral_fromAService_isTaken() throws Exception {
    String toml =
        MINIMAL.replace(
            "collateral-file = \"collateral.json\"",
            "collateral-service = \"https://pccs.example:8081/sgx/certification/v4/\"");
    NodeConfiguration configuration = read(toml);
    assertEquals(
        "https://pccs.example:8081",
        assertInstanceOf(NodeConfiguration.Collateral.Service.class, configuration.collateral())
            .url()
            .toString());
    assertTrue(
        configuration.describe().contains("collateral-service = \"https://pccs.example:8081\""));
  }

  @Test
  void collateral_fromNowhereOrTwice_isRefused() {
    String none = problem(MINIMAL.replace("collateral-file = \"collateral.json\"", ""));
    assertTrue(none.contains("exactly one of them must be given, found none"), none);
    String both = problem("collateral-service = \"https://a\"\n" + MINIMAL);
    assertTrue(both.contains("exactly one of them must be given, found both"), both);
  }

  @Test
  void collateralService_noUrl_isNamed() {
    String message =
        problem(
            MINIMAL.replace(
                "collateral-file = \"collateral.json\"", "collateral-service = \"pccs\""));
    assertTrue(message.startsWith("collateral-service: "), message);
  }

  @Test
  void socketPath_atLimitAndOnePast_isAcceptedAndRefused() throws Exception {
    String longest = "/" + "s".repeat(NodeConfiguration.MAX_SOCKET_PATH_BYTES - 1);
    assertEquals(
        Path.of(longest), read("local-socket = \"" + longest + "\"\n" + MINIMAL).localSocket());
    String message = problem("local-socket = \"" + longest + "s\"\n" + MINIMAL);
    assertTrue(message.contains("101 bytes, at most 100"), message);
  }

  @Test
  void file_onePastItsLimit_isRefused() throws Exception {
    String padded = MINIMAL + "#".repeat(ConfigurationReader.MAX_FILE_BYTES - MINIMAL.length());
    assertEquals(new Threshold(2, 3), read(padded).threshold());
    assertTrue(problem(padded + "#").contains("larger than"));
  }

  @Test
  void simulated_described_showsTheDangerousSwitch() throws Exception {
    NodeConfiguration configuration =
        read(
            """
            evidence = "simulated"
            insecure-simulated-platform = true
            simulated.vendor-file = "vendor.json"
            labels.name = "node-a"
            """
                + MINIMAL);
    assertEquals(
        new Evidence.Simulated(folder.resolve("vendor.json"), "node-a", "holdfast"),
        configuration.evidence());
    assertTrue(configuration.describe().contains("insecure-simulated-platform = true"));
  }

  @Test
  void registry_etcd_isReadAndDescribedWithoutThePassword() throws Exception {
    NodeConfiguration configuration =
        readRegistry(
            """
            kind = "etcd"
            endpoints = "etcd-1.example:2379, 127.0.0.1:2379"
            prefix = "/fleet-7/"
            ca-file = "ca.pem"
            user = "member"
            password-file = "/etc/holdfast/password"
            """);
    assertEquals(
        new Registry.Etcd(
            List.of(Endpoint.parse("etcd-1.example:2379"), Endpoint.parse("127.0.0.1:2379")),
            "/fleet-7/",
            Optional.of(folder.resolve("ca.pem")),
            Optional.of(new Registry.Login("member", Path.of("/etc/holdfast/password")))),
        configuration.registry());
    List<String> keys =
        configuration.describe().stream().map(line -> line.split(" = ", 2)[0]).toList();
    assertTrue(keys.containsAll(ETCD.stream().map(Setting::key).toList()), keys.toString());
  }

  @Test
  void registry_etcdMinimal_hasDefaults() throws Exception {
    assertEquals(
        new Registry.Etcd(
            List.of(Endpoint.parse("a:2379")), "/holdfast/", Optional.empty(), Optional.empty()),
        readRegistry("kind = 'etcd'\nendpoints = 'a:2379'\n").registry());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "kind = 'file'|registry.folder: must be given",
        "kind = 'zookeeper'|registry.kind: expected",
        "kind = 'etcd'|registry.endpoints: must be given",
        "kind = 'etcd';endpoints = 'http://a:1'|registry.endpoints: ",
        "kind = 'etcd';endpoints = 'a:1/x'|registry.endpoints: ",
        "kind = 'etcd';endpoints = 'u@a:1'|registry.endpoints: ",
        "kind = 'etcd';endpoints = 'a:1,'|registry.endpoints: ",
        "kind = 'etcd';endpoints = '169.254.1.1:1'|registry.endpoints: ",
        "kind = 'etcd';endpoints = 'a:1';folder = 'm'|registry.folder: only with",
        "kind = 'etcd';endpoints = 'a:1';prefix = 'x'|registry.prefix: expected",
        "kind = 'etcd';endpoints = 'a:1';prefix = ' /'|registry.prefix: expected",
        "kind = 'etcd';endpoints = 'a:1';user = 'u'|registry.user: only together",
        "kind = 'etcd';endpoints = 'a:1';user = 'u';password-file = 'p'|no password without TLS",
        "folder = 'm';endpoints = 'a:1'|registry.endpoints: only with registry.kind",
      })
  void registry_invalid_isNamed(String lines, String expected) {
    ConfigurationException e =
        assertThrows(
            ConfigurationException.class, () -> readRegistry(lines.replace(';', '\n') + "\n"));
    assertTrue(String.valueOf(e.getMessage()).contains(expected), e.getMessage());
  }

  @Test
  void registry_endpointsAtTheLimitAndOnePast_areTakenAndRefused() throws Exception {
    String most = "a:1,".repeat(15) + "a:1";
    readRegistry("kind = 'etcd'\nendpoints = '" + most + "'\n");

    ConfigurationException e =
        assertThrows(
            ConfigurationException.class,
            () -> readRegistry("kind = 'etcd'\nendpoints = '" + most + ",a:1'\n"));
    assertTrue(String.valueOf(e.getMessage()).contains("at most 16, found 17"), e.getMessage());
  }

  private NodeConfiguration readRegistry(String lines) throws IOException, ConfigurationException {
    return read(MINIMAL.replace("folder = \"/srv/members\"\n", lines.replace('\'', '"')));
  }

  @Test
  void describe_keys_areAllSettings() throws Exception {
    String simulated =
        """
        evidence = "simulated"
        insecure-simulated-platform = true
        simulated.vendor-file = "vendor.json"
        dashboard.listen = "127.0.0.1:7480"
        custodians.keys = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        custodians.folder = "custodians"
        """;
    NodeConfiguration configuration = read(simulated + MINIMAL);
    assertEquals(
        java.util.Arrays.stream(Setting.values())
            .filter(setting -> setting != Setting.COLLATERAL_SERVICE && !ETCD.contains(setting))
            .map(Setting::key)
            .toList(),
        configuration.describe().stream().map(line -> line.split(" = ", 2)[0]).toList());
  }

  @Test
  void upkeep_atAndBeyondItsLimits_isToldApart() throws Exception {
    NodeConfig.Upkeep upkeep =
        read(MINIMAL
                + """
                [upkeep]
                rotate-every-days = 3650
                repair-after-minutes = 1
                rest-minutes = 0
                """)
            .upkeep();
    assertEquals(
        new NodeConfig.Upkeep(Duration.ofDays(3650), Duration.ofMinutes(1), Duration.ZERO), upkeep);
    assertEquals(NodeConfig.Upkeep.DEFAULT, read(MINIMAL).upkeep());
    for (String line :
        List.of("rotate-every-days = 3651", "repair-after-minutes = 0", "rest-minutes = 10081")) {
      String key = line.substring(0, line.indexOf(' '));
      String problem = problem(MINIMAL + "[upkeep]\n" + line);
      assertTrue(problem.startsWith("upkeep." + key), problem);
    }
  }
}
