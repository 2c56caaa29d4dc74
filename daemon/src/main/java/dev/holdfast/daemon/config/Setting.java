package dev.holdfast.daemon.config;

import dev.holdfast.codec.JsonWriter;
import java.util.Locale;
import java.util.Optional;

/// Every key of the configuration, in the order in which it is documented and printed.
///
/// In the file a key with a dot stands in the table before the dot (`[labels]`, `operator = "a"`);
/// in the environment it is `HOLDFAST_` and the key in capitals, dots and hyphens as underscores.
/// An environment variable wins over the file.
public enum Setting {
  DATA_DIR("data-dir", Kind.TEXT, null, "Folder of everything the node keeps: store, manifest."),
  LISTEN("listen", Kind.TEXT, "127.0.0.1:7400", "Address (`host:port`) of the HTTP server."),
  ADVERTISE(
      "advertise", Kind.TEXT, "as `listen`", "Address (`host:port`) under which peers reach it."),
  LOCAL_SOCKET(
      "local-socket",
      Kind.TEXT,
      "`local/node.sock` in `data-dir`",
      "Unix socket of the local commands; its folder is made owner-only. At most 100 bytes."),
  DASHBOARD_LISTEN(
      "dashboard.listen",
      Kind.TEXT,
      "none",
      "Loopback address (such as `127.0.0.1:7480`) of a page for people about this node; without it"
          + " there is none. See [dashboard](dashboard.md)."),
  COLLATERAL_FILE(
      "collateral-file",
      Kind.TEXT,
      "none",
      "The vendor's collateral for this platform, as nine-member JSON. Read anew when it changes."
          + " Either this or `collateral-service`."),
  COLLATERAL_SERVICE(
      "collateral-service",
      Kind.TEXT,
      "none",
      "URL of Intel's PCS, of a PCCS or of a cloud's cache, from which collateral is fetched."
          + " Either this or `collateral-file`."),
  K("k", Kind.INTEGER, "2", "Shares that open the store, 1..16. Part of the posture."),
  N("n", Kind.INTEGER, "3", "Shares dealt, k..16, fewer than 2·k. Part of the posture."),
  EVIDENCE(
      "evidence",
      Kind.TEXT,
      "configfs-tsm",
      "Where quotes come from: `configfs-tsm` (the machine) or `simulated`. Part of the posture."),
  INSECURE_SIMULATED_PLATFORM(
      "insecure-simulated-platform",
      Kind.BOOLEAN,
      "false",
      "Must be `true` with simulated evidence: such a node protects nothing. Part of the posture."),
  TCB_GRACE_DAYS(
      "tcb-grace-days",
      Kind.INTEGER,
      "30",
      "For how many days after the vendor raised a TCB level evidence of the level before is to get"
          + " a release, 0..365. Part of the posture; not acted on yet: it is refused at once."),
  RELEASE_KEYS(
      "release.keys",
      Kind.TEXT,
      "none",
      "Ed25519 public keys (base64url, separated by commas) that sign release statements. Part of"
          + " the posture."),
  RELEASE_THRESHOLD(
      "release.threshold",
      Kind.INTEGER,
      "more than half of `release.keys`",
      "How many of them must sign. Part of the posture."),
  CUSTODIANS_KEYS(
      "custodians.keys",
      Kind.TEXT,
      "none",
      "Fingerprints of the custodians' keys (base64url, separated by commas), who can open the"
          + " store when its providers are lost. Part of the posture."),
  CUSTODIANS_THRESHOLD(
      "custodians.threshold",
      Kind.INTEGER,
      "more than half of `custodians.keys`",
      "How many custodians open a store. Part of the posture."),
  CUSTODIANS_FOLDER(
      "custodians.folder",
      Kind.TEXT,
      "none",
      "Folder with the custodians' public keys (`*.pub`, from `holdfast custodian init`). Required"
          + " with `custodians.keys`, only with it."),
  FENCING_MODE(
      "fencing.mode",
      Kind.TEXT,
      "strict",
      "`strict`: a run that no quorum of its providers confirms refuses its users; `best-effort`:"
          + " it goes on. Part of the posture."),
  FENCING_LEASE_MILLIS(
      "fencing.lease-millis",
      Kind.INTEGER,
      "30000",
      "For how long a confirmation holds, 1000..300000. Part of the posture."),
  WITNESS_MODE(
      "witness.mode",
      Kind.TEXT,
      "interval",
      "`interval`: writes are witnessed soon after; `every-commit`: before they are acknowledged."
          + " Part of the posture."),
  WITNESS_INTERVAL_MILLIS(
      "witness.interval-millis",
      Kind.INTEGER,
      "1000",
      "How long writes are gathered for one witness, 100..60000. Part of the posture."),
  WITNESS_FAULTS(
      "witness.faults",
      Kind.INTEGER,
      "0",
      "How many of the providers that acknowledge a witness may lie, 0..15. Part of the posture."),
  WITNESS_MAX_UNWITNESSED_MILLIS(
      "witness.max-unwitnessed-millis",
      Kind.INTEGER,
      "30000",
      "After how long without a quorum users may write no more, up to 3600000. Part of the"
          + " posture."),
  UPKEEP_ROTATE_EVERY_DAYS(
      "upkeep.rotate-every-days",
      Kind.INTEGER,
      "0",
      "How old the root key may get before another takes its place, 0..3650; 0 for any age."),
  UPKEEP_REPAIR_AFTER_MINUTES(
      "upkeep.repair-after-minutes",
      Kind.INTEGER,
      "30",
      "For how long a provider may fail before the shares are placed anew without it, 1..10080."),
  UPKEEP_REST_MINUTES(
      "upkeep.rest-minutes",
      Kind.INTEGER,
      "60",
      "For how long after a new root key a failing provider leads to no other, 0..10080."),
  LOG_FORMAT("log-format", Kind.TEXT, "text", "Form of the log on stderr: `text` or `json`."),
  LABELS_NAME(
      "labels.name",
      Kind.TEXT,
      "`advertise` with hyphens",
      "Name of the node in messages; a hint."),
  LABELS_OPERATOR("labels.operator", Kind.TEXT, "empty", "Who runs the node; a hint."),
  LABELS_ZONE("labels.zone", Kind.TEXT, "empty", "Where the node runs; a hint for placement."),
  REGISTRY_KIND(
      "registry.kind",
      Kind.TEXT,
      "file",
      "Where members find each other: `file` (a folder that all share) or `etcd`."),
  REGISTRY_FOLDER(
      "registry.folder",
      Kind.TEXT,
      "none",
      "Folder of member records, shared by the members. Required with `file`, only with it."),
  REGISTRY_ENDPOINTS(
      "registry.endpoints",
      Kind.TEXT,
      "none",
      "Servers of the etcd (`host:port`, separated by commas, 1..16). Required with `etcd`, only"
          + " with it."),
  REGISTRY_PREFIX(
      "registry.prefix",
      Kind.TEXT,
      "/holdfast/",
      "Before every key in etcd, ending in `/`: fleets with different ones do not see each other."
          + " Only with `etcd`."),
  REGISTRY_CA_FILE(
      "registry.ca-file",
      Kind.TEXT,
      "none",
      "Certificates (PEM) of those who may certify the etcd servers; without it plain HTTP is"
          + " spoken. Only with `etcd`."),
  REGISTRY_USER(
      "registry.user",
      Kind.TEXT,
      "none",
      "User of an etcd with authentication. Only with `registry.ca-file`."),
  REGISTRY_PASSWORD_FILE(
      "registry.password-file",
      Kind.TEXT,
      "none",
      "File with the user's password in one line. Only with `registry.user`."),
  SIMULATED_VENDOR_FILE(
      "simulated.vendor-file",
      Kind.TEXT,
      "none",
      "The development vendor (`holdfast simulator init`). Only with simulated evidence."),
  SIMULATED_PLATFORM(
      "simulated.platform",
      Kind.TEXT,
      "as `labels.name`",
      "Name of the simulated machine: nodes with one name count as one machine."),
  SIMULATED_IMAGE(
      "simulated.image",
      Kind.TEXT,
      "holdfast",
      "Name of the simulated image; another name gives other measurements.");

