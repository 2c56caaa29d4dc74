package dev.holdfast.daemon.runtime;

import dev.holdfast.node.model.Answer;
import dev.holdfast.node.model.ExchangeId;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/// Requests of peers that wait for the node's decision. Thread-safe.
public final class Exchanges {
  private final AtomicLong last = new AtomicLong();
  private final Map<ExchangeId, CompletableFuture<Answer>> waiting = new ConcurrentHashMap<>();

  public Exchanges() {}

  /// A number never given before.
  public ExchangeId next() {
    return new ExchangeId(last.incrementAndGet());
  }

  /// Makes `exchange` wait from now on: before the node is told of it.
  public void open(ExchangeId exchange) {
    waiting.put(exchange, new CompletableFuture<>());
  }

  /// The node's answer, or nothing when none came within `atMost` or the exchange is not open. The
  /// exchange is over in every case.
  public Optional<Answer> await(ExchangeId exchange, Duration atMost) throws InterruptedException {
    CompletableFuture<Answer> answer = waiting.get(exchange);
    if (answer == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(answer.get(atMost.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException | ExecutionException e) {
      // The answer may come at this very moment: whoever is first decides who closes its secrets.
      return answer.cancel(false) ? Optional.empty() : Optional.of(answer.join());
    } finally {
      answer.cancel(false);
      waiting.remove(exchange);
    }
  }

  /// Ends `exchange` without an answer: the node was never told of it.
  public void drop(ExchangeId exchange) {
    waiting.remove(exchange);
  }

  /// Wakes `exchange` with `answer`; when it is gone, closes the answer's secrets.
  public void complete(ExchangeId exchange, Answer answer) {
    CompletableFuture<Answer> future = waiting.get(exchange);
    if (future != null && future.complete(answer)) {
      return;
    }
    if (answer instanceof Answer.ShareReleased released) {
      released.share().close();
    }
  }
}
