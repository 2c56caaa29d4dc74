package dev.holdfast.attestation.tcb;

import dev.holdfast.codec.Bytes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Finds what a platform lacks for a better status, measured against the lowest level of each part
/// that has the best status on the list.
final class ShortfallFinder {
  private static final String FIRMWARE = "update the platform's firmware";
  private static final String PCE = "update the host's SGX platform software";
  private static final String QE = "update the host's quoting enclave";
  private static final String MODULE = "update the host's TDX module";

  private final List<Shortfall> found = new ArrayList<>();

  private ShortfallFinder() {}

  static List<Shortfall> of(
      TcbInfo info,
      QeIdentity qeIdentity,
      PlatformTcb platform,
      Standing standing,
      Optional<Bytes> svns) {
    ShortfallFinder finder = new ShortfallFinder();
    lowestOfBest(info.levels(), level -> level.status().status())
        .ifPresent(level -> finder.platform(platform, svns, level));
    finder.isv("QE ISVSVN", platform.qeIsvSvn(), qeIdentity.levels(), QE);
    standing
        .module()
        .ifPresent(module ->
            svns.ifPresent(values ->
                finder.isv(
                    "TDX module " + module.id() + " ISVSVN",
                    values.at(0),
                    module.levels(),
                    MODULE)));
    return finder.found;
  }

  private void platform(PlatformTcb platform, Optional<Bytes> svns, TcbLevel level) {
    components("SGX component ", platform.sgxComponents(), level.sgxComponents(), 0);
    compare("PCESVN", platform.pceSvn(), level.pceSvn(), PCE);
    svns.ifPresent(values ->
        level
            .tdxComponents()
            .ifPresent(needed ->
                components("TDX component ", values, needed, Standing.firstTdxComponent(values))));
  }

  private void components(String name, Bytes found, Bytes needed, int from) {
    for (int i = from; i < needed.size(); i++) {
      compare(name + i, found.at(i), needed.at(i), FIRMWARE);
    }
  }

  private void isv(String name, int found, List<IsvLevel> levels, String action) {
    lowestOfBest(levels, level -> level.status().status())
        .ifPresent(level -> compare(name, found, level.isvSvn(), action));
  }

  /// Statuses are declared from best to worst, levels are sorted from highest to lowest.
  private static <T> Optional<T> lowestOfBest(List<T> levels, Function<T, TcbStatus> status) {
    Optional<TcbStatus> best = levels.stream().map(status).min(Comparator.naturalOrder());
    return levels.stream()
        .filter(level -> best.equals(Optional.of(status.apply(level))))
        .reduce((higher, lower) -> lower);
  }

  private void compare(String name, int value, int needed, String action) {
    if (value < needed) {
      found.add(new Shortfall(name, value, needed, action));
    }
  }
}
