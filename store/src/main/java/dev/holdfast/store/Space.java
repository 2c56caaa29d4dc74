package dev.holdfast.store;

import java.util.Optional;

/// The three name spaces of a store; the same name may stand in each.
public enum Space {
  /// What the service keeps that this node protects.
  USER(0x10),
  /// What the node keeps for itself.
  NODE(0x11),
  /// What the node holds for others; it has its own version and digest.
  LEDGER(0x12);

  /// The two sets of records that have a version and a digest of their own.
  enum Side {
    /// [Space#USER] and [Space#NODE].
    STORE(0),
    /// [Space#LEDGER].
    LEDGER(1);

    private final int code;

    Side(int code) {
      this.code = code;
    }

    /// Stands for this side in a witness MAC.
    int code() {
      return code;
    }
  }

  private final int prefix;

  Space(int prefix) {
    this.prefix = prefix;
  }

  /// First byte of the space's keys in the engine.
  int prefix() {
    return prefix;
  }

  /// The space with this prefix; empty when there is none.
  static Optional<Space> ofPrefix(int prefix) {
    for (Space space : values()) {
      if (space.prefix == prefix) {
        return Optional.of(space);
      }
    }
    return Optional.empty();
  }

  /// The part of the state that records of this space belong to.
  Side side() {
    return this == LEDGER ? Side.LEDGER : Side.STORE;
  }
}
