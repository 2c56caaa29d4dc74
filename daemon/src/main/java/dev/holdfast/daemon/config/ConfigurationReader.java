package dev.holdfast.daemon.config;

import dev.holdfast.codec.MalformedException;
import dev.holdfast.daemon.config.NodeConfiguration.Evidence;
import dev.holdfast.daemon.config.NodeConfiguration.LogFormat;
import dev.holdfast.platform.collateral.ServiceUrl;
import dev.holdfast.protocol.Endpoint;
import dev.holdfast.protocol.MemberLabels;
import dev.holdfast.protocol.Threshold;
import dev.holdfast.protocol.posture.Safeguards;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.toml.TomlMapper;

/// Reads a configuration from a TOML file and the environment. Strict: unknown keys, wrong types
/// and values outside their range are errors that name the key; an unknown key also names its
/// nearest.
///
/// Relative paths count from the folder of the file, or from the working folder without a file.
public final class ConfigurationReader {
  /// Bound on the file.
  public static final int MAX_FILE_BYTES = 64 * 1024;

  private final Path base;
  private final Map<Setting, String> given;

  private ConfigurationReader(Path base, Map<Setting, String> given) {
    this.base = base;
    this.given = given;
  }

  /// @param file empty: the environment must give everything
  /// @throws IOException when the file cannot be read
  /// @throws ConfigurationException when the configuration cannot be used
  public static NodeConfiguration read(Optional<Path> file, Map<String, String> environment)
      throws IOException, ConfigurationException {
    Map<Setting, String> given = new EnumMap<>(Setting.class);
    Path base = Path.of("").toAbsolutePath();
    if (file.isPresent()) {
      Path absolute = file.get().toAbsolutePath();
      base = Optional.ofNullable(absolute.getParent()).orElse(absolute);
      readFile(absolute, given);
    }
    readEnvironment(environment, given);
    return new ConfigurationReader(base, given).configuration();
  }

  private static void readFile(Path file, Map<Setting, String> given)
      throws IOException, ConfigurationException {
    if (Files.size(file) > MAX_FILE_BYTES) {
      throw new ConfigurationException(file + ": larger than " + MAX_FILE_BYTES + " bytes");
    }
    JsonNode document;
    try {
      document = new TomlMapper().readTree(Files.readString(file, StandardCharsets.UTF_8));
    } catch (JacksonException e) {
      int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
      throw new ConfigurationException(
          "%s: line %d: not TOML: %s".formatted(file, line, e.getOriginalMessage()));
    }
    readTable("", document, given);
  }

  private static void readTable(String prefix, JsonNode table, Map<Setting, String> given)
      throws ConfigurationException {
    for (Map.Entry<String, JsonNode> entry : table.properties()) {
      String key = prefix + entry.getKey();
      JsonNode value = entry.getValue();
      if (value.isObject() && isTable(key)) {
        readTable(key + ".", value, given);
      } else {
        Setting setting = Setting.ofKey(key).orElseThrow(() -> unknown("key", key, keys()));
        given.put(setting, text(setting, value));
      }
    }
  }

  private static boolean isTable(String key) {
    return keys().stream().anyMatch(known -> known.startsWith(key + "."));
  }

  private static String text(Setting setting, JsonNode value) throws ConfigurationException {
    boolean fits =
        switch (setting.kind()) {
          case TEXT -> value.isString();
          case INTEGER -> value.isIntegralNumber();
          case BOOLEAN -> value.isBoolean();
        };
    if (!fits) {
      throw new ConfigurationException(
          setting.key() + ": expected " + setting.kind().words() + ", found another type");
    }
    return value.asString();
  }

