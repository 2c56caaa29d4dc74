package dev.holdfast.sim;

import dev.holdfast.attestation.Collateral;
import dev.holdfast.codec.Bytes;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.node.Node;
import dev.holdfast.node.context.NodeConfig;
import dev.holdfast.node.log.LogFact;
import dev.holdfast.node.model.Answer;
import dev.holdfast.node.model.Call;
import dev.holdfast.node.model.Effect;
import dev.holdfast.node.model.ExchangeId;
import dev.holdfast.node.model.HttpAnswer;
import dev.holdfast.node.model.HttpAsk;
import dev.holdfast.node.model.HttpReply;
import dev.holdfast.node.model.Input;
import dev.holdfast.node.model.NodeSnapshot;
import dev.holdfast.node.model.Outcome;
import dev.holdfast.node.model.Task;
import dev.holdfast.node.work.Admission;
import dev.holdfast.node.work.CollateralShelf;
import dev.holdfast.node.work.Workshop;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.Image;
import dev.holdfast.protocol.MemberLabels;
import dev.holdfast.sim.check.ReleaseCheck.Issued;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/// One process of a node: the real node and its workshop, and a runner without threads that does
/// what the daemon does. When it dies, all that is left is on the [Disk].
final class Run {
  final Machine machine;
  final Machine.Setup setup;
  final long process;

  /// The challenges that it made.
  final Map<Bytes, Issued> challenges = new TreeMap<>();

  /// What this process has durably in its release log.
  final List<LogFact> logged = new ArrayList<>();

  /// How many shares it let go.
  long releases;

  private final World world;
  private final Workshop workshop;
  private final Node node;
  private final Map<Long, Exchange> exchanges = new HashMap<>();
  private final Storage storage;
  private Optional<Instant> wakeAt = Optional.empty();

  /// The view of the registry that the node was told last; with a view that never is, at first.
  private Optional<List<Bytes>> shown = Optional.of(List.of(Bytes.EMPTY));

  private Collateral collateral;
  private long exchangeNumber;
  private int evaluationNumber;
  private boolean accepting;
  private boolean dead;

  /// A request that waits for the node.
  private record Exchange(Served served, Consumer<HttpReply> back) {}

  /// A request, and what this process held and had when it came.
  record Served(
      Run by,
      HttpAsk ask,
      Optional<Bytes> held,
      Collateral own,
      int evaluationNumber,
      Instant at) {}

  Run(Machine machine, Machine.Setup setup, long process) {
    this.machine = machine;
    this.world = machine.world;
    this.setup = setup;
    this.process = process;
    this.storage = new Storage(this);
    this.collateral = world.vendor.collateral(machine.issue);
    this.workshop =
        Workshop.generate(
            world.crypto,
            world.vendor.verifier,
            world.posture,
            Vendor.measurement(setup.image()),
            new CollateralShelf(),
            world.random);
    NodeConfig config =
        new NodeConfig(
            world.posture,
            machine.endpoint,
            new MemberLabels(World.NODE_NAME + machine.name, "", ""),
            new Image("app", "1"),
            world.timings(),
            NodeConfig.Upkeep.DEFAULT,
            List.of());
    this.node = new Node(config, workshop, world.random);
  }

  void start() {
    post(new Input.CollateralObtained(collateral));
    post(
        new Input.Started(
            machine.disk.manifest, machine.disk.pending, machine.disk.store.isPresent()));
    showRegistry();
  }

  Storage storage() {
    return storage;
  }

  NodeSnapshot snapshot() {
    return node.snapshot();
  }

  boolean isOpen() {
    return snapshot().storeOpen();
  }

  int evaluationNumber() {
    return evaluationNumber;
  }

  /// The time of this machine's clock.
  Instant localTime() {
    return world.agenda.now().plus(setup.jump());
  }

  /// It stops here and now. Of each write under way the first steps are done, or none, or all.
  void die() {
    dead = true;
    storage.die();
  }

  void stop() {
    post(new Input.StopRequested());
  }

  void collateralChanged() {
    collateral = world.vendor.collateral(machine.issue);
    post(new Input.CollateralObtained(collateral));
  }

  /// Tells the node what the registry says, when that is something new.
  void showRegistry() {
    Optional<List<Bytes>> view = machine.view(world.members);
    if (view.equals(shown)) {
      return;
    }
    shown = view;
    post(
        view.<Input>map(Input.MembersSeen::new)
            .orElseGet(() -> new Input.MembersUnavailable("it does not answer")));
  }

  private void post(Input input) {
    later(Duration.ZERO, () -> step(input));
  }

  /// Does something after a while, unless the process is gone by then.
  void later(Duration delay, Runnable action) {
    world.agenda.after(
        delay,
        () -> {
          if (!dead) {
            action.run();
          }
        });
  }

  /// How long anything takes.
  Duration work() {
    return world.chance.millis(1, 4);
  }

  void step(Input input) {
    List<Effect> effects = node.step(input, localTime());
    world.watch.stepped(this);
    for (Effect effect : effects) {
      if (!dead) {
        execute(effect);
      }
    }
    acceptRollback();
    wake();
  }

  /// The release keys accept that the store went back, after a while.
  private void acceptRollback() {
    if (!accepting && snapshot().rollback().isPresent()) {
      accepting = true;
      later(
          world.chance.millis(1_000, 60_000),
          () -> {
            accepting = false;
            snapshot()
                .rollback()
                .ifPresent(demanded ->
                    step(new Input.RollbackAcceptanceGiven(world.vendor.accept(demanded))));
          });
    }
  }

