package dev.holdfast.attestation.tcb;

import dev.holdfast.codec.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Says in words what a platform lacks for an up-to-date status, measured against the lowest
/// up-to-date level of each part. Components are numbered from 0, as in TCB info.
final class Shortfall {
  private final List<String> phrases = new ArrayList<>();

  private Shortfall() {}

  static List<String> of(
      TcbInfo info,
      QeIdentity qeIdentity,
      PlatformTcb platform,
      Standing standing,
      Optional<Bytes> svns) {
    Shortfall shortfall = new Shortfall();
    info.levels().stream()
        .filter(level -> level.status().status() == TcbStatus.UP_TO_DATE)
        .reduce((higher, lower) -> lower)
        .ifPresent(level -> shortfall.platform(platform, svns, level));
    shortfall.isv("QE ISVSVN", platform.qeIsvSvn(), qeIdentity.levels());
    standing
        .module()
        .ifPresent(module ->
            svns.ifPresent(values ->
                shortfall.isv(
                    "TDX module " + module.id() + " ISVSVN", values.at(0), module.levels())));
    return shortfall.phrases;
  }

  private void platform(PlatformTcb platform, Optional<Bytes> svns, TcbLevel level) {
    components("SGX component ", platform.sgxComponents(), level.sgxComponents(), 0);
    compare("PCESVN", platform.pceSvn(), level.pceSvn());
    svns.ifPresent(values ->
        level
            .tdxComponents()
            .ifPresent(needed ->
                components("TDX component ", values, needed, Standing.firstTdxComponent(values))));
  }

  private void components(String name, Bytes found, Bytes needed, int from) {
    for (int i = from; i < needed.size(); i++) {
      compare(name + i, found.at(i), needed.at(i));
    }
  }

  private void isv(String name, int found, List<IsvLevel> levels) {
    levels.stream()
        .filter(level -> level.status().status() == TcbStatus.UP_TO_DATE)
        .reduce((higher, lower) -> lower)
        .ifPresent(level -> compare(name, found, level.isvSvn()));
  }

  private void compare(String name, int found, int needed) {
    if (found < needed) {
      phrases.add("%s is %d, needs %d".formatted(name, found, needed));
    }
  }
}
