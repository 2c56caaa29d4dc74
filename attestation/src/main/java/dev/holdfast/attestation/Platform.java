package dev.holdfast.attestation;

import dev.holdfast.attestation.policy.PlatformFlag;
import dev.holdfast.attestation.x509.SgxExtension;
import dev.holdfast.codec.Bytes;
import java.util.Optional;

/// The machine that made a quote, from its PCK certificate.
///
/// - `ppid`: 16 bytes, one per processor package (the first of a multi-package platform).
/// - `fmspc`: 6 bytes, the kind of platform that TCB info speaks about; `pceId`: 2 bytes.
/// - `instanceId`: 16 bytes, one per multi-package platform since its last registration; absent in
///   certificates of the Processor CA.
/// - `configuration`: likewise absent there.
public record Platform(
    Bytes ppid,
    Bytes fmspc,
    Bytes pceId,
    SgxType sgxType,
    Optional<Bytes> instanceId,
    Optional<Configuration> configuration) {

  static Platform of(SgxExtension extension) {
    return new Platform(
        extension.identity().ppid(),
        extension.identity().fmspc(),
        extension.identity().pceId(),
        SgxType.values()[extension.sgxType()],
        extension.instanceId(),
        extension
            .configuration()
            .map(c -> new Configuration(c.dynamicPlatform(), c.cachedKeys(), c.smtEnabled())));
  }

  /// How the platform protects memory.
  public enum SgxType {
    STANDARD,
    SCALABLE,
    SCALABLE_WITH_INTEGRITY
  }

  /// Registration flags of a multi-package platform.
  public record Configuration(boolean dynamicPlatform, boolean cachedKeys, boolean smtEnabled) {
    boolean has(PlatformFlag flag) {
      return switch (flag) {
        case DYNAMIC_PLATFORM -> dynamicPlatform;
        case CACHED_KEYS -> cachedKeys;
        case SMT -> smtEnabled;
      };
    }
  }
}
