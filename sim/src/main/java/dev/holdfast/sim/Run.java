package dev.holdfast.sim;

import dev.holdfast.attestation.Collateral;
import dev.holdfast.codec.Bytes;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.node.Node;
import dev.holdfast.node.NodeConfig;
import dev.holdfast.node.model.Answer;
import dev.holdfast.node.model.Call;
import dev.holdfast.node.model.Effect;
import dev.holdfast.node.model.ExchangeId;
import dev.holdfast.node.model.HttpAnswer;
import dev.holdfast.node.model.HttpAsk;
import dev.holdfast.node.model.HttpReply;
import dev.holdfast.node.model.Input;
import dev.holdfast.node.model.LedgerView;
import dev.holdfast.node.model.NodeSnapshot;
import dev.holdfast.node.model.Outcome;
import dev.holdfast.node.model.StoreFault;
import dev.holdfast.node.model.Task;
import dev.holdfast.node.work.Admission;
import dev.holdfast.node.work.CollateralShelf;
import dev.holdfast.node.work.Workshop;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.Image;
import dev.holdfast.protocol.MemberLabels;
import dev.holdfast.sim.check.ReleaseCheck.Issued;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/// One process of a node: the real node and its workshop, and a runner without threads that does
/// what the daemon does. When it dies, all that is left is on the [Disk].
final class Run implements LedgerView {
  private static final String NO_SPACE = "no space left on device";

  final Machine machine;
  final Machine.Setup setup;
  final long process;

  /// The challenges that it made.
  final Map<Bytes, Issued> challenges = new TreeMap<>();

  private final World world;
  private final Workshop workshop;
  private final Node node;
  private final Map<Long, Exchange> exchanges = new HashMap<>();
  private final List<Writing> writings = new ArrayList<>();
  private Optional<Instant> wakeAt = Optional.empty();

  /// The view of the registry that the node was told last; with a view that never is, at first.
  private Optional<List<Bytes>> shown = Optional.of(List.of(Bytes.EMPTY));

  private Collateral collateral;
  private long exchangeNumber;
  private int evaluationNumber;
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

  /// A write under way: steps that each are atomic, and the first of them may be done when the
  /// process dies.
  private static final class Writing {
    private final List<Runnable> steps;

    private Writing(List<Runnable> steps) {
      this.steps = steps;
    }

    private void carryOut(int count) {
      steps.subList(0, count).forEach(Runnable::run);
    }
  }