  private static void readEnvironment(Map<String, String> environment, Map<Setting, String> given)
      throws ConfigurationException {
    List<String> variables = Arrays.stream(Setting.values()).map(Setting::variable).toList();
    for (Map.Entry<String, String> entry : new TreeMap<>(environment).entrySet()) {
      if (entry.getKey().startsWith("HOLDFAST_")) {
        Setting setting =
            Setting.ofVariable(entry.getKey())
                .orElseThrow(() -> unknown("variable", entry.getKey(), variables));
        given.put(setting, entry.getValue());
      }
    }
  }

  private static List<String> keys() {
    return Arrays.stream(Setting.values()).map(Setting::key).toList();
  }

  private static ConfigurationException unknown(String what, String name, List<String> known) {
    return new ConfigurationException(
        "unknown %s \"%s\"; the nearest known one is \"%s\""
            .formatted(what, name, NearestName.of(name, known)));
  }

  private NodeConfiguration configuration() throws ConfigurationException {
    Path dataDir = path(Setting.DATA_DIR);
    HostPort listen =
        HostPort.parse(Setting.LISTEN.key(), given.getOrDefault(Setting.LISTEN, "127.0.0.1:7400"));
    Endpoint advertise = advertise(listen);
    MemberLabels labels =
        new MemberLabels(
            label(Setting.LABELS_NAME, advertise.toString().replaceAll("[^a-z0-9.]+", "-")),
            label(Setting.LABELS_OPERATOR, ""),
            label(Setting.LABELS_ZONE, ""));
    Safeguards safeguards = new SafeguardSettings(given).read();
    return new NodeConfiguration(
        dataDir,
        listen,
        advertise,
        socket(dataDir),
        dashboard(),
        collateral(),
        new RegistrySettings(given, base).read(),
        threshold(),
        safeguards,
        custodiansFolder(safeguards),
        UpkeepSettings.read(given),
        evidence(labels.name()),
        labels,
        Given.choice(given, Setting.LOG_FORMAT, "text", "json").equals("json")
            ? LogFormat.JSON
            : LogFormat.TEXT);
  }

  private Optional<Path> custodiansFolder(Safeguards safeguards) throws ConfigurationException {
    if (!safeguards.custodians().isNone()) {
      return Optional.of(path(Setting.CUSTODIANS_FOLDER));
    }
    if (given.containsKey(Setting.CUSTODIANS_FOLDER)) {
      throw new ConfigurationException(
          Setting.CUSTODIANS_FOLDER.key() + ": only with " + Setting.CUSTODIANS_KEYS.key());
    }
    return Optional.empty();
  }

  private NodeConfiguration.Collateral collateral() throws ConfigurationException {
    boolean file = given.containsKey(Setting.COLLATERAL_FILE);
    boolean service = given.containsKey(Setting.COLLATERAL_SERVICE);
    if (file == service) {
      throw new ConfigurationException(
          "%s, %s: exactly one of them must be given, found %s"
              .formatted(
                  Setting.COLLATERAL_FILE.key(),
                  Setting.COLLATERAL_SERVICE.key(),
                  file ? "both" : "none"));
    }
    if (file) {
      return new NodeConfiguration.Collateral.File(path(Setting.COLLATERAL_FILE));
    }
    String url = given.getOrDefault(Setting.COLLATERAL_SERVICE, "");
    try {
      return new NodeConfiguration.Collateral.Service(ServiceUrl.parse(url));
    } catch (MalformedException e) {
      throw new ConfigurationException(Setting.COLLATERAL_SERVICE.key() + ": " + e.getMessage());
    }
  }

  private Path socket(Path dataDir) throws ConfigurationException {
    Path socket =
        given.containsKey(Setting.LOCAL_SOCKET)
            ? path(Setting.LOCAL_SOCKET)
            : dataDir.resolve("local/node.sock");
    int size = socket.toString().getBytes(StandardCharsets.UTF_8).length;
    if (size > NodeConfiguration.MAX_SOCKET_PATH_BYTES) {
      throw new ConfigurationException(
          "%s: the path has %d bytes, at most %d are possible; name a shorter one: %s"
              .formatted(
                  Setting.LOCAL_SOCKET.key(),
                  size,
                  NodeConfiguration.MAX_SOCKET_PATH_BYTES,
                  socket));
    }
    return socket;
  }

