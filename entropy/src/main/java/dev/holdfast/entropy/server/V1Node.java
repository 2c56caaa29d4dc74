package dev.holdfast.entropy.server;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.entropy.account.Account;
import dev.holdfast.entropy.chain.Chain;
import dev.holdfast.entropy.chain.ChainException;
import dev.holdfast.entropy.chain.ChainServer;
import dev.holdfast.entropy.v1.ProviderDetails;
import dev.holdfast.entropy.v1.ServerInfo;
import dev.holdfast.entropy.v1.TssKeys;
import dev.holdfast.protocol.Endpoint;
import dev.holdfast.store.StoreException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// The life of a server of the original network: fresh or recovering, waiting for funds and
/// registration, backing up, ready, and looking after its backup.
///
/// It serves from the start (G22), and **a failing recovery never starts fresh** (G7): it is tried
/// again until it succeeds or the operator moves the folder away. [#run] is the life; everything
/// else may be called from any thread.
public final class V1Node implements AutoCloseable {
  /// What an account must own, in the chain's smallest unit: the original's limit.
  public static final BigInteger MIN_BALANCE = BigInteger.valueOf(10_000_000_000L);

  private static final String PROGRESS_RECOVERING = "RECOVERING";
  private static final String PROGRESS_WAITING = "WAITING_ADMISSION";
  private static final String PROGRESS_BACKING_UP = "BACKING_UP";

  private final V1Folder folder;
  private final Supplier<TssKeys> freshKeys;
  private final Chain chain;
  private final Quoting quoting;
  private final V1Client client;
  private final Options options;
  private final SecureRandom random;
  private final Consumer<String> log;
  private final V1Routes routes;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final ReentrantLock life = new ReentrantLock();
  private volatile V1State state = V1State.NO_CHAIN_CONNECTION;
  private volatile String progress = "STARTING";
  private volatile Optional<OpenNode> open = Optional.empty();

  /// @param retry how long to wait before anything is tried again
  /// @param watch how long between two looks at the provider
  /// @param deadline of a request to another server
  /// @param maxDeposits most accounts whose keys are held
  public record Options(Duration retry, Duration watch, Duration deadline, int maxDeposits) {
    /// 2 s, 30 s, 10 s, 100 000.
    public static Options defaults() {
      return new Options(
          Duration.ofSeconds(2), Duration.ofSeconds(30), Duration.ofSeconds(10), Deposits.MAX);
    }
  }

  /// What a server is made of.
  ///
  /// @param freshKeys the keys of a new identity
  public record Parts(
      Path folder,
      Supplier<TssKeys> freshKeys,
      Chain chain,
      Quoting quoting,
      SecureRandom random,
      Tools tools) {}

  /// @param time a monotonic clock
  /// @param log takes one line for people; never a secret
  public record Tools(InstantSource time, Consumer<String> log) {}

  public V1Node(Parts parts, Options options) {
    this.folder = new V1Folder(parts.folder(), parts.random());
    this.freshKeys = parts.freshKeys();
    this.chain = parts.chain();
    this.quoting = parts.quoting();
    this.random = parts.random();
    this.log = parts.tools().log();
    this.options = options;
    this.client = new V1Client(options.deadline(), random);
    this.routes = new V1Routes(this, chain, quoting, parts.tools().time(), random);
  }

  /// What a server around this answers from.
  public V1Routes routes() {
    return routes;
  }

  public V1State state() {
    return state;
  }

  /// Holdfast's word for the state, and what is missing.
  public String progress() {
    return progress;
  }

  Optional<OpenNode> open() {
    return open;
  }

  /// Lives until closed or interrupted.
  ///
  /// @throws IOException when the folder cannot be used, or holds a store whose provider file is
  ///   gone
  /// @throws StoreException when the store cannot be made
  public void run() throws IOException, StoreException, InterruptedException {
    life.lockInterruptibly();
    try {
      live();
    } finally {
      life.unlock();
    }
  }

  private void live() throws IOException, StoreException, InterruptedException {
    Optional<ProviderDetails> details = folder.details();
    boolean recovering = details.isPresent() && folder.hasStore();
    OpenNode node = recovering ? recover(details.get()) : fresh();
    open = Optional.of(node);
    untilDone(() -> connect(node));
    untilDone(() -> admitted(node));
    if (!recovering) {
      untilDone(() -> backUp(node));
    }
    if (!isClosed()) {
      state = V1State.READY;
      say("READY");
    }
    while (!isClosed()) {
      attempt(() -> lookAfter(node));
      pause(options.watch());
    }
  }

