package dev.holdfast.daemon.runtime;

import dev.holdfast.daemon.log.NodeLog;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Tells the service manager that started this process how it does: ready once it serves, the
/// node's sentence when it changes, a sign of life for as long as the node's loop moves, and that
/// it stops. What cannot be told is logged once and harms nothing.
///
/// Source: sd_notify(3), the variables NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID.
public final class ServiceManager implements AutoCloseable {
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
  private static final int MAX_STATUS = 500;

  private final Optional<String> socket;
  private final Optional<Duration> watchdog;
  private final NodeLog log;
  private boolean failed;
  private Optional<Thread> telling = Optional.empty();

  private ServiceManager(Optional<String> socket, Optional<Duration> watchdog, NodeLog log) {
    this.socket = socket;
    this.watchdog = watchdog;
    this.log = log;
  }

  /// As the environment of process `pid` says; one that tells nobody when it names no socket.
  public static ServiceManager of(Map<String, String> environment, long pid, NodeLog log) {
    Optional<String> socket =
        Optional.ofNullable(environment.get("NOTIFY_SOCKET")).filter(name -> !name.isEmpty());
    @Nullable String owner = environment.get("WATCHDOG_PID");
    Optional<Duration> watchdog =
        owner == null || owner.equals(Long.toString(pid))
            ? Optional.ofNullable(environment.get("WATCHDOG_USEC")).flatMap(ServiceManager::micros)
            : Optional.empty();
    return new ServiceManager(socket, watchdog, log);
  }

  private static Optional<Duration> micros(String text) {
    return text.matches("[1-9][0-9]{0,14}")
        ? Optional.of(Duration.ofNanos(Math.multiplyExact(Long.parseLong(text), 1000)))
        : Optional.empty();
  }

  /// Says that the process serves, and goes on telling until closed.
  ///
  /// @param alive whether the node's loop moves; while not, no sign of life is given, and the
  ///   service manager starts the process anew
  public synchronized void serves(Supplier<String> sentence, BooleanSupplier alive) {
    if (socket.isPresent()) {
      tell("READY=1");
      telling = Optional.of(Thread.ofVirtual().name("notify").start(() -> goOn(sentence, alive)));
    }
  }

  /// Says that the process stops.
  public void stops() {
    tell("STOPPING=1");
  }

  @Override
  public synchronized void close() {
    telling.ifPresent(Thread::interrupt);
  }

  private void goOn(Supplier<String> sentence, BooleanSupplier alive) {
    Duration pause = watchdog.map(w -> w.dividedBy(4)).orElse(LOOK_EVERY);
    pause = pause.compareTo(LOOK_EVERY) < 0 ? pause : LOOK_EVERY;
    String told = "";
    try {
      while (true) {
        String now = oneLine(sentence.get());
        if (!now.equals(told)) {
          tell("STATUS=" + now);
          told = now;
        }
        if (watchdog.isPresent() && alive.getAsBoolean()) {
          tell("WATCHDOG=1");
        }
        Thread.sleep(pause);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// A line end would begin another assignment.
  private static String oneLine(String sentence) {
    String line = sentence.replaceAll("\\p{Cntrl}", " ");
    return line.length() <= MAX_STATUS ? line : line.substring(0, MAX_STATUS) + "…";
  }

  private synchronized void tell(String assignment) {
    if (socket.isEmpty()) {
      return;
    }
    try (NotifySocket to = new NotifySocket(socket.get())) {
      to.send(assignment);
      failed = false;
    } catch (IOException e) {
      if (!failed) {
        log.effectFailed("notify the service manager", String.valueOf(e.getMessage()));
      }
      failed = true;
    }
  }
}
