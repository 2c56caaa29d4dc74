package dev.holdfast.attestation.tcb;

import dev.holdfast.codec.Bytes;
import java.util.Comparator;
import java.util.Optional;

/// One level of TCB info: 16 SGX components and the PCE's SVN that a platform must reach, for TDX
/// also 16 TDX components; one byte each.
public record TcbLevel(
    Bytes sgxComponents, int pceSvn, Optional<Bytes> tdxComponents, LevelStatus status) {
  /// The order in which levels are tried: the highest first.
  static final Comparator<TcbLevel> HIGHEST_FIRST =
      Comparator.comparing(TcbLevel::sgxComponents)
          .thenComparing(TcbLevel::pceSvn)
          .thenComparing(level -> level.tdxComponents().orElse(Bytes.EMPTY))
          .reversed();
}
