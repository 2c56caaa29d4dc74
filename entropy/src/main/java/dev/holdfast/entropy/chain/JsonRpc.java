package dev.holdfast.entropy.chain;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Json;
import dev.holdfast.codec.JsonValue;
import dev.holdfast.codec.JsonValue.JsonNull;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.entropy.chain.ChainException.Kind;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// One connection that carries JSON-RPC 2.0 over a WebSocket. Every call has a deadline, every
/// message a limit; after a failure of the connection every call fails and a new one is needed. A
/// call without an answer in time is such a failure: a connection may be gone without a word, and
/// would be asked in vain for ever. Thread-safe.
final class JsonRpc implements AutoCloseable {
  /// Longest message taken: metadata of 1 MiB in hexadecimal, and room.
  static final int MAX_MESSAGE_CHARACTERS = 2 * 1024 * 1024 + 4096;

  private static final String FINALISED = "chain_finalizedHead";

  private final String name;
  private final Duration deadline;
  private final WebSocket socket;
  private final Listener listener;
  private final AtomicLong lastId = new AtomicLong();
  private final Semaphore sending = new Semaphore(1);

  private JsonRpc(String name, Duration deadline, WebSocket socket, Listener listener) {
    this.name = name;
    this.deadline = deadline;
    this.socket = socket;
    this.listener = listener;
  }

  /// @param deadline for connecting and for each call
  static JsonRpc connect(HttpClient client, ChainEndpoint endpoint, Duration deadline)
      throws ChainException, InterruptedException {
    Listener listener = new Listener();
    CompletableFuture<WebSocket> opening =
        client.newWebSocketBuilder().connectTimeout(deadline).buildAsync(endpoint.uri(), listener);
    WebSocket socket = await(endpoint.toString(), opening, deadline);
    return new JsonRpc(endpoint.toString(), deadline, socket, listener);
  }

  /// Calls `method` with `params`, which are JSON each, and returns the result.
  JsonValue call(String method, String... params) throws ChainException, InterruptedException {
    long id = lastId.incrementAndGet();
    CompletableFuture<JsonValue> answer = new CompletableFuture<>();
    listener.pending.put(id, answer);
    try {
      if (listener.failed) {
        throw broken(name);
      }
      send(
          JsonWriter.object()
              .put("jsonrpc", "2.0")
              .put("id", id)
              .put("method", method)
              .raw("params", "[" + String.join(",", params) + "]")
              .toString());
      return result(method, orEnd(answer));
    } finally {
      listener.pending.remove(id);
    }
  }

  /// Waits for word of a newly finalised block since the last wait; false after `atMost`.
  boolean awaitFinalised(Duration atMost) throws ChainException, InterruptedException {
    boolean heard = listener.finalised.tryAcquire(atMost.toMillis(), TimeUnit.MILLISECONDS);
    if (listener.failed) {
      throw broken(name);
    }
    listener.finalised.drainPermits();
    return heard;
  }

  boolean isOpen() {
    return !listener.failed;
  }

  @Override
  public void close() {
    socket.abort();
    listener.fail();
  }

  private void send(String text) throws ChainException, InterruptedException {
    sending.acquire();
    try {
      orEnd(socket.sendText(text, true));
    } finally {
      sending.release();
    }
  }

  private <T> T orEnd(CompletableFuture<T> future) throws ChainException, InterruptedException {
    try {
      return await(name, future, deadline);
    } catch (ChainException e) {
      close();
      throw e;
    }
  }

  private JsonValue result(String method, JsonValue message) throws ChainException {
    try {
      JsonObject object = message.asObject();
      if (object.has("error")) {
        throw new ChainException(
            Kind.CHAIN_REFUSED,
            "%s: %s failed with code %d"
                .formatted(
                    name,
                    method,
                    object.object("error").integer("code", Long.MIN_VALUE, Long.MAX_VALUE)));
      }
      return object.member("result");
    } catch (MalformedException e) {
      throw malformed(name, e);
    }
  }

  static ChainException malformed(String name, MalformedException e) {
    return new ChainException(Kind.CHAIN_MALFORMED, name + ": " + e.getMessage(), e);
  }

  private static ChainException broken(String name) {
    return new ChainException(
        Kind.CHAIN_UNAVAILABLE, name + ": the connection broke, or a message was too long");
  }

  private static <T> T await(String name, CompletableFuture<T> future, Duration deadline)
      throws ChainException, InterruptedException {
    try {
      return future.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      future.cancel(true);
      throw new ChainException(Kind.CHAIN_UNAVAILABLE, name + ": no answer in time", e);
    } catch (ExecutionException e) {
      throw new ChainException(
          Kind.CHAIN_UNAVAILABLE, name + ": no connection, or it broke, or no WebSocket", e);
    }
  }

  /// Takes messages apart as they come.
  private static final class Listener implements WebSocket.Listener {
    private final Map<Long, CompletableFuture<JsonValue>> pending = new ConcurrentHashMap<>();
    private final Semaphore finalised = new Semaphore(0);
    private final StringBuilder message = new StringBuilder();
    private volatile boolean failed;

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
      message.append(part);
      if (message.length() > MAX_MESSAGE_CHARACTERS) {
        socket.abort();
        fail();
        return null;
      }
      if (last) {
        Bytes whole = Bytes.utf8(message.toString());
        message.setLength(0);
        take(socket, whole);
      }
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
      fail();
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      fail();
    }

    /// A message that is no JSON-RPC ends the connection: nothing behind it can be trusted to be in
    /// step.
    private void take(WebSocket socket, Bytes whole) {
      try {
        JsonObject object = Json.parse(whole).asObject();
        if (object.has("method")) {
          if (object.string("method").equals(FINALISED)) {
            finalised.release();
          }
          return;
        }
        if (object.member("id") instanceof JsonNull) {
          return;
        }
        var answer = pending.remove(object.integer("id", 0, Long.MAX_VALUE));
        if (answer != null) {
          answer.complete(object);
        }
      } catch (MalformedException e) {
        socket.abort();
        fail();
      }
    }

    private void fail() {
      failed = true;
      finalised.release();
      for (CompletableFuture<JsonValue> answer : pending.values()) {
        answer.completeExceptionally(new IllegalStateException("the connection broke"));
      }
    }
  }
}
