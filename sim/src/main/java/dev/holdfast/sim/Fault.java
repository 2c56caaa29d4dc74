package dev.holdfast.sim;

/// The kinds of trouble. Each seed draws which of them there are.
enum Fault {
  /// A process dies and starts again later, on whatever its disk holds.
  KILLED,
  /// A process is told to stop, and starts again later.
  STOPPED,
  /// A machine starts on an earlier state of its whole disk.
  ROLLED_BACK,
  /// A machine starts another image.
  TAMPERED_IMAGE,
  /// A machine starts with a wrong clock.
  CLOCK_JUMPED,
  /// A machine starts on a manifest that its host changed.
  EDITED_MANIFEST,
  /// The vendor announces a TCB recovery; machines are patched later, one by one.
  TCB_RECOVERY,
  /// The vendor revokes a machine; its VM moves to another one later.
  REVOKED_MACHINE,
  /// The host hands over quotes of another VM on the same machine.
  SUBSTITUTED_QUOTES,
  NO_QUOTES,
  DISK_FULL,
  /// Groups of machines do not hear each other, or one group does not hear the other.
  PARTITIONED,
  /// Answers to nobody.
  SILENT,
  SLOW,
  /// Answers with bytes that mean nothing.
  GARBLED,
  REFUSING,
  /// Answers with what it answered somebody before.
  STALE,
  /// Releases wrong shares, validly signed.
  LYING,
  REGISTRY_STALE,
  REGISTRY_DOWN,
  REGISTRY_HIDES,
  /// Lists members that are none, and changed and old records.
  REGISTRY_LIES,
  /// The host sends packets again that it saw.
  REPLAYED,
  /// Somebody with the victim's disk, or without, asks for its shares.
  INTRUSION
}
