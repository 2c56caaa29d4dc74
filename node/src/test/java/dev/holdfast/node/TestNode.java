package dev.holdfast.node;

import dev.holdfast.attestation.AttestationVerifier;
import dev.holdfast.attestation.Collateral;
import dev.holdfast.attestation.policy.Measurement;
import dev.holdfast.codec.Bytes;
import dev.holdfast.node.context.NodeConfig;
import dev.holdfast.node.context.Timings;
import dev.holdfast.node.model.Call;
import dev.holdfast.node.model.Effect;
import dev.holdfast.node.model.Event;
import dev.holdfast.node.model.ExchangeId;
import dev.holdfast.node.model.HttpAnswer;
import dev.holdfast.node.model.HttpAsk;
import dev.holdfast.node.model.HttpReply;
import dev.holdfast.node.model.Input;
import dev.holdfast.node.model.NodeSnapshot;
import dev.holdfast.node.model.Outcome;
import dev.holdfast.node.model.StoreFault;
import dev.holdfast.node.work.Admission;
import dev.holdfast.node.work.CollateralShelf;
import dev.holdfast.node.work.Workshop;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.Endpoint;
import dev.holdfast.protocol.Image;
import dev.holdfast.protocol.MemberLabels;
import dev.holdfast.protocol.Posture;
import dev.holdfast.protocol.Route;
import dev.holdfast.protocol.custody.CustodianKey;
import dev.holdfast.simulator.PlatformRecipe;
import dev.holdfast.simulator.SimulatedPlatform;
import dev.holdfast.simulator.TdRecipe;
import dev.holdfast.simulator.quote.TdField;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// One node of a [Fleet] with its machine and disk: a runner without threads. Killing it forgets
/// everything but the disk.
final class TestNode {
  static Timings timings(Duration confirmEvery) {
    Timings usual = Timings.DEFAULT;
    return new Timings(
        usual.placementPatience(),
        usual.proofWindow(),
        usual.hedge(),
        usual.gather(),
        confirmEvery,
        usual.callDeadline(),
        usual.proofDeadline(),
        usual.retryFirst(),
        usual.retryMost());
  }

  final Fleet fleet;
  final String name;
  final List<Event> events = new ArrayList<>();
  final List<HttpAsk> asked = new ArrayList<>();
  Disk disk = new Disk();
  Posture posture = Fleet.posture(2, 3);
  Timings timings = timings(Duration.ofSeconds(30));
  NodeConfig.Upkeep upkeep = NodeConfig.Upkeep.DEFAULT;
  List<CustodianKey> custodians = List.of();
  String image = "app";
  Collateral collateral = Fleet.collateral();
  AttestationVerifier verifier = Fleet.theVerifier();
  SimulatedPlatform platform;
  Endpoint endpoint;
  int quotes;

  /// Kills the process in front of this effect, counted from 1; 0 for never.
  int dieBefore;

  /// Fails so many manifest writes, ledger writes, quotes.
  int failManifestWrites;

  int failLedgerWrites;
  int failQuotes;

  /// What the host hands over in place of this VM's quote over report data.
  Optional<UnaryOperator<Bytes>> substitute = Optional.empty();

  /// What becomes of a reply of this node before it is sent; empty for silence.
  UnaryOperator<Optional<HttpReply>> fault = UnaryOperator.identity();

  /// It starts without a view of the registry.
  boolean registryDown;

  /// Its requests are lost: it reaches nobody.
  boolean cut;

  /// The same for replies to one route.
  final Map<Route, UnaryOperator<Optional<HttpReply>>> faults = new EnumMap<>(Route.class);

  /// How late replies to a route are sent.
  final Map<Route, Duration> delays = new EnumMap<>(Route.class);

  private Optional<Run> process = Optional.empty();
  private int effects;

  TestNode(Fleet fleet, String name, int number) {
    this.fleet = fleet;
    this.name = name;
    this.platform = Fleet.theVendor().platform(PlatformRecipe.of("machine-" + name));
    this.endpoint = Fleet.endpoint(number);
  }

  /// One run.
  private final class Run {
    private final Workshop workshop =
        Workshop.generate(
            fleet.crypto,
            verifier,
            posture,
            measurement(TdRecipe.ofImage(image)),
            new CollateralShelf(),
            fleet.random);
    private final Node node =
        new Node(
            new NodeConfig(
                posture,
                endpoint,
                new MemberLabels("node-" + name, "", ""),
                new Image("app", "1"),
                timings,
                upkeep,
                custodians),
            workshop,
            fleet.random);
    private final Map<Long, Consumer<HttpReply>> exchanges = new HashMap<>();
    private long exchangeNumber;
    private Optional<Instant> wakeAt = Optional.empty();

    private void post(Input input) {
      fleet.after(Duration.ZERO, () -> step(input));
    }

