package dev.holdfast.store;

import dev.holdfast.codec.ByteReader;
import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.store.Space.Side;
import dev.holdfast.store.keys.SetDigest;

/// What every committed batch replaces: versions and digests of the two sides, and which header
/// belongs to them.
///
/// @param headerDigest SHA-256 of the header's bytes
record StoreState(SideState store, SideState ledger, Bytes headerDigest) {
  /// @param version count of committed batches that touched this side
  /// @param count records on this side
  record SideState(long version, SetDigest digest, long count) {
    static final SideState EMPTY = new SideState(0, SetDigest.EMPTY, 0);

    SideState withVersion(long newVersion) {
      return new SideState(newVersion, digest, count);
    }

    SideState plus(SetDigest element) {
      return new SideState(version, digest.plus(element), count + 1);
    }

    SideState minus(SetDigest element) {
      return new SideState(version, digest.minus(element), count - 1);
    }
  }

  SideState side(Side side) {
    return switch (side) {
      case STORE -> store;
      case LEDGER -> ledger;
    };
  }

  StoreState with(Side side, SideState changed) {
    return switch (side) {
      case STORE -> new StoreState(changed, ledger, headerDigest);
      case LEDGER -> new StoreState(store, changed, headerDigest);
    };
  }

  StoreState withHeader(Bytes newHeaderDigest) {
    return new StoreState(store.withVersion(store.version() + 1), ledger, newHeaderDigest);
  }

  /// The part that is sealed; the versions stand readable before it.
  byte[] encodeSecret() {
    return new ByteWriter()
        .bytes(store.digest().toBytes())
        .u64be(store.count())
        .bytes(ledger.digest().toBytes())
        .u64be(ledger.count())
        .bytes(headerDigest)
        .toArray();
  }

  static StoreState parse(long storeVersion, long ledgerVersion, byte[] secret)
      throws MalformedException {
    ByteReader in = ByteReader.of("store state", secret);
    SideState store = parseSide(storeVersion, in);
    SideState ledger = parseSide(ledgerVersion, in);
    Bytes headerDigest = in.bytes(32, "header digest");
    in.requireEnd("end");
    return new StoreState(store, ledger, headerDigest);
  }

  private static SideState parseSide(long version, ByteReader in) throws MalformedException {
    SetDigest digest = SetDigest.of(in.bytes(SetDigest.SIZE, "digest"));
    return new SideState(version, digest, in.u64be("count"));
  }
}
