package dev.holdfast.node;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.EnvelopeKeys;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.node.context.NodeContext;
import dev.holdfast.node.context.Quotes;
import dev.holdfast.node.context.Roster;
import dev.holdfast.node.model.Call;
import dev.holdfast.node.model.Effect;
import dev.holdfast.node.model.Event;
import dev.holdfast.node.model.NodeSnapshot.DrillReport;
import dev.holdfast.node.model.Reply;
import dev.holdfast.node.model.Setback;
import dev.holdfast.node.model.Task;
import dev.holdfast.protocol.manifest.Manifest;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/// Rehearses a recovery while the store is open: asks the providers of the committed manifest for
/// their shares as a restarted node would, with a fresh quote, and does with them what it would do,
/// short of opening the store. What comes of it is compared, reported and erased.
///
/// It is the present generation's shares that are asked for, not those of a key made for the
/// purpose: only they show that these providers would release to this image on this platform today.
///
/// Spec: docs/spec/lifecycle.md#drill
final class Drill {
  /// A provider that has not given its share by then is counted as one that would not.
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final NodeContext context;
  private final Quotes quotes;
  private final Roster roster;
  private Optional<Rehearsal> present = Optional.empty();
  private Optional<DrillReport> last = Optional.empty();
  private Phase phase = Phase.GATHERING;
  private long number;

  /// How far the present one is.
  private enum Phase {
    GATHERING,
    UNLOCKING,
    ENDED
  }

  private record Rehearsal(
      Manifest.Received manifest, EnvelopeKeys keys, Gathering gathering, Instant until) {}

  Drill(NodeContext context, Quotes quotes, Roster roster) {
    this.context = context;
    this.quotes = quotes;
    this.roster = roster;
  }

  /// The last that ended in this run of the node.
  Optional<DrillReport> last() {
    return last;
  }

  /// Begins one, unless one is under way.
  ///
  /// @param committed the manifest as it is on the disk
  void begin(Bytes committed) {
    if (present.isPresent()) {
      return;
    }
    Manifest.Received manifest;
    try {
      manifest = Manifest.parse(committed);
    } catch (MalformedException e) {
      throw new InvariantError("a node reads its own manifest", e);
    }
    EnvelopeKeys keys = context.workshop.crypto().generateEnvelopeKeys();
    Gathering gathering = new Gathering(context, quotes, roster, manifest.manifest(), keys);
    present = Optional.of(new Rehearsal(manifest, keys, gathering, context.now().plus(PATIENCE)));
    phase = Phase.GATHERING;
  }

  void advance() {
    if (present.isEmpty() || context.collateral().isEmpty()) {
      return;
    }
    switch (phase) {
      case GATHERING -> gather(present.get());
      case UNLOCKING -> {}
      case ENDED -> closeWhenQuiet(present.get());
    }
  }

  private void gather(Rehearsal rehearsal) {
    int holders = rehearsal.manifest().manifest().holders().size();
    boolean over =
        rehearsal.gathering().shares() == holders || !context.now().isBefore(rehearsal.until());
    if (!over) {
      rehearsal.gathering().advance();
    } else if (rehearsal.gathering().haveEnough()) {
      phase = Phase.UNLOCKING;
      context.emit(
          new Effect.Perform(
              new Task.Unlock(
                  rehearsal.manifest(), Task.Sharers.PROVIDERS, rehearsal.gathering().enough())));
    } else {
      end(rehearsal, Optional.of(tooFew(rehearsal)));
    }
  }

  private static Setback tooFew(Rehearsal rehearsal) {
    int needed = rehearsal.manifest().manifest().terms().threshold().k();
    return Setback.passing(
        Setback.TOO_FEW_SHARES,
        "%d of the %d shares needed came".formatted(rehearsal.gathering().shares(), needed));
  }

  Optional<Instant> wakeAt() {
    if (present.isEmpty() || phase != Phase.GATHERING || context.collateral().isEmpty()) {
      return Optional.empty();
    }
    Rehearsal rehearsal = present.get();
    return Stream.of(rehearsal.gathering().wakeAt(), Optional.of(rehearsal.until()))
        .flatMap(Optional::stream)
        .min(Instant::compareTo);
  }

  /// True for calls of this drill; a challenge is as good for whoever else wants one.
  boolean isOwn(Call call) {
    return present
        .filter(rehearsal ->
            call instanceof Call.AskRelease release
                ? rehearsal.keys() == release.keys()
                : call instanceof Call.AskChallenge challenge
                    && rehearsal.gathering().awaitsChallenge(challenge))
        .isPresent();
  }

  void answered(Call call, Reply reply) {
    present.orElseThrow().gathering().answered(call, reply);
  }

  boolean isUnlocking() {
    return phase == Phase.UNLOCKING;
  }

  /// The key that the shares give is the generation's: its origin and the manifest bear it out.
  void unlocked(SecretBytes rootKey) {
    rootKey.close();
    end(present.orElseThrow(), Optional.empty());
  }

  void unlockFailed(Setback why) {
    end(present.orElseThrow(), Optional.of(why));
  }

  private void end(Rehearsal rehearsal, Optional<Setback> setback) {
    phase = Phase.ENDED;
    DrillReport report =
        new DrillReport(
            ++number,
            context.now(),
            rehearsal.gathering().shares(),
            rehearsal.manifest().manifest().terms().threshold().k(),
            rehearsal.gathering().statuses(),
            setback);
    last = Optional.of(report);
    context.report(new Event.Drilled(report.shares(), report.needed(), setback));
    rehearsal.gathering().close();
    closeWhenQuiet(rehearsal);
  }

  /// Answers that are still to come need the response key, if only to be thrown away.
  private void closeWhenQuiet(Rehearsal rehearsal) {
    if (!rehearsal.gathering().isBusy()) {
      rehearsal.keys().close();
      present = Optional.empty();
    }
  }

  void close() {
    present.ifPresent(rehearsal -> {
      rehearsal.gathering().close();
      rehearsal.keys().close();
    });
  }
}