  /// The TOML type of a key.
  enum Kind {
    TEXT("a string"),
    INTEGER("an integer"),
    BOOLEAN("true or false");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  private final String key;
  private final Kind kind;
  private final Optional<String> byDefault;
  private final String meaning;

  Setting(
      String key, Kind kind, @org.jspecify.annotations.Nullable String byDefault, String meaning) {
    this.key = key;
    this.kind = kind;
    this.byDefault = Optional.ofNullable(byDefault);
    this.meaning = meaning;
  }

  /// The key with its table, `labels.zone`.
  public String key() {
    return key;
  }

  /// The default as the documentation says it; empty for a key that must be given.
  public Optional<String> byDefault() {
    return byDefault;
  }

  /// One sentence for the documentation.
  public String meaning() {
    return meaning;
  }

  /// The key with a text as its value, as a line of TOML, whose basic strings take what JSON's
  /// escape.
  String line(String value) {
    return key + " = " + JsonWriter.quote(value);
  }

  /// The key with a number as its value.
  String line(long value) {
    return key + " = " + value;
  }

  /// The name of the environment variable.
  public String variable() {
    return "HOLDFAST_" + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  Kind kind() {
    return kind;
  }

  static Optional<Setting> ofKey(String key) {
    for (Setting setting : values()) {
      if (setting.key.equals(key)) {
        return Optional.of(setting);
      }
    }
    return Optional.empty();
  }

  static Optional<Setting> ofVariable(String variable) {
    for (Setting setting : values()) {
      if (setting.variable().equals(variable)) {
        return Optional.of(setting);
      }
    }
    return Optional.empty();
  }
}
