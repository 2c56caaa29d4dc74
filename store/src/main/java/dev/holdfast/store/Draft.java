package dev.holdfast.store;

import dev.holdfast.codec.Bytes;
import dev.holdfast.store.Prepared.Demand;
import dev.holdfast.store.Prepared.Outcome;
import dev.holdfast.store.Prepared.Step;
import dev.holdfast.store.Space.Side;
import dev.holdfast.store.StoreState.SideState;
import dev.holdfast.store.keys.RunKeys;
import dev.holdfast.store.keys.SealId;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/// Several batches on their way into one engine write: what the store will look like after them.
/// Each sees those before it; each is in it as a whole or not at all.
final class Draft implements AutoCloseable {
  private final Index index;
  private final Sealer sealer;
  private final WriteBatch batch = new WriteBatch();
  private final Map<RecordKey, Optional<SealId>> changed = new HashMap<>();
  private final Set<RunKeys.Run> newRuns = new HashSet<>();
  private StoreState state;

  Draft(StoreState state, Index index, Sealer sealer) {
    this.state = state;
    this.index = index;
    this.sealer = sealer;
  }

  Outcome add(Prepared prepared) throws RocksDBException {
    for (Demand demand : prepared.demands()) {
      if (!Objects.equals(present(demand.key()), demand.seal())) {
        return Outcome.REFUSED;
      }
    }
    Set<Side> touched = EnumSet.noneOf(Side.class);
    for (Step step : prepared.steps()) {
      if (apply(step)) {
        touched.add(step.key().space().side());
      }
    }
    for (Side side : touched) {
      SideState part = state.side(side);
      state = state.with(side, part.withVersion(part.version() + 1));
    }
    Bytes header = prepared.header();
    if (header != null) {
      batch.put(Engine.Keys.header(), header.toArray());
      state = state.withHeader(header.sha256());
    }
    return touched.isEmpty() && header == null ? Outcome.NO_CHANGE : Outcome.APPLIED;
  }

  /// The engine write: records, salts not yet stored, and the sealed state. Deletes salts first: a
  /// new one may have the id of one that is dropped.
  WriteBatch finish(StateSealer.SealedState sealedState, Set<Integer> unusedSalts)
      throws RocksDBException {
    for (int saltId : unusedSalts) {
      batch.delete(Engine.Keys.salt(saltId));
    }
    noteRun(sealedState.run());
    for (RunKeys.Run run : newRuns) {
      batch.put(Engine.Keys.salt(run.saltId()), run.salt().toArray());
    }
    batch.put(Engine.Keys.state(), sealedState.stored().toArray());
    return batch;
  }

  /// To be called when the engine has the write.
  void publish() {
    newRuns.forEach(RunKeys.Run::markStored);
    changed.forEach((key, seal) ->
        seal.ifPresentOrElse(present -> index.put(key, present), () -> index.remove(key)));
  }

  StoreState state() {
    return state;
  }

  @Override
  public void close() {
    batch.close();
  }

  private boolean apply(Step step) throws RocksDBException {
    RecordKey key = step.key();
    SealId old = present(key);
    Sealer.Sealed sealed = step.sealed();
    if (old == null && sealed == null) {
      return false;
    }
    Side side = key.space().side();
    SideState part = state.side(side);
    if (old != null) {
      part = part.minus(sealer.element(key, old));
    }
    if (sealed == null) {
      batch.delete(key.toArray());
      changed.put(key, Optional.empty());
    } else {
      part = part.plus(sealed.element());
      batch.put(key.toArray(), sealed.stored());
      noteRun(sealed.run());
      changed.put(key, Optional.of(sealed.id()));
    }
    state = state.with(side, part);
    return true;
  }

  private @Nullable SealId present(RecordKey key) {
    Optional<SealId> pending = changed.get(key);
    return pending != null ? pending.orElse(null) : index.find(key);
  }

  private void noteRun(RunKeys.Run run) {
    if (!run.isStored()) {
      newRuns.add(run);
    }
  }
}
