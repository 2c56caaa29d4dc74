package dev.holdfast.entropy.server;

/// How far a server is, in the original's words.
///
/// As Holdfast's states: `STARTING` and `RECOVERING`, then `CONNECTED`, `WAITING_ADMISSION` and
/// `BACKING_UP`, then `READY`.
public enum V1State {
  /// No store yet, or no word from the chain.
  NO_CHAIN_CONNECTION,
  /// Serves backups; waits for funds, registration or a provider.
  READ_ONLY_CHAIN_CONNECTION,
  READY;

  public boolean canReadFromChain() {
    return this != NO_CHAIN_CONNECTION;
  }
}