  /// A literal address: what a name leads to can change, and the host may decide it.
  private Optional<HostPort> dashboard() throws ConfigurationException {
    Setting setting = Setting.DASHBOARD_LISTEN;
    if (!given.containsKey(setting)) {
      return Optional.empty();
    }
    HostPort address = HostPort.parse(setting.key(), given.getOrDefault(setting, ""));
    boolean loopback;
    try {
      loopback = InetAddress.ofLiteral(address.host()).isLoopbackAddress();
    } catch (IllegalArgumentException e) {
      loopback = false;
    }
    if (!loopback) {
      throw new ConfigurationException(
          "%s: the page names peers and is for this machine only: expected 127.0.0.1:PORT or"
                  .formatted(setting.key())
              + " [::1]:PORT, found \""
              + address
              + "\"");
    }
    return Optional.of(address);
  }

  private Endpoint advertise(HostPort listen) throws ConfigurationException {
    String text = given.getOrDefault(Setting.ADVERTISE, listen.toString());
    try {
      return Endpoint.parse(text);
    } catch (MalformedException e) {
      throw new ConfigurationException(
          "advertise: \"%s\" is no address that peers can connect to: %s"
              .formatted(text, e.getMessage()));
    }
  }

  private Threshold threshold() throws ConfigurationException {
    int k = Given.integer(given, Setting.K, Threshold.DEFAULT.k(), 1, Threshold.MAX_N);
    int n = Given.integer(given, Setting.N, Threshold.DEFAULT.n(), k, Threshold.MAX_N);
    if (!Threshold.isValid(k, n)) {
      throw new ConfigurationException(
          "n: with k = %d at most %d, or two halves could both open the store; found %d"
              .formatted(k, 2 * k - 1, n));
    }
    return new Threshold(k, n);
  }

  private Evidence evidence(String name) throws ConfigurationException {
    boolean insecure = flag(Setting.INSECURE_SIMULATED_PLATFORM);
    boolean simulated =
        Given.choice(given, Setting.EVIDENCE, "configfs-tsm", "simulated").equals("simulated");
    if (simulated && !insecure) {
      throw new ConfigurationException(
          "evidence: \"simulated\" protects nothing and needs insecure-simulated-platform = true");
    }
    if (!simulated && insecure) {
      throw new ConfigurationException(
          "insecure-simulated-platform: only with evidence = \"simulated\"");
    }
    if (!simulated) {
      for (Setting setting :
          List.of(
              Setting.SIMULATED_VENDOR_FILE, Setting.SIMULATED_PLATFORM, Setting.SIMULATED_IMAGE)) {
        if (given.containsKey(setting)) {
          throw new ConfigurationException(setting.key() + ": only with evidence = \"simulated\"");
        }
      }
      return new Evidence.ConfigfsTsm();
    }
    return new Evidence.Simulated(
        path(Setting.SIMULATED_VENDOR_FILE),
        label(Setting.SIMULATED_PLATFORM, name),
        label(Setting.SIMULATED_IMAGE, "holdfast"));
  }

  private Path path(Setting setting) throws ConfigurationException {
    return Given.path(given, setting, base);
  }

  private String label(Setting setting, String byDefault) throws ConfigurationException {
    String text = given.getOrDefault(setting, byDefault);
    if (!MemberLabels.isLabel(text)) {
      throw new ConfigurationException(
          setting.key() + ": expected at most 63 of a-z, 0-9, dot and hyphen");
    }
    return text;
  }

  private boolean flag(Setting setting) throws ConfigurationException {
    String text = given.getOrDefault(setting, "false");
    if (!text.equals("true") && !text.equals("false")) {
      throw new ConfigurationException(setting.key() + ": expected true or false");
    }
    return text.equals("true");
  }
}
