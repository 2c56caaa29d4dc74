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
/// @param dashboard an address of the loopback interface
public record NodeConfiguration(
    Path dataDir,
    HostPort listen,
    Endpoint advertise,
    Path localSocket,
    Optional<HostPort> dashboard,
    Collateral collateral,
    Registry registry,
    Threshold threshold,
    Safeguards safeguards,
    Optional<Path> custodiansFolder,
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
    lines.add(Setting.DATA_DIR.line(dataDir.toString()));
    lines.add(Setting.LISTEN.line(listen.toString()));
    lines.add(Setting.ADVERTISE.line(advertise.toString()));
    lines.add(Setting.LOCAL_SOCKET.line(localSocket.toString()));
    dashboard.ifPresent(address -> lines.add(Setting.DASHBOARD_LISTEN.line(address.toString())));
    switch (collateral) {
      case Collateral.File(Path file) -> lines.add(Setting.COLLATERAL_FILE.line(file.toString()));
      case Collateral.Service(ServiceUrl url) ->
          lines.add(Setting.COLLATERAL_SERVICE.line(url.toString()));
    }
    lines.add(Setting.K.line(threshold.k()));
    lines.add(Setting.N.line(threshold.n()));
    lines.add(Setting.EVIDENCE.line(simulated() ? "simulated" : "configfs-tsm"));
    lines.add(Setting.INSECURE_SIMULATED_PLATFORM.key() + " = " + simulated());
    SafeguardSettings.describe(safeguards, custodiansFolder).forEach(lines::add);
    UpkeepSettings.describe(upkeep).forEach(lines::add);
    lines.add(Setting.LOG_FORMAT.line(logFormat == LogFormat.JSON ? "json" : "text"));
    lines.add(Setting.LABELS_NAME.line(labels.name()));
    lines.add(Setting.LABELS_OPERATOR.line(labels.operator()));
    lines.add(Setting.LABELS_ZONE.line(labels.zone()));
    lines.addAll(RegistrySettings.describe(registry));
    if (evidence instanceof Evidence.Simulated simulated) {
      lines.add(Setting.SIMULATED_VENDOR_FILE.line(simulated.vendorFile().toString()));
      lines.add(Setting.SIMULATED_PLATFORM.line(simulated.platform()));
      lines.add(Setting.SIMULATED_IMAGE.line(simulated.image()));
    }
    return lines;
  }
}
