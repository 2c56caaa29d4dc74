package dev.holdfast.daemon;

import dev.holdfast.attestation.AttestationVerifier;
import dev.holdfast.attestation.TrustAnchor;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.Crypto;
import dev.holdfast.daemon.config.HostPort;
import dev.holdfast.daemon.config.NodeConfiguration;
import dev.holdfast.daemon.config.NodeConfiguration.Evidence;
import dev.holdfast.daemon.http.HttpLimits;
import dev.holdfast.daemon.http.HttpServer;
import dev.holdfast.daemon.http.LoopbackOnly;
import dev.holdfast.daemon.http.PeerClient;
import dev.holdfast.daemon.http.Route;
import dev.holdfast.daemon.http.RouteTable;
import dev.holdfast.daemon.local.LocalSocket;
import dev.holdfast.daemon.log.LibraryLog;
import dev.holdfast.daemon.log.NodeLog;
import dev.holdfast.daemon.runtime.AnswerFilter;
import dev.holdfast.daemon.runtime.CollateralFeed;
import dev.holdfast.daemon.runtime.CustodianKeys;
import dev.holdfast.daemon.runtime.DurableFiles;
import dev.holdfast.daemon.runtime.EffectRunner;
import dev.holdfast.daemon.runtime.EventLoop;
import dev.holdfast.daemon.runtime.Exchanges;
import dev.holdfast.daemon.runtime.FolderLock;
import dev.holdfast.daemon.runtime.ManifestFiles;
import dev.holdfast.daemon.runtime.MonotonicTime;
import dev.holdfast.daemon.runtime.RegistryFeed;
import dev.holdfast.daemon.runtime.ReleaseLog;
import dev.holdfast.daemon.runtime.ServiceManager;
import dev.holdfast.daemon.runtime.SimulatedEvidence;
import dev.holdfast.daemon.runtime.StoreDesk;
import dev.holdfast.node.Node;
import dev.holdfast.node.context.NodeConfig;
import dev.holdfast.node.context.Timings;
import dev.holdfast.node.model.Input;
import dev.holdfast.node.model.NodeSnapshot;
import dev.holdfast.node.work.CollateralShelf;
import dev.holdfast.node.work.Workshop;
import dev.holdfast.platform.CollateralFile;
import dev.holdfast.platform.CollateralSource;
import dev.holdfast.platform.ConfigfsTsm;
import dev.holdfast.platform.EvidenceSource;
import dev.holdfast.platform.collateral.CollateralCache;
import dev.holdfast.platform.collateral.CollateralService;
import dev.holdfast.platform.collateral.ServiceCollateral;
import dev.holdfast.platform.collateral.ServiceUrl;
import dev.holdfast.platform.collateral.TcbUpdate;
import dev.holdfast.protocol.EvidenceFloor;
import dev.holdfast.protocol.Image;
import dev.holdfast.protocol.Posture;
import dev.holdfast.protocol.custody.CustodianKey;
import dev.holdfast.protocol.posture.KeyQuorum;
import dev.holdfast.protocol.posture.Witnessing;
import dev.holdfast.registry.MembershipRegistry;
import dev.holdfast.simulator.DevelopmentVendor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;

/// A node on a real machine, from its configuration to its end. [#start] is the wiring, all of it.
public final class Daemon {
  /// The version that member records and `--version` say.
  public static final String VERSION = "0.1.0";

  private static final Duration STOP_DEADLINE = Duration.ofSeconds(5);
  private static final String COLLATERAL_FOLDER = "collateral";
  private static final int VENDOR_MAX_BYTES = 1024 * 1024;

  private final NodeLog log;
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final ServiceManager manager;
  private final CountDownLatch stopRequested = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile Optional<Throwable> bug = Optional.empty();
  private volatile String stopReason = "asked";

  private Daemon(NodeLog log) {
    this.log = log;
    this.manager = keep(ServiceManager.of(System.getenv(), ProcessHandle.current().pid(), log));
  }

  /// How a node ended.
  public enum End {
    STOPPED,
    BUG
  }

