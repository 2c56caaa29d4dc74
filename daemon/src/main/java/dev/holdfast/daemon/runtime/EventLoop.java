package dev.holdfast.daemon.runtime;

import dev.holdfast.node.Node;
import dev.holdfast.node.model.Effect;
import dev.holdfast.node.model.Input;
import dev.holdfast.node.model.NodeSnapshot;
import dev.holdfast.node.work.Gate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The one thread that owns the node: it takes inputs from a bounded queue, steps the node,
/// publishes what others may see, and hands the effects on, in their order.
///
/// Thread-safe but for [#start], called once. Effects are handed on from the loop's thread and must
/// not block it.
public final class EventLoop {
  /// Inputs waiting at most. A request of a peer finds a full queue busy; results of effects wait.
  public static final int QUEUE_CAPACITY = 4096;

  private static final Duration OFFER_PERIOD = Duration.ofMillis(200);

  private final BlockingQueue<Input> queue = new ArrayBlockingQueue<>(QUEUE_CAPACITY);
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Pulse pulse = new Pulse(System::nanoTime);
  private final Object news = new Object();
  private final Node node;
  private final InstantSource time;
  private final Consumer<Effect> effects;
  private final Consumer<Throwable> onBug;
  private volatile Optional<NodeSnapshot> snapshot = Optional.empty();
  private volatile Optional<Gate> gate = Optional.empty();

  /// @param effects starts an effect; gets [Effect.Finish] too, as the last one
  /// @param onBug told when a step throws, after which the loop ends
  public EventLoop(
      Node node, InstantSource time, Consumer<Effect> effects, Consumer<Throwable> onBug) {
    this.node = node;
    this.time = time;
    this.effects = effects;
    this.onBug = onBug;
  }

  public void start() {
    Thread.ofVirtual().name("node").start(this::run);
  }

  /// As of the last step; empty before the first.
  public Optional<NodeSnapshot> snapshot() {
    return snapshot;
  }

  /// As of the last step; empty before the first.
  public Optional<Gate> gate() {
    return gate;
  }

  /// Whether the loop takes its steps: false when one takes longer than 30 s or is that much
  /// overdue, and after the end.
  public boolean isAlive() {
    return ended.getCount() > 0 && pulse.beats();
  }

  /// Puts `input` in the queue, waiting for room; does nothing once the loop has ended.
  public void post(Input input) throws InterruptedException {
    while (ended.getCount() > 0) {
      if (queue.offer(input, OFFER_PERIOD.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    }
  }

  /// Puts `input` in the queue if there is room.
  public boolean offer(Input input) {
    return ended.getCount() > 0 && queue.offer(input);
  }

  /// Waits for the end; false when it has not come after `atMost`.
  public boolean awaitEnd(Duration atMost) throws InterruptedException {
    return ended.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void run() {
    try {
      boolean finished = false;
      while (!finished) {
        finished = step(next());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      onBug.accept(e);
    } finally {
      ended.countDown();
    }
  }

  private boolean step(Input input) {
    pulse.works();
    boolean finished = false;
    for (Effect effect : publish(input)) {
      effects.accept(effect);
      finished |= effect instanceof Effect.Finish;
    }
    return finished;
  }

  private Iterable<Effect> publish(Input input) {
    Iterable<Effect> commands = node.step(input, time.instant());
    synchronized (news) {
      snapshot = Optional.of(node.snapshot());
      gate = Optional.of(node.gate());
      news.notifyAll();
    }
    return commands;
  }

  /// Waits for a snapshot like this; false when none has come after `atMost`, or the loop has
  /// ended.
  public boolean await(Predicate<NodeSnapshot> like, Duration atMost) throws InterruptedException {
    long end = System.nanoTime() + atMost.toNanos();
    synchronized (news) {
      while (snapshot.filter(like).isEmpty()) {
        long left = Duration.ofNanos(end - System.nanoTime()).toMillis();
        if (left <= 0 || ended.getCount() == 0) {
          return false;
        }
        news.wait(left);
      }
      return true;
    }
  }

  private Input next() throws InterruptedException {
    Optional<Instant> wakeAt = node.wakeAt();
    if (wakeAt.isEmpty()) {
      pulse.rests();
      return queue.take();
    }
    long nanos = Math.max(0, Duration.between(time.instant(), wakeAt.get()).toNanos());
    pulse.waits(nanos);
    @Nullable Input input = queue.poll(nanos, TimeUnit.NANOSECONDS);
    return input == null ? new Input.Tick() : input;
  }
}
