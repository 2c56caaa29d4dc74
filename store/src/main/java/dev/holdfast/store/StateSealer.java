package dev.holdfast.store;

import dev.holdfast.codec.ByteReader;
import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Frame;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.Aead;
import dev.holdfast.crypto.Hmac;
import dev.holdfast.crypto.Labels;
import dev.holdfast.crypto.MacKey;
import dev.holdfast.store.Space.Side;
import dev.holdfast.store.StoreState.SideState;
import dev.holdfast.store.keys.KeyRing;
import dev.holdfast.store.keys.RunKeys;
import dev.holdfast.store.keys.SetDigest;
import java.util.Arrays;

/// Writes and reads the state record: versions and witness MACs readable, digests sealed.
///
/// Spec: docs/spec/store.md#state
final class StateSealer implements AutoCloseable {
  private static final int WITNESS_SIZE = 8 + Hmac.SIZE;
  private static final int PUBLIC_SIZE = 2 * WITNESS_SIZE;
  private static final int SECRET_SIZE = 2 * (SetDigest.SIZE + 8) + 32;

  private final StoreIdentity identity;
  private final MacKey witnesses;
  private final Sealer sealer;

  /// A state and what others may remember of it.
  record Witnessed(StoreState state, StoreWitness store, StoreWitness ledger) {}

  /// A state ready for the engine.
  record SealedState(Witnessed witnessed, RunKeys.Run run, Bytes stored) {}

  /// What of a state can be read without a key. Nobody vouches for it before the state is opened.
  ///
  /// @throws StoreException `CORRUPTED`
  static StoreWitness.Pair readable(byte[] stored) throws StoreException {
    ByteReader in = ByteReader.of("store state", stored);
    try {
      StoreWitness.Pair readable = new StoreWitness.Pair(readWitness(in), readWitness(in));
      in.bytes(Sealer.HEAD_SIZE + SECRET_SIZE + Aead.OVERHEAD, "sealed part");
      in.requireEnd("end");
      return readable;
    } catch (MalformedException e) {
      throw StoreException.corrupted(e);
    }
  }

  private static StoreWitness readWitness(ByteReader in) throws MalformedException {
    long version = in.u64be("version");
    if (version < 0) {
      throw in.malformed("version", "0 or more", Long.toString(version));
    }
    return new StoreWitness(version, in.bytes(Hmac.SIZE, "MAC"));
  }

  StateSealer(StoreIdentity identity, KeyRing keys, Sealer sealer) {
    this.identity = identity;
    this.witnesses = MacKey.of(keys.witnessKey());
    this.sealer = sealer;
  }

  Witnessed witness(StoreState state) {
    return new Witnessed(state, witness(Side.STORE, state), witness(Side.LEDGER, state));
  }

  SealedState seal(StoreState state) {
    Witnessed witnessed = witness(state);
    byte[] open =
        new ByteWriter()
            .u64be(state.store().version())
            .bytes(witnessed.store().mac())
            .u64be(state.ledger().version())
            .bytes(witnessed.ledger().mac())
            .toArray();
    RunKeys.Ticket ticket = sealer.runs().draw(PUBLIC_SIZE + SECRET_SIZE);
    byte[] sealed = sealer.seal(Labels.STORE_STATE, open, ticket, state.encodeSecret());
    Bytes stored = new ByteWriter().bytes(open).bytes(sealed).toBytes();
    return new SealedState(witnessed, ticket.run(), stored);
  }

  /// @throws StoreException `CORRUPTED`
  Witnessed open(byte[] stored) throws StoreException {
    ByteReader in = ByteReader.of("store state", stored);
    try {
      long storeVersion = in.u64be("store version");
      in.bytes(Hmac.SIZE, "store MAC");
      long ledgerVersion = in.u64be("ledger version");
      in.bytes(Hmac.SIZE, "ledger MAC");
      byte[] open = in.since(0).toArray();
      byte[] secret = sealer.open(Labels.STORE_STATE, open, "store state", in.rest().toArray());
      return witness(StoreState.parse(storeVersion, ledgerVersion, secret));
    } catch (MalformedException e) {
      throw StoreException.corrupted(e);
    }
  }

  /// The salt that `stored` was sealed with.
  int saltId(byte[] stored) throws StoreException {
    byte[] sealed = Arrays.copyOfRange(stored, PUBLIC_SIZE, stored.length);
    return sealer.head("store state", sealed).seal().saltId();
  }

  /// Erases the key of the witnesses.
  @Override
  public void close() {
    witnesses.close();
  }

  private StoreWitness witness(Side side, StoreState state) {
    SideState part = state.side(side);
    Bytes message =
        Frame.of(Labels.STORE_WITNESS)
            .add(identity.storeId())
            .add(identity.account())
            .add((long) side.code())
            .add(part.version())
            .add(part.digest().toBytes())
            .add(side == Side.STORE ? state.headerDigest() : Bytes.EMPTY)
            .toBytes();
    return new StoreWitness(part.version(), witnesses.mac(message));
  }
}
