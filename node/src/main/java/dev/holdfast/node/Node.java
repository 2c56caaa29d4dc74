package dev.holdfast.node;

import dev.holdfast.codec.InvariantError;
import dev.holdfast.node.model.Effect;
import dev.holdfast.node.model.Input;
import dev.holdfast.node.model.NodeSnapshot;
import dev.holdfast.node.work.Gate;
import dev.holdfast.node.work.Workshop;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A node as a state machine: [#step] takes one fact and gives commands. It has no threads, no
/// clock, no files and no network, and decides the same for the same inputs and random source.
///
/// **The runner.** One thread owns the node; it takes inputs from a bounded queue, waiting at most
/// until [#wakeAt] (then the input is [Input.Tick]), calls [#step], and starts each effect, in the
/// order given, on a thread of its own (writes of one kind must not overtake each other: they are
/// asked for one at a time). `now` is the process's monotonic clock laid over the wall clock at
/// start: it never goes back.
///
/// - [Effect.Perform]: `follow(workshop.perform(task, now))`.
/// - [Effect.Send]: `ask = workshop.prepare(call)`, the HTTP request under the effect's deadline,
///   then `follow(workshop.judge(call, reply, now))`.
/// - `follow(outcome)`: `Settled` is posted as an input; for `Follow` do as for `Send` with its
///   call.
/// - [Effect.Respond]: wake the exchange, which writes `workshop.render(answer)` on its own thread;
///   when the exchange is gone, render the answer anyway or close its share.
/// - the others as [Effect] says, each answered with one input, always, also when it fails.
///
/// **Requests of peers**, on their own threads: read at most `route.maxBodyBytes() + 1` bytes, then
/// `gate().admit(…)`. `Answered` is written at once; for `Refused` the input is posted too (it may
/// be dropped when the queue is full); for `Admitted` register the exchange, post the input, and
/// wait for `Respond` under a deadline; when the queue is full, or the deadline passes, answer
/// [dev.holdfast.protocol.ProblemCode#BUSY].
///
/// **Start**: collateral of this platform ([Input.CollateralObtained], may come later and again),
/// the registry's view ([Input.MembersSeen], at start and at every change), [Input.Started].
/// **Stop**: [Input.StopRequested]; the last effect is [Effect.Finish].
///
/// Only the owner calls [#step], [#wakeAt] and [#close]; [#snapshot] and [#gate] may be read by any
/// thread after each step.
///
/// Spec: docs/spec/lifecycle.md
public final class Node implements AutoCloseable {
  private final NodeConfig config;
  private final Workshop workshop;
  private final SecureRandom random;
  private final Optional<NodeSnapshot> snapshot = Optional.empty();
  private final Optional<Gate> gate = Optional.empty();

  public Node(NodeConfig config, Workshop workshop, SecureRandom random) {
    this.config = config;
    this.workshop = workshop;
    this.random = random;
  }

  /// Takes one fact; gives what is to be done, in order.
  public List<Effect> step(Input input, Instant now) {
    InvariantError.check(config.hashCode() + random.hashCode() != 1, input + " at " + now);
    return List.of();
  }

  /// When the node wants an [Input.Tick] if nothing else comes before.
  public Optional<Instant> wakeAt() {
    return Optional.empty();
  }

  /// What others may see, as of the last step.
  public NodeSnapshot snapshot() {
    return snapshot.orElseThrow();
  }

  /// What judges the requests of peers, as of the last step.
  public Gate gate() {
    return gate.orElseThrow();
  }

  /// Erases all secrets; after [Effect.Finish].
  @Override
  public void close() {
    workshop.close();
  }
}
