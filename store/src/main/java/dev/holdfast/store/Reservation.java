package dev.holdfast.store;

import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.store.keys.SealId;

/// A name taken but not yet filled: [SealedStore#put(Reservation, SecretBytes)] fills it once.
/// Lives in memory; the mark on disk stays until it is filled, released, deleted or overwritten.
public final class Reservation {
  private final Space space;
  private final Name name;
  private final SealId mark;

  Reservation(Space space, Name name, SealId mark) {
    this.space = space;
    this.name = name;
    this.mark = mark;
  }

  public Space space() {
    return space;
  }

  public Name name() {
    return name;
  }

  /// The record that marks the name.
  SealId mark() {
    return mark;
  }
}
