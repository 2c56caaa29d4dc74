package dev.holdfast.attestation.tcb;

import dev.holdfast.codec.Bytes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/// Which levels a platform meets under one version of the TDX module (none for SGX).
record Standing(
    Optional<TcbLevel> platform,
    Optional<IsvLevel> qe,
    Optional<TdxModule> module,
    Optional<IsvLevel> moduleLevel) {

  /// Finds the levels; `svns` are the 16 SVNs of the TDX module, empty for SGX.
  static Standing of(
      TcbInfo info,
      QeIdentity qeIdentity,
      PlatformTcb platform,
      Optional<TdxModule> module,
      Optional<Bytes> svns) {
    Optional<TcbLevel> level = met(info.levels(), platform, svns);
    Optional<IsvLevel> moduleLevel =
        module.flatMap(known -> svns.flatMap(values -> IsvLevel.met(known.levels(), values.at(0))));
    Optional<IsvLevel> qe = IsvLevel.met(qeIdentity.levels(), platform.qeIsvSvn());
    return new Standing(level, qe, module, moduleLevel);
  }

  /// The first of the TDX components that counts: those of the module's own version do not, when
  /// its family has an identity with levels.
  static int firstTdxComponent(Bytes svns) {
    return svns.at(1) > 0 ? 2 : 0;
  }

  TcbStatus status() {
    boolean moduleUnknown = moduleHasLevels() && moduleLevel.isEmpty();
    if (platform.isEmpty() || qe.isEmpty() || moduleUnknown) {
      return TcbStatus.NOT_SUPPORTED;
    }
    List<TcbStatus> components = new ArrayList<>();
    moduleLevel.ifPresent(level -> components.add(level.status().status()));
    components.add(qe.get().status().status());
    return Convergence.converge(platform.get().status().status(), components);
  }

  Optional<Instant> date() {
    return levels().stream().map(LevelStatus::tcbDate).min(Instant::compareTo);
  }

  List<String> advisoryIds() {
    TreeSet<String> ids = new TreeSet<>();
    levels().forEach(level -> ids.addAll(level.advisoryIds()));
    return List.copyOf(ids);
  }

  private boolean moduleHasLevels() {
    return module.isPresent() && !module.get().id().isEmpty();
  }

  private List<LevelStatus> levels() {
    List<LevelStatus> levels = new ArrayList<>();
    platform.ifPresent(level -> levels.add(level.status()));
    qe.ifPresent(level -> levels.add(level.status()));
    moduleLevel.ifPresent(level -> levels.add(level.status()));
    return levels;
  }

  private static Optional<TcbLevel> met(
      List<TcbLevel> levels, PlatformTcb platform, Optional<Bytes> svns) {
    for (TcbLevel level : levels) {
      if (meets(platform, svns, level)) {
        return Optional.of(level);
      }
    }
    return Optional.empty();
  }

  private static boolean meets(PlatformTcb platform, Optional<Bytes> svns, TcbLevel level) {
    if (!reaches(platform.sgxComponents(), level.sgxComponents(), 0)
        || platform.pceSvn() < level.pceSvn()) {
      return false;
    }
    if (svns.isEmpty()) {
      return true;
    }
    Bytes needed = level.tdxComponents().orElseThrow();
    return reaches(svns.get(), needed, firstTdxComponent(svns.get()));
  }

  private static boolean reaches(Bytes found, Bytes needed, int from) {
    for (int i = from; i < needed.size(); i++) {
      if (found.at(i) < needed.at(i)) {
        return false;
      }
    }
    return true;
  }
}
