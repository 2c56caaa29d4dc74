package dev.holdfast.store;

import dev.holdfast.codec.Bytes;
import dev.holdfast.store.Sealer.Opened;
import dev.holdfast.store.Space.Side;
import dev.holdfast.store.StoreState.SideState;
import dev.holdfast.store.keys.RunKeys;
import java.util.Collections;
import java.util.HashSet;
import java.util.OptionalInt;
import java.util.Set;

/// Reads a whole store: every record opens, lies where its name belongs, and all of them together
/// have the digest that the state says. Builds the index on the way.
///
/// Spec: docs/spec/store.md#open
final class StoreCheck {
  private static final int PROGRESS_EVERY = 1024;

  private final Sealer sealer;
  private final StoreState expected;
  private final CheckProgress progress;
  private final Index index = new Index();
  private final Set<Integer> unusedSalts = new HashSet<>();
  private final Set<Integer> usedSalts = new HashSet<>();
  private StoreState found;
  private long checked;

  /// What a good store gives.
  ///
  /// @param unusedSalts salts of runs that left no record
  record Checked(Index index, Set<Integer> unusedSalts) {}

  private StoreCheck(Sealer sealer, StoreState expected, CheckProgress progress) {
    this.sealer = sealer;
    this.expected = expected;
    this.progress = progress;
    this.found =
        new StoreState(
            SideState.EMPTY.withVersion(expected.store().version()),
            SideState.EMPTY.withVersion(expected.ledger().version()),
            expected.headerDigest());
  }

  /// Makes the salts on disk known to `runs`.
  static void loadSalts(Engine engine, RunKeys runs) throws StoreException {
    engine.scan(
        Engine.Keys.salt(0),
        (key, value) -> {
          OptionalInt saltId = Engine.Keys.saltId(key);
          if (saltId.isPresent() && value.length != RunKeys.SALT_SIZE) {
            throw StoreException.corrupted("run salt: expected 32 bytes, found " + value.length);
          }
          saltId.ifPresent(id -> runs.addSalt(id, Bytes.copyOf(value)));
          return saltId.isPresent();
        });
  }

  /// @param stateSalt the salt that the state record uses
  /// @throws StoreException `CORRUPTED` when anything is not as it was written
  static Checked run(
      Engine engine, Sealer sealer, StoreState expected, int stateSalt, CheckProgress progress)
      throws StoreException {
    StoreCheck check = new StoreCheck(sealer, expected, progress);
    check.report();
    engine.scan(new byte[0], check::visit);
    check.compare();
    check.report();
    return check.finish(stateSalt);
  }

  private boolean visit(byte[] key, byte[] value) throws StoreException {
    OptionalInt saltId = Engine.Keys.saltId(key);
    if (saltId.isPresent()) {
      unusedSalts.add(saltId.getAsInt());
    } else if (!Engine.Keys.isHeaderOrState(key)) {
      RecordKey recordKey =
          RecordKey.parse(key)
              .orElseThrow(() -> StoreException.corrupted("a key that this store never wrote"));
      checkRecord(recordKey, value);
    }
    return true;
  }

  private void checkRecord(RecordKey key, byte[] stored) throws StoreException {
    Opened opened = sealer.open(key, stored);
    opened.value().close();
    if (!sealer.keyOf(key.space(), opened.name()).equals(key)) {
      throw StoreException.corrupted(key + ": it holds another name's record");
    }
    Side side = key.space().side();
    found = found.with(side, found.side(side).plus(sealer.element(key, opened.seal())));
    index.put(key, opened.seal());
    usedSalts.add(opened.seal().saltId());
    checked++;
    if (checked % PROGRESS_EVERY == 0) {
      report();
    }
  }

  private void compare() throws StoreException {
    for (Side side : Side.values()) {
      SideState want = expected.side(side);
      SideState have = found.side(side);
      if (want.count() != have.count()) {
        throw StoreException.corrupted(
            "%s at version %d: expected %d records, found %d: records are %s"
                .formatted(
                    side,
                    want.version(),
                    want.count(),
                    have.count(),
                    want.count() > have.count() ? "missing" : "left over or planted"));
      }
      if (!want.digest().equals(have.digest())) {
        throw StoreException.corrupted(
            "%s at version %d: %d records as expected, but the set digest is another: at least one"
                    .formatted(side, want.version(), want.count())
                + " is older than it should be, or replaced");
      }
    }
  }

  private Checked finish(int stateSalt) {
    usedSalts.add(stateSalt);
    unusedSalts.removeAll(usedSalts);
    unusedSalts.forEach(sealer.runs()::dropSalt);
    sealer.runs().startAfter(Collections.max(usedSalts));
    return new Checked(index, Set.copyOf(unusedSalts));
  }

  private void report() {
    progress.checked(checked, expected.store().count() + expected.ledger().count());
  }
}