    private void step(Input input) {
      if (!isRunning()) {
        return;
      }
      for (Effect effect : node.step(input, fleet.now())) {
        effects++;
        if (effects == dieBefore) {
          kill();
          return;
        }
        execute(effect);
      }
      Optional<Instant> next = node.wakeAt();
      if (next.isPresent() && !next.equals(wakeAt)) {
        fleet.at(
            next.get(),
            () -> {
              if (next.equals(wakeAt)) {
                wakeAt = Optional.empty();
                step(new Input.Tick());
              }
            });
      }
      wakeAt = next;
    }

    private boolean isRunning() {
      return process.isPresent() && process.get() == this;
    }

    /// Does something after a while, unless the process is gone by then.
    private void later(Runnable action) {
      fleet.after(
          fleet.latency(),
          () -> {
            if (isRunning()) {
              action.run();
            }
          });
    }

    private void execute(Effect effect) {
      switch (effect) {
        case Effect.Respond respond -> respond(respond);
        case Effect.Perform perform ->
            later(() ->
                follow(workshop.perform(perform.task(), fleet.now()), timings.callDeadline()));
        case Effect.Send send -> send(send.call(), send.deadline());
        case Effect.MakeQuote make -> later(() -> quote(make));
        case Effect.WriteManifest write -> later(() -> writeManifest(write));
        case Effect.SetPendingAside _ ->
            later(() -> {
              disk.setPendingAside();
              step(new Input.SetAside());
            });
        case Effect.CreateStore create -> later(() -> storeTried(disk.create(create)));
        case Effect.OpenStore open -> later(() -> storeTried(disk.open(open)));
        case Effect.PeekStore _ ->
            later(() -> step(new Input.StorePeeked(disk.store.orElseThrow().mark())));
        case Effect.WriteNodeRecord write ->
            later(() -> {
              disk.store.orElseThrow().writeNodeRecord(Disk.plain(write.nodeRecord()));
              write.nodeRecord().close();
              step(new Input.NodeRecordWritten());
            });
        case Effect.SetWraps set ->
            later(() -> {
              disk.store.orElseThrow().setWraps(set);
              step(new Input.WrapsSet());
            });
        case Effect.WriteLedger write -> later(() -> writeLedger(write));
        case Effect.AppendLog append ->
            later(() -> {
              if (disk.logFails) {
                step(new Input.LogNotAppended("the disk is full"));
              } else {
                disk.log.addAll(append.facts());
                step(new Input.LogAppended());
              }
            });
        case Effect.WriteStatement write ->
            later(() -> {
              disk.store.orElseThrow().writeStatement(write.statement());
              step(new Input.StatementWritten());
            });
        case Effect.ReadMark _ ->
            later(() -> step(new Input.MarkRead(disk.store.orElseThrow().mark())));
        case Effect.PublishRecord publish ->
            later(() -> {
              fleet.publish(publish.account(), publish.record());
              step(new Input.RecordPublished());
            });
        case Effect.WithdrawRecord withdraw -> fleet.withdraw(withdraw.account());
        case Effect.Report report -> events.add(report.event());
        case Effect.Finish _ -> kill();
      }
    }

    private void respond(Effect.Respond respond) {
      Consumer<HttpReply> back = exchanges.remove(respond.exchange().value());
      HttpAnswer answer = workshop.render(respond.answer());
      back.accept(new HttpReply.Answered(answer.status(), answer.body()));
    }

    private void follow(Outcome outcome, Duration deadline) {
      switch (outcome) {
        case Outcome.Settled settled -> step(settled.input());
        case Outcome.Follow follow -> send(follow.call(), deadline);
      }
    }

    private void send(Call call, Duration deadline) {
      HttpAsk ask = workshop.prepare(call);
      asked.add(ask);
      if (cut) {
        fleet.after(
            deadline,
            () -> {
              if (isRunning()) {
                follow(workshop.judge(call, new HttpReply.Silent(), fleet.now()), deadline);
              }
            });
        return;
      }
      fleet.carry(
          ask,
          deadline,
          reply -> {
            if (isRunning()) {
              follow(workshop.judge(call, reply, fleet.now()), deadline);
            }
          });
    }

    private void quote(Effect.MakeQuote make) {
      if (failQuotes > 0) {
        failQuotes--;
        step(new Input.QuoteFailed(make.ticket(), "the device is busy"));
        return;
      }
      quotes++;
      Bytes quote =
          substitute
              .orElse(reportData -> platform.quote(TdRecipe.ofImage(image), reportData))
              .apply(make.reportData());
      step(new Input.QuoteMade(make.ticket(), quote));
    }

