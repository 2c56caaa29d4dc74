package dev.holdfast.attestation.policy;

/// What the PCK certificate of a multi-package platform says of its configuration.
public enum PlatformFlag {
  /// Packages can be added after registration.
  DYNAMIC_PLATFORM,
  /// The registration service keeps the platform's keys.
  CACHED_KEYS,
  /// Simultaneous multithreading is on: threads of one core share caches, a side channel.
  SMT
}
