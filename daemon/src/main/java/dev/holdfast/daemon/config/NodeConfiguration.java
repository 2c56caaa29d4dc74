package dev.holdfast.daemon.config;

import dev.holdfast.node.context.NodeConfig;
import dev.holdfast.platform.collateral.ServiceUrl;
import dev.holdfast.protocol.Endpoint;
import dev.holdfast.protocol.MemberLabels;
import dev.holdfast.protocol.Threshold;
import dev.holdfast.protocol.posture.Safeguards;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The effective configuration of one node; [Setting] documents each key and its default.
///
/// Untrusted by peers: whatever of it matters for security is in the posture, whose digest is in
/// every quote. Holds no secret; vendor files and collateral are named, not contained.
///
/// @param dataDir absolute
/// @param localSocket absolute, at most [#MAX_SOCKET_PATH_BYTES] bytes
public record NodeConfiguration(
    Path dataDir,
    HostPort listen,
    Endpoint advertise,
    Path localSocket,
    Collateral collateral,
    Registry registry,
    Threshold threshold,
    Safeguards safeguards,
    NodeConfig.Upkeep upkeep,
    Evidence evidence,
    MemberLabels labels,
    LogFormat logFormat) {

  /// Unix sockets allow 104 to 108 bytes, depending on the system.
  public static final int MAX_SOCKET_PATH_BYTES = 100;

  /// Where the vendor's collateral comes from.
  public sealed interface Collateral {
    /// A file that somebody keeps up to date.
    record File(Path file) implements Collateral {}

    /// Intel's PCS or a cache of it.
    record Service(ServiceUrl url) implements Collateral {}
  }

  /// Where members find each other.
  public sealed interface Registry {
    /// A folder that all share.
    record Folder(Path folder) implements Registry {}

    /// An etcd cluster.
    ///
    /// @param authority PEM of whom to trust as a server; absent: plain HTTP
    record Etcd(
        List<Endpoint> endpoints, String prefix, Optional<Path> authority, Optional<Login> login)
        implements Registry {
      public Etcd {
        endpoints = List.copyOf(endpoints);
      }
    }

    /// A user of etcd.
    ///
    /// @param passwordFile one line
    record Login(String user, Path passwordFile) {}
  }

  /// Where quotes come from.
  public sealed interface Evidence {
    /// The kernel's `configfs-tsm` of a confidential VM.
    record ConfigfsTsm() implements Evidence {}

    /// The development vendor: such a node protects nothing.
    ///
    /// @param platform name of the simulated machine
    /// @param image name of the simulated image
    record Simulated(Path vendorFile, String platform, String image) implements Evidence {}
  }

  /// Form of the log.
  public enum LogFormat {
    TEXT,
    JSON
  }

  public boolean simulated() {
    return evidence instanceof Evidence.Simulated;
  }

  /// The effective settings as `key = value` lines, without anything secret: paths of files that
  /// hold keys are shown, their content is not.
  public List<String> describe() {
    List<String> lines = new ArrayList<>();
    add(lines, Setting.DATA_DIR, dataDir);
    add(lines, Setting.LISTEN, listen);
    add(lines, Setting.ADVERTISE, advertise);
    add(lines, Setting.LOCAL_SOCKET, localSocket);
    switch (collateral) {
      case Collateral.File(Path file) -> add(lines, Setting.COLLATERAL_FILE, file);
      case Collateral.Service(ServiceUrl url) -> add(lines, Setting.COLLATERAL_SERVICE, url);
    }
    lines.add(Setting.K.key() + " = " + threshold.k());
    lines.add(Setting.N.key() + " = " + threshold.n());
    add(lines, Setting.EVIDENCE, simulated() ? "simulated" : "configfs-tsm");
    lines.add(Setting.INSECURE_SIMULATED_PLATFORM.key() + " = " + simulated());
    SafeguardSettings.describe(safeguards).forEach(lines::add);
    UpkeepSettings.describe(upkeep).forEach(lines::add);
    add(lines, Setting.LOG_FORMAT, logFormat == LogFormat.JSON ? "json" : "text");
    add(lines, Setting.LABELS_NAME, labels.name());
    add(lines, Setting.LABELS_OPERATOR, labels.operator());
    add(lines, Setting.LABELS_ZONE, labels.zone());
    lines.addAll(RegistrySettings.describe(registry));
    if (evidence instanceof Evidence.Simulated simulated) {
      add(lines, Setting.SIMULATED_VENDOR_FILE, simulated.vendorFile());
      add(lines, Setting.SIMULATED_PLATFORM, simulated.platform());
      add(lines, Setting.SIMULATED_IMAGE, simulated.image());
    }
    return lines;
  }

  private static void add(List<String> lines, Setting setting, Object value) {
    lines.add(setting.key() + " = \"" + value + "\"");
  }
}