  /// Runs a node until it is asked to stop: by a signal, over the local socket, or by its thread
  /// being interrupted.
  ///
  /// @param filter other than [AnswerFilter#NONE] on a simulated platform only
  /// @throws IOException when something cannot be opened: a port, a folder, a file
  public static End run(NodeConfiguration configuration, AnswerFilter filter, NodeLog log)
      throws IOException {
    InvariantError.check(
        filter == AnswerFilter.NONE || configuration.simulated(),
        "a faulty provider needs a simulated platform");
    Daemon daemon = new Daemon(log);
    Thread hook = new Thread(daemon::stopBySignal, "stop");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      return daemon.untilStopped(daemon.start(configuration, filter));
    } finally {
      daemon.closeAll();
      daemon.ended.countDown();
      remove(hook);
    }
  }

  private EventLoop start(NodeConfiguration configuration, AnswerFilter filter) throws IOException {
    announce(configuration);
    DurableFiles.createFolder(configuration.dataDir());
    keep(FolderLock.take(configuration.dataDir()));

    SecureRandom random = new SecureRandom();
    MonotonicTime time = new MonotonicTime();
    Platform platform = platform(configuration, random);
    Crypto crypto = Crypto.preferred(random);
    AttestationVerifier verifier =
        AttestationVerifier.of(platform.anchor(), crypto.signatureProvider());
    Workshop workshop =
        Workshop.generate(
            crypto,
            verifier,
            posture(configuration, platform.anchor()),
            platform.evidence().measurement(),
            new CollateralShelf(),
            random);
    Node node = keep(new Node(nodeConfig(configuration, platform.anchor()), workshop, random));

    ManifestFiles manifests = new ManifestFiles(configuration.dataDir());
    StoreDesk store = keep(new StoreDesk(manifests.store(), random, log));
    MembershipRegistry registry = keep(Registries.open(configuration.registry(), random));
    PeerClient client = keep(new PeerClient());
    Exchanges exchanges = new Exchanges();
    Starter starter = new Starter();
    EventLoop loop = new EventLoop(node, time, starter::start, this::stopForBug);
    Observations observations = new Observations(verifier, time);
    EffectRunner.Post post = post(loop, observations);
    EffectRunner.Tools tools =
        new EffectRunner.Tools(
            workshop,
            platform.evidence(),
            registry,
            store,
            new ReleaseLog(configuration.dataDir().resolve(ReleaseLog.FOLDER), crypto, time),
            manifests,
            client,
            exchanges,
            log,
            time,
            Timings.DEFAULT.callDeadline());
    starter.runner = Optional.of(keep(new EffectRunner(tools, post)));

    StoreSize size = new StoreSize(store::diskBytes);
    Function<NodeSnapshot, Reading> reading =
        s -> new Reading(s, observations.seen(), size.bytes(time.instant()), time.instant());
    serve(
        configuration,
        new PeerApi(loop, exchanges, workshop, filter, time, reading),
        new LocalApi(
            loop,
            store,
            workshop.statements(),
            isEveryCommit(configuration),
            s -> StatusDocument.of(configuration, s, observations.seen().opening()),
            () -> requestStop("local command")),
        new Dashboard(configuration, loop, reading));
    CollateralSource collateral =
        collateral(configuration, platform.evidence(), verifier, random, time);
    loop.offer(new Input.Started(manifests.committed(), manifests.pending(), store.present()));
    loop.start();
    background("collateral", new CollateralFeed(collateral, post, log)::run);
    background("registry", new RegistryFeed(registry, post)::run);
    manager.serves(
        () -> loop.snapshot().map(NodeSnapshot::sentence).orElse("starting"), loop::isAlive);
    return loop;
  }

  private static boolean isEveryCommit(NodeConfiguration configuration) {
    return configuration.safeguards().witnessing().mode() == Witnessing.Mode.EVERY_COMMIT;
  }

  private void announce(NodeConfiguration configuration) {
    LibraryLog.sendTo(log);
    log.starting(VERSION, configuration.describe());
    if (configuration.simulated()) {
      log.insecureSimulatedPlatform();
    }
  }

  /// Asks nobody yet: the feed does, on its own thread.
  private CollateralSource collateral(
      NodeConfiguration configuration,
      EvidenceSource evidence,
      AttestationVerifier verifier,
      SecureRandom random,
      InstantSource clock) {
    return switch (configuration.collateral()) {
      case NodeConfiguration.Collateral.File(Path file) -> CollateralFile.open(file);
      case NodeConfiguration.Collateral.Service(ServiceUrl url) -> {
        CollateralService service =
            keep(
                new CollateralService(
                    url, CollateralService.Options.defaults(), clock, new SystemTicker()));
        Duration jitter =
            Duration.ofMillis(random.nextLong(CollateralCache.Options.MAX_JITTER.toMillis()));
        CollateralCache cache =
            new CollateralCache(
                configuration.dataDir().resolve(COLLATERAL_FOLDER),
                service,
                verifier,
                CollateralCache.Options.defaults(jitter),
                clock);
        yield new ServiceCollateral(
            cache, service, evidence, TcbUpdate.Channel.STANDARD, new SystemTicker());
      }
    };
  }

  private static NodeConfig nodeConfig(NodeConfiguration configuration, TrustAnchor anchor)
      throws IOException {
    KeyQuorum custodians = configuration.safeguards().custodians();
    List<CustodianKey> keys =
        configuration.custodiansFolder().isPresent()
            ? CustodianKeys.find(configuration.custodiansFolder().get(), custodians)
            : List.of();
    return new NodeConfig(
        posture(configuration, anchor),
        configuration.advertise(),
        configuration.labels(),
        new Image("holdfast", VERSION),
        Timings.DEFAULT,
        configuration.upkeep(),
        keys);
  }

  private void serve(
      NodeConfiguration configuration, PeerApi peers, LocalApi local, Dashboard dashboard)
      throws IOException {
    InetSocketAddress listen =
        new InetSocketAddress(configuration.listen().host(), configuration.listen().port());
    keep(HttpServer.start(listen, table(peers.routes())));
    keep(
        LocalSocket.serve(
            configuration.localSocket(),
            table(
                Stream.of(local.routes(), dashboard.localRoutes())
                    .flatMap(List::stream)
                    .toList())));
    if (configuration.dashboard().isPresent()) {
      HostPort page = configuration.dashboard().get();
      keep(
          HttpServer.start(
              new InetSocketAddress(page.host(), page.port()),
              new LoopbackOnly(table(dashboard.routes()))));
    }
    log.listening(configuration.listen().toString(), configuration.localSocket().toString());
  }

  private RouteTable table(List<Route> routes) {
    return new RouteTable(routes, HttpLimits.defaults(), this::report);
  }

  /// Breaks the circle of loop and runner: set once, before the loop starts.
  private static final class Starter {
    private Optional<EffectRunner> runner = Optional.empty();

    void start(dev.holdfast.node.model.Effect effect) {
      runner
          .orElseThrow(() -> new InvariantError("the loop starts after the runner"))
          .start(effect);
    }
  }

  private record Platform(EvidenceSource evidence, TrustAnchor anchor) {}

  private static Platform platform(NodeConfiguration configuration, SecureRandom random)
      throws IOException {
    return switch (configuration.evidence()) {
      case Evidence.ConfigfsTsm _ ->
          new Platform(
              ConfigfsTsm.ofKernel(ConfigfsTsm.KERNEL_FOLDER, random, new SystemTicker()),
              TrustAnchor.intel());
      case Evidence.Simulated simulated -> {
        Bytes file =
            DurableFiles.read(simulated.vendorFile(), VENDOR_MAX_BYTES)
                .orElseThrow(() -> new IOException(simulated.vendorFile() + ": no such file"));
        try {
          DevelopmentVendor vendor = DevelopmentVendor.parse(file);
          yield new Platform(
              new SimulatedEvidence(vendor, simulated.platform(), simulated.image()),
              TrustAnchor.parsePem(vendor.rootPem()));
        } catch (MalformedException e) {
          throw new IOException(simulated.vendorFile() + ": " + e.getMessage(), e);
        }
      }
    };
  }

  private static Posture posture(NodeConfiguration configuration, TrustAnchor anchor) {
    return new Posture(
        anchor.digest(),
        configuration.simulated(),
        configuration.threshold(),
        EvidenceFloor.defaults(),
        true,
        true,
        configuration.safeguards());
  }

  private EffectRunner.Post post(EventLoop loop, Observations observations) {
    return new EffectRunner.Post() {
      @Override
      public void post(Input input) throws InterruptedException {
        observations.saw(input, loop.snapshot().map(s -> s.counters().quotesAsked()).orElse(0L));
        loop.post(input);
      }

      @Override
      public void bug(Throwable bug) {
        stopForBug(bug);
      }
    };
  }

  private End untilStopped(EventLoop loop) {
    try {
      stopRequested.await();
      manager.stops();
      if (bug.isEmpty()) {
        log.stopping(stopReason);
        loop.post(new Input.StopRequested());
        loop.awaitEnd(STOP_DEADLINE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return bug.isPresent() ? End.BUG : End.STOPPED;
  }

  /// On a signal: asks the main thread to stop, and holds the process until it has.
  private void stopBySignal() {
    requestStop("signal");
    try {
      ended.await(STOP_DEADLINE.multipliedBy(2).toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void remove(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is going down already: that is what ran the hook.
    }
  }

  private void requestStop(String reason) {
    if (stopRequested.getCount() > 0) {
      stopReason = reason;
      stopRequested.countDown();
    }
  }

  private void stopForBug(Throwable thrown) {
    report(thrown);
    bug = Optional.of(thrown);
    stopRequested.countDown();
  }

  /// A broken invariant anywhere ends the process; anything else that a handler throws is logged.
  private void report(Throwable thrown) {
    log.bug(thrown);
    if (thrown instanceof InvariantError) {
      bug = Optional.of(thrown);
      stopRequested.countDown();
    }
  }

  private <T extends AutoCloseable> T keep(T resource) {
    synchronized (opened) {
      opened.push(resource);
    }
    return resource;
  }

  private void background(String name, Runnable task) {
    Thread thread = Thread.ofVirtual().name(name).start(task);
    keep(thread::interrupt);
  }

  /// Closes everything in the reverse order of opening, once.
  private void closeAll() {
    while (true) {
      AutoCloseable next;
      synchronized (opened) {
        if (opened.isEmpty()) {
          break;
        }
        next = opened.pop();
      }
      try {
        next.close();
      } catch (Exception e) {
        log.effectFailed("close", e.getClass().getSimpleName());
      }
    }
    log.stopped();
  }
}
