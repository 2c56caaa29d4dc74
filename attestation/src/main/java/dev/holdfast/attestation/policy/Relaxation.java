package dev.holdfast.attestation.policy;

/// A property of a VM or enclave that the default policy refuses and that a policy may allow by
/// name.
public enum Relaxation {
  /// The host can read the memory of a debuggable VM or enclave.
  DEBUG,
  /// A service TD is bound and may act on the VM.
  SERVICE_TD,
  /// Without SEPT_VE_DISABLE the host can inject exceptions by remapping memory.
  SEPT_VE_DISABLE_MISSING,
  /// The VM can be moved to another host by its migration TD.
  MIGRATABLE,
  /// The VM may use performance counters: a side channel.
  PERFMON,
  /// The VM may use the key locker.
  KEY_LOCKER
}