  Run(Machine machine, Machine.Setup setup, long process) {
    this.machine = machine;
    this.world = machine.world;
    this.setup = setup;
    this.process = process;
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
            world.timings());
    this.node = new Node(config, workshop, world.random);
  }

  void start() {
    post(new Input.CollateralObtained(collateral));
    post(
        new Input.Started(
            machine.disk.manifest, machine.disk.pending, machine.disk.store.isPresent()));
    showRegistry();
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
    for (Writing writing : writings) {
      writing.carryOut(world.chance.below(writing.steps.size() + 1));
    }
    writings.clear();
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
  private void later(Duration delay, Runnable action) {
    world.agenda.after(
        delay,
        () -> {
          if (!dead) {
            action.run();
          }
        });
  }

  private Duration work() {
    return world.chance.millis(1, 4);
  }

  private void step(Input input) {
    List<Effect> effects = node.step(input, localTime());
    world.watch.stepped(this);
    for (Effect effect : effects) {
      if (!dead) {
        execute(effect);
      }
    }
    wake();
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
      case Effect.WriteManifest write -> writeManifest(write);
      case Effect.SetPendingAside _ -> setAside();
      case Effect.CreateStore create -> create(create);
      case Effect.OpenStore open -> open(open);
      case Effect.WriteNodeRecord write -> writeNodeRecord(write);
      case Effect.WriteLedger write -> writeLedger(write);
      case Effect.PublishRecord publish -> publish(publish);
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
        new Served(this, ask, world.watch.held(this, ask), collateral, evaluationNumber, localTime());
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

  /// Writes in steps; `failed` when the disk does not take it, some steps done all the same.
  private void write(List<Runnable> steps, Input done, Function<String, Input> failed) {
    Writing writing = new Writing(steps);
    if (machine.suffers(Fault.DISK_FULL) || world.chance.with(world.rates().write())) {
      later(work(), () -> step(failed.apply(NO_SPACE)));
      return;
    }
    writings.add(writing);
    later(
        work(),
        () -> {
          writings.remove(writing);
          writing.carryOut(steps.size());
          step(done);
        });
  }

  private void writeManifest(Effect.WriteManifest write) {
    Disk disk = machine.disk;
    world.watch.writesManifest(write.bytes());
    List<Runnable> steps =
        write.committed()
            ? List.of(
                () -> disk.manifest = Optional.of(write.bytes()),
                () -> disk.pending = Optional.empty())
            : List.of(() -> disk.pending = Optional.of(write.bytes()));
    write(
        steps,
        new Input.ManifestWritten(write.committed()),
        detail -> new Input.ManifestNotWritten(write.committed(), detail));
  }

  private void setAside() {
    Disk disk = machine.disk;
    world.watch.setAside(machine);
    write(
        List.of(() -> disk.pending = Optional.empty(), () -> disk.store = Optional.empty()),
        new Input.SetAside(),
        Input.NotSetAside::new);
  }

  private void create(Effect.CreateStore create) {
    Disk disk = machine.disk;
    Bytes key = Disk.plain(create.rootKey());
    Bytes record = Disk.plain(create.nodeRecord());
    create.nodeRecord().close();
    world.watch.created(create.store(), key, record);
    if (disk.store.isPresent()) {
      later(
          work(), () -> step(new Input.StoreNotOpened(StoreFault.EXISTS, "there is one already")));
      return;
    }
    Disk.Store store = new Disk.Store(create.store(), key.sha256());
    later(
        work(),
        () ->
            write(
                List.of(
                    () -> disk.store = Optional.of(store),
                    () -> store.nodeRecord = Optional.of(record)),
                new Input.StoreOpened(Disk.secret(record), this),
                detail -> new Input.StoreNotOpened(StoreFault.FULL, detail)));
  }

  private void open(Effect.OpenStore open) {
    Bytes key = Disk.plain(open.rootKey());
    later(
        work(),
        () ->
            machine
                .disk
                .fault(open.store(), key.sha256())
                .ifPresentOrElse(
                    fault -> step(new Input.StoreNotOpened(fault, "the model's word")),
                    () -> {
                      world.watch.opened(this, key);
                      step(
                          new Input.StoreOpened(
                              Disk.secret(store().nodeRecord.orElseThrow()), this));
                    }));
  }

  private void writeNodeRecord(Effect.WriteNodeRecord write) {
    Bytes record = Disk.plain(write.nodeRecord());
    write.nodeRecord().close();
    Disk.Store store = store();
    write(
        List.of(() -> store.nodeRecord = Optional.of(record)),
        new Input.NodeRecordWritten(),
        Input.NodeRecordNotWritten::new);
  }

  private void writeLedger(Effect.WriteLedger write) {
    Disk.Store store = store();
    Bytes entry = Disk.plain(write.entry());
    Optional<Bytes> expected = write.expected().map(Disk::plain);
    write.entry().close();
    write.expected().ifPresent(SecretBytes::close);
    if (!Optional.ofNullable(store.ledger.get(write.depositor())).equals(expected)) {
      later(work(), () -> step(new Input.LedgerConflict(write.exchange())));
      return;
    }
    write(
        List.of(
            () -> {
              world.watch.replaces(expected, entry);
              store.ledger.put(write.depositor(), entry);
            }),
        new Input.LedgerWritten(write.exchange()),
        detail -> new Input.LedgerFailed(write.exchange(), detail));
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

  /// A user writes a value; `acknowledged` once it is durable.
  void writeUser(Bytes key, Bytes value, Runnable acknowledged) {
    if (!snapshot().acceptsUserWrites() || machine.suffers(Fault.DISK_FULL)) {
      return;
    }
    Disk.Store store = store();
    Writing writing = new Writing(List.of(() -> store.users.put(key, value)));
    writings.add(writing);
    later(
        work(),
        () -> {
          writings.remove(writing);
          writing.carryOut(1);
          acknowledged.run();
        });
  }

  private Disk.Store store() {
    return machine.disk.store.orElseThrow();
  }

  @Override
  public Optional<SecretBytes> find(AccountId depositor) throws IOException {
    if (world.chance.with(world.rates().write() / 4)) {
      throw new IOException("the disk does not read");
    }
    return Optional.ofNullable(store().ledger.get(depositor)).map(Disk::secret);
  }

  @Override
  public long count() {
    return store().ledger.size();
  }
}