  private void wake() {
    Optional<Instant> next = node.wakeAt();
    if (next.isPresent() && !next.equals(wakeAt)) {
      world.agenda.at(
          next.get().minus(setup.jump()),
          () -> {
            if (!dead && next.equals(wakeAt)) {
              wakeAt = Optional.empty();
              step(new Input.Tick());
            }
          });
    }
    wakeAt = next;
  }

  private void execute(Effect effect) {
    switch (effect) {
      case Effect.Respond respond -> respond(respond);
      case Effect.Perform perform -> later(work(), () -> perform(perform.task()));
      case Effect.Send send -> send(send.call(), send.deadline());
      case Effect.MakeQuote make -> makeQuote(make);
      case Effect.WriteManifest write -> storage.writeManifest(write);
      case Effect.SetPendingAside _ -> storage.setAside();
      case Effect.CreateStore create -> storage.create(create);
      case Effect.OpenStore open -> storage.open(open);
      case Effect.PeekStore _ -> storage.peek();
      case Effect.WriteNodeRecord write -> storage.writeNodeRecord(write);
      case Effect.SetWraps set -> storage.setWraps(set);
      case Effect.WriteLedger write -> storage.writeLedger(write);
      case Effect.AppendLog append -> storage.appendLog(append);
      case Effect.WriteStatement write -> storage.writeStatement(write);
      case Effect.ReadMark _ -> storage.readMark();
      case Effect.PublishRecord publish -> publish(publish);
      case Effect.WithdrawRecord withdraw -> later(work(), () -> withdraw(withdraw.account()));
      case Effect.Report report -> world.watch.reported(this, report.event());
      case Effect.Finish _ -> {
        die();
        machine.ended(this);
        node.close();
      }
    }
  }

  private void respond(Effect.Respond respond) {
    HttpAnswer answer = workshop.render(disguised(respond.answer()));
    Exchange waiting = exchanges.remove(respond.exchange().value());
    if (waiting != null) {
      answer(waiting.served(), answer, waiting.back());
    }
  }

  /// A provider that lies about shares.
  private Answer disguised(Answer answer) {
    if (!(answer instanceof Answer.ShareReleased released) || !machine.suffers(Fault.LYING)) {
      return answer;
    }
    byte[] wrong = Disk.plain(released.share()).toArray();
    released.share().close();
    wrong[0] ^= 1;
    return new Answer.ShareReleased(
        released.identity(),
        released.release(),
        SecretBytes.take(wrong),
        released.to(),
        released.info());
  }

  private void answer(Served served, HttpAnswer answer, Consumer<HttpReply> back) {
    world.watch.answered(served, answer);
    back.accept(new HttpReply.Answered(answer.status(), answer.body()));
  }

  private void perform(Task task) {
    Outcome outcome = workshop.perform(task, localTime());
    if (task instanceof Task.JudgeOwnQuote judge
        && outcome instanceof Outcome.Settled settled
        && settled.input() instanceof Input.OwnQuoteJudged) {
      int number = world.vendor.evaluationNumber(judge.collateral());
      evaluationNumber = Math.max(evaluationNumber, number);
    }
    follow(outcome, world.timings().callDeadline());
  }

  private void follow(Outcome outcome, Duration deadline) {
    switch (outcome) {
      case Outcome.Settled settled -> step(settled.input());
      case Outcome.Follow next -> send(next.call(), deadline);
    }
  }

  private void send(Call call, Duration deadline) {
    HttpAsk ask = workshop.prepare(call);
    world.watch.asked(this, ask);
    world.network.carry(
        machine,
        ask,
        deadline,
        reply -> {
          if (!dead) {
            follow(workshop.judge(call, reply, localTime()), deadline);
          }
        });
  }

  /// Takes a request of whoever sent it.
  void receive(HttpAsk ask, Consumer<HttpReply> back) {
    ExchangeId exchange = new ExchangeId(++exchangeNumber);
    String parameter =
        ask.route().hasDigest() ? ask.path().substring(ask.route().path().length() + 1) : "";
    Served served =
        new Served(
            this, ask, world.watch.held(this, ask), collateral, evaluationNumber, localTime());
    Admission admission =
        node.gate().admit(exchange, ask.route(), parameter, ask.body(), localTime());
    switch (admission) {
      case Admission.Answered answered -> answer(served, answered.answer(), back);
      case Admission.Refused refused -> {
        post(refused.input());
        answer(served, refused.answer(), back);
      }
      case Admission.Admitted admitted -> {
        exchanges.put(exchange.value(), new Exchange(served, back));
        post(admitted.input());
      }
    }
  }

  private void makeQuote(Effect.MakeQuote make) {
    Duration delay = world.chance.millis(5, world.chance.with(world.rates().slow()) ? 15_000 : 60);
    later(
        delay,
        () -> {
          if (machine.suffers(Fault.NO_QUOTES) || world.chance.with(world.rates().quote())) {
            step(new Input.QuoteFailed(make.ticket(), "the device is busy"));
            return;
          }
          boolean substituted = machine.suffers(Fault.SUBSTITUTED_QUOTES);
          String image = substituted ? Vendor.other(setup.image()) : setup.image();
          Bytes quote = world.vendor.quote(setup.model(), image, make.reportData());
          if (substituted) {
            world.watch.substituted(quote);
          }
          step(new Input.QuoteMade(make.ticket(), quote));
        });
  }

  private void withdraw(AccountId account) {
    world.members.withdraw(account);
    world.registryChanged();
  }

  private void publish(Effect.PublishRecord publish) {
    world.watch.publishes(publish.record());
    later(
        work(),
        () -> {
          if (machine.suffers(Fault.REGISTRY_DOWN)) {
            step(new Input.RecordNotPublished("it does not answer"));
            return;
          }
          world.members.publish(publish.account(), publish.record());
          world.registryChanged();
          step(new Input.RecordPublished());
        });
  }
}