  /// Ends [#run], waits for it for a while, then closes the store.
  @Override
  public void close() {
    closed.countDown();
    client.close();
    try {
      if (life.tryLock(options.deadline().toMillis(), TimeUnit.MILLISECONDS)) {
        life.unlock();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    state = V1State.NO_CHAIN_CONNECTION;
    routes.close();
    Optional<OpenNode> node = open;
    open = Optional.empty();
    if (node.isPresent()) {
      try {
        node.get().close();
      } catch (StoreException e) {
        say("the store did not close: " + e.kind());
      }
    }
  }

  private interface Step {
    boolean isDone() throws IOException, StoreException, ChainException, InterruptedException;
  }

  private OpenNode fresh() throws IOException, StoreException {
    return folder.create(
        freshKeys.get(), SecretBytes.generate(Deposits.KEY_SIZE, random), options.maxDeposits());
  }

  private OpenNode recover(ProviderDetails details) throws InterruptedException {
    List<OpenNode> recovered = new ArrayList<>();
    say(PROGRESS_RECOVERING + ": asking " + details.provider().endpoint());
    untilDone(() -> {
      SecretBytes key = client.recover(details, quoting);
      try {
        recovered.add(folder.open(details.account(), key, options.maxDeposits()));
        return true;
      } finally {
        if (recovered.isEmpty()) {
          key.close();
        }
      }
    });
    if (recovered.isEmpty()) {
      throw new InterruptedException("closed while recovering");
    }
    return recovered.getFirst();
  }

  private boolean connect(OpenNode node) throws ChainException, InterruptedException {
    chain.validators();
    state = V1State.READ_ONLY_CHAIN_CONNECTION;
    say("CONNECTED: account " + node.keys().account());
    return true;
  }

  private boolean admitted(OpenNode node) throws ChainException, InterruptedException {
    Account account = node.keys().account();
    BigInteger free = chain.freeBalance(account).orElse(BigInteger.ZERO);
    boolean registered = chain.stashOf(account).isPresent();
    if (free.compareTo(MIN_BALANCE) >= 0 && registered) {
      return true;
    }
    say(
        "%s: %s has %s of %s units and is %s; fund it, and call validate or "
                .formatted(
                    PROGRESS_WAITING,
                    account,
                    free,
                    MIN_BALANCE,
                    registered ? "registered" : "not registered")
            + "change_threshold_accounts");
    return false;
  }

  /// Every validator but this one, in random order, until one takes the key (G8).
  private boolean backUp(OpenNode node) throws IOException, ChainException, InterruptedException {
    say(PROGRESS_BACKING_UP);
    Optional<ServerInfo> provider = Optional.empty();
    for (ServerInfo candidate : candidates(node)) {
      if (provider.isEmpty() && deposit(candidate, node)) {
        provider = Optional.of(candidate);
      }
    }
    if (provider.isEmpty()) {
      say(PROGRESS_BACKING_UP + ": no other validator took the key");
      return false;
    }
    folder.confirm(new ProviderDetails(provider.get(), node.keys().account()));
    return true;
  }

  private boolean deposit(ServerInfo provider, OpenNode node) throws InterruptedException {
    try {
      client.deposit(provider, node.storeKey(), node.keys());
      return true;
    } catch (IOException e) {
      say(PROGRESS_BACKING_UP + ": " + provider.endpoint() + ": " + e.getMessage());
      return false;
    }
  }

  private List<ServerInfo> candidates(OpenNode node) throws ChainException, InterruptedException {
    List<ServerInfo> candidates = new ArrayList<>();
    for (Account stash : chain.validators()) {
      chain
          .server(stash)
          .flatMap(V1Node::readable)
          .filter(server -> !server.account().equals(node.keys().account()))
          .filter(server -> !server.x25519Key().equals(node.keys().encryption().publicKey()))
          .ifPresent(candidates::add);
    }
    Collections.shuffle(candidates, random);
    return candidates;
  }

  /// A provider that left the validators or changed its keys or endpoint is replaced (G10); one
  /// that is there gets the key again, since it may have forgotten it (G6).
  private boolean lookAfter(OpenNode node)
      throws IOException, ChainException, InterruptedException {
    Optional<ProviderDetails> details = folder.details();
    boolean listed = details.isPresent() && candidates(node).contains(details.get().provider());
    return (listed && deposit(details.get().provider(), node)) || backUp(node);
  }

  private static Optional<ServerInfo> readable(ChainServer server) {
    try {
      String endpoint =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(server.endpoint().toArray()))
              .toString();
      Bytes key = server.x25519Key();
      return Optional.of(new ServerInfo(key, Endpoint.parse(endpoint), server.account()));
    } catch (CharacterCodingException | MalformedException e) {
      return Optional.empty();
    }
  }

  private void untilDone(Step step) throws InterruptedException {
    while (!isClosed() && !attempt(step)) {
      pause(options.retry());
    }
  }

  private boolean attempt(Step step) throws InterruptedException {
    try {
      return step.isDone();
    } catch (IOException | ChainException | StoreException e) {
      if (!isClosed()) {
        say(progress.split(":", 2)[0] + ": " + e.getMessage());
      }
      return false;
    }
  }

  private void pause(Duration duration) throws InterruptedException {
    closed.await(duration.toMillis(), TimeUnit.MILLISECONDS);
  }

  private boolean isClosed() {
    return closed.getCount() == 0;
  }

  private void say(String line) {
    if (!line.equals(progress)) {
      progress = line;
      log.accept(line);
    }
  }
}
