package dev.holdfast.daemon.entropy;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.daemon.http.BoundedBody;
import dev.holdfast.daemon.http.HttpLimits;
import dev.holdfast.daemon.http.HttpServer;
import dev.holdfast.daemon.http.Reply;
import dev.holdfast.daemon.http.Responder;
import dev.holdfast.daemon.runtime.DurableFiles;
import dev.holdfast.daemon.runtime.FolderLock;
import dev.holdfast.daemon.runtime.MonotonicTime;
import dev.holdfast.entropy.chain.Chain;
import dev.holdfast.entropy.chain.ChainEndpoint;
import dev.holdfast.entropy.chain.SubstrateChain;
import dev.holdfast.entropy.server.Quoting;
import dev.holdfast.entropy.server.V1Answer;
import dev.holdfast.entropy.server.V1Node;
import dev.holdfast.entropy.server.V1Routes;
import dev.holdfast.entropy.v1.TssKeys;
import dev.holdfast.store.StoreException;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// A server of the v1 profile: chain, store, routes, socket.
///
/// **Insecure** (docs/operating/entropy-v1.md), so it is no part of a Holdfast node: it has its own
/// process, folder, identity and store, and knows nothing of a node's.
public final class EntropyServer implements AutoCloseable {
  private static final HttpLimits LIMITS = HttpLimits.defaults();

  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final V1Node node;
  private final HttpServer http;

  /// @param keys those of a new identity; used when the folder is empty
  public record Settings(
      Path folder,
      SocketAddress listen,
      List<ChainEndpoint> chain,
      Bytes genesis,
      Supplier<TssKeys> keys,
      V1Node.Options options) {}

  private EntropyServer(
      Settings settings, Quoting quoting, Consumer<String> log, Consumer<Throwable> onBug)
      throws IOException {
    DurableFiles.createFolder(settings.folder());
    keep(FolderLock.take(settings.folder()));
    SecureRandom random = new SecureRandom();
    MonotonicTime time = new MonotonicTime();
    Chain chain =
        keep(
            SubstrateChain.of(
                settings.chain(), settings.genesis(), SubstrateChain.Options.defaults(), time));
    this.node =
        keep(
            new V1Node(
                new V1Node.Parts(
                    settings.folder(),
                    settings.keys(),
                    chain,
                    quoting,
                    random,
                    new V1Node.Tools(time, log)),
                settings.options()));
    this.http = keep(HttpServer.start(settings.listen(), new Service(node.routes(), onBug)));
  }

  /// Listens; [#run] does the rest.
  ///
  /// @param log takes one line for people
  /// @param onBug told of what a handler threw without meaning to
  /// @throws IOException when folder or address cannot be used
  public static EntropyServer start(
      Settings settings, Quoting quoting, Consumer<String> log, Consumer<Throwable> onBug)
      throws IOException {
    return new EntropyServer(settings, quoting, log, onBug);
  }

  /// The bound TCP port.
  public int port() {
    return http.port();
  }

  public V1Node node() {
    return node;
  }

  /// Lives until closed or interrupted.
  ///
  /// @throws IOException as [V1Node#run]
  /// @throws StoreException as [V1Node#run]
  public void run() throws IOException, StoreException, InterruptedException {
    node.run();
  }

  /// Closes everything in the reverse order of opening, once.
  @Override
  public synchronized void close() {
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (Exception e) {
        // The process ends, and the kernel takes back what is left.
      }
    }
  }

  private <T extends AutoCloseable> T keep(T resource) {
    opened.push(resource);
    return resource;
  }

  private static final class Service implements Responder {
    private final V1Routes routes;
    private final Consumer<Throwable> onBug;
    private final Semaphore concurrent = new Semaphore(LIMITS.concurrentRequests());

    Service(V1Routes routes, Consumer<Throwable> onBug) {
      this.routes = routes;
      this.onBug = onBug;
    }

    @Override
    public HttpLimits limits() {
      return LIMITS;
    }

    @Override
    public Reply answer(Call call) throws IOException, InterruptedException {
      byte[] body = BoundedBody.read(call.body(), V1Routes.MAX_BODY);
      if (body.length > V1Routes.MAX_BODY) {
        return reply(413, "text/plain", Bytes.EMPTY, true);
      }
      if (!concurrent.tryAcquire()) {
        return reply(503, "text/plain", Bytes.EMPTY, false);
      }
      try {
        V1Answer answer =
            routes.answer(call.method(), call.path(), call.query(), Bytes.copyOf(body));
        return reply(answer.status(), answer.contentType(), answer.body(), false);
      } catch (RuntimeException | InvariantError e) {
        onBug.accept(e);
        return reply(500, "text/plain", Bytes.EMPTY, false);
      } finally {
        concurrent.release();
      }
    }

    private static Reply reply(int status, String type, Bytes body, boolean last) {
      return new Reply(status, type, body, Optional.empty(), last);
    }
  }
}