    private void writeManifest(Effect.WriteManifest write) {
      if (failManifestWrites > 0) {
        failManifestWrites--;
        step(new Input.ManifestNotWritten(write.committed(), "no space left on device"));
        return;
      }
      if (write.committed()) {
        disk.manifest = Optional.of(write.bytes());
        disk.pending = Optional.empty();
      } else {
        disk.pending = Optional.of(write.bytes());
      }
      step(new Input.ManifestWritten(write.committed()));
    }

    private void storeTried(Optional<StoreFault> fault) {
      if (fault.isPresent()) {
        step(new Input.StoreNotOpened(fault.get(), "fake store"));
        return;
      }
      Disk.Store store = disk.store.orElseThrow();
      step(
          new Input.StoreOpened(
              Disk.secret(store.nodeRecord), store.statement, store, store.mark()));
    }

    private void writeLedger(Effect.WriteLedger write) {
      Disk.Store store = disk.store.orElseThrow();
      if (failLedgerWrites > 0) {
        failLedgerWrites--;
        step(new Input.LedgerFailed(write.exchange(), "no space left on device"));
      } else if (store.write(write)) {
        step(new Input.LedgerWritten(write.exchange()));
      } else {
        step(new Input.LedgerConflict(write.exchange()));
      }
      write.changes().forEach(Effect.Change::close);
    }

    private void receive(HttpAsk ask, Consumer<HttpReply> back) {
      ExchangeId exchange = new ExchangeId(++exchangeNumber);
      String parameter =
          ask.route().hasDigest() ? ask.path().substring(ask.route().path().length() + 1) : "";
      Admission admission =
          node.gate().admit(exchange, ask.route(), parameter, ask.body(), fleet.now());
      switch (admission) {
        case Admission.Answered answered -> back.accept(reply(answered.answer()));
        case Admission.Refused refused -> {
          post(refused.input());
          back.accept(reply(refused.answer()));
        }
        case Admission.Admitted admitted -> {
          exchanges.put(exchange.value(), back);
          post(admitted.input());
        }
      }
    }

    private static HttpReply reply(HttpAnswer answer) {
      return new HttpReply.Answered(answer.status(), answer.body());
    }
  }

  /// What a VM of this recipe reads in its own registers.
  static Measurement measurement(TdRecipe vm) {
    return new Measurement(
        vm.field(TdField.MRTD),
        Optional.of(vm.field(TdField.RTMR0)),
        vm.field(TdField.RTMR1),
        vm.field(TdField.RTMR2),
        Optional.of(vm.field(TdField.RTMR3)));
  }

  void start() {
    Run run = new Run();
    process = Optional.of(run);
    run.post(new Input.CollateralObtained(collateral));
    run.post(members());
    run.post(new Input.Started(disk.manifest, disk.pending, disk.store.isPresent()));
  }

  void kill() {
    process = Optional.empty();
  }

  void stop() {
    process.orElseThrow().post(new Input.StopRequested());
  }

  /// What a user writes, when it may.
  void put(String name, String value) {
    if (!snapshot().acceptsUserWrites()) {
      throw new AssertionError("users may not write: " + snapshot().sentence());
    }
    disk.store.orElseThrow().put(name, value);
    post(new Input.StoreChanged());
  }

  boolean serves() {
    return isUp() && snapshot().users().mayRead();
  }

  boolean isUp() {
    return process.isPresent();
  }

  void showRegistry() {
    process.ifPresent(run -> run.post(members()));
  }

  private Input members() {
    return registryDown
        ? new Input.MembersUnavailable("no such folder")
        : new Input.MembersSeen(List.copyOf(fleet.registry.values()));
  }

  void post(Input input) {
    process.orElseThrow().post(input);
  }

  Endpoint endpoint() {
    return endpoint;
  }

  NodeSnapshot snapshot() {
    return process.orElseThrow().node.snapshot();
  }

  Workshop workshop() {
    return process.orElseThrow().workshop;
  }

  AccountId account() {
    return snapshot().self().account().orElseThrow();
  }

  /// How many effects this node's runs asked for so far.
  int effects() {
    return effects;
  }

  void receive(HttpAsk ask, Consumer<HttpReply> back) {
    if (process.isEmpty()) {
      return;
    }
    UnaryOperator<Optional<HttpReply>> onRoute =
        faults.getOrDefault(ask.route(), UnaryOperator.identity());
    process
        .get()
        .receive(
            ask,
            reply ->
                onRoute
                    .apply(fault.apply(Optional.of(reply)))
                    .ifPresent(sent -> send(ask.route(), sent, back)));
  }

  private void send(Route route, HttpReply reply, Consumer<HttpReply> back) {
    Optional<Duration> delay = Optional.ofNullable(delays.get(route));
    if (delay.isPresent()) {
      fleet.after(delay.get(), () -> back.accept(reply));
    } else {
      back.accept(reply);
    }
  }

  /// Whether the node reported an event like this.
  boolean reported(Predicate<Event> like) {
    return events.stream().anyMatch(like);
  }
}
