package dev.holdfast.attestation.tcb;

import dev.holdfast.codec.Bytes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Says in words what a platform lacks for a better status, measured against the lowest level of
/// each part that has the best status on the list. Components are numbered from 0, as in TCB info.
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
    lowestOfBest(info.levels(), level -> level.status().status())
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
    lowestOfBest(levels, level -> level.status().status())
        .ifPresent(level -> compare(name, found, level.isvSvn()));
  }

  /// Statuses are declared from best to worst, levels are sorted from highest to lowest.
  private static <T> Optional<T> lowestOfBest(List<T> levels, Function<T, TcbStatus> status) {
    Optional<TcbStatus> best = levels.stream().map(status).min(Comparator.naturalOrder());
    return levels.stream()
        .filter(level -> best.equals(Optional.of(status.apply(level))))
        .reduce((higher, lower) -> lower);
  }

  private void compare(String name, int found, int needed) {
    if (found < needed) {
      phrases.add("%s is %d, needs %d".formatted(name, found, needed));
    }
  }
}
