package dev.holdfast.sim;

import dev.holdfast.crypto.Crypto;
import dev.holdfast.node.context.Timings;
import dev.holdfast.node.model.NodeState;
import dev.holdfast.protocol.Endpoint;
import dev.holdfast.protocol.Posture;
import dev.holdfast.sim.Swarm.Rates;
import dev.holdfast.sim.check.Violation;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One seed's fleet and everything around it: an hour of trouble, then all faults end and the fleet
/// must become whole.
final class World {
  static final String NODE_NAME = "node-";

  private static final Duration TROUBLE = Duration.ofHours(1);
  private static final Duration HEALING = Duration.ofMinutes(30);
  private static final Duration PULSE = Duration.ofSeconds(5);

  /// Whoever is not whole so long after healing is started anew, once.
  private static final Duration PATIENCE = Duration.ofMinutes(12);

  /// From here on what a seed must have had by then is made up for.
  private static final Duration LATE = Duration.ofMinutes(52);

  final Agenda agenda = new Agenda(Vendor.START);
  final Vendor vendor = Vendor.theOne();
  final List<Machine> machines = new ArrayList<>();
  final Chance chance;
  final Trace trace;
  final SecureRandom random;
  final Crypto crypto;
  final Swarm swarm;
  final Posture posture;
  final Members members;
  final Network network;
  final Watch watch;
  final Users users;
  private final Troublemaker troublemaker;
  private Vendor.Issue issue = Vendor.Issue.FIRST;
  private long processes;
  private int faults;
  private int secondStarts;
  private boolean healing;

  World(long seed, int tracedLines) {
    this.chance = new Chance(seed);
    this.trace = new Trace(Vendor.START, tracedLines);
    this.random = Chance.secure(seed);
    this.crypto = vendor.crypto(random);
    this.swarm = Swarm.draw(chance);
    this.posture = vendor.posture(swarm.threshold());
    this.members = new Members(crypto);
    this.network = new Network(this);
    this.watch = new Watch(this);
    this.users = new Users(this);
    this.troublemaker = new Troublemaker(this);
    for (int i = 0; i < swarm.machines(); i++) {
      int hardware = swarm.crowded() && i == swarm.machines() - 1 ? 0 : i;
      machines.add(new Machine(this, i, "hardware-" + hardware));
    }
  }

  /// Runs the whole of it; a [Violation] or any other throwable is a find.
  void run() {
    trace.line(agenda.now(), "-", "swarm " + swarm);
    for (Machine machine : machines) {
      machine.downUntil = agenda.now().plus(chance.between(Duration.ZERO, Duration.ofSeconds(30)));
      machine.hidden = chance.below(swarm.machines());
      users.schedule(machine);
    }
    troublemaker.schedule(TROUBLE);
    pulse();
    agenda.runUntil(Vendor.START.plus(LATE));
    while (agenda.now().isBefore(Vendor.START.plus(TROUBLE)) || isTooQuiet()) {
      if (watch.recoveries == 0) {
        troublemaker.outage();
      }
      if (faults < Swarm.LEAST_FAULTS) {
        troublemaker.strike();
      }
      agenda.runUntil(agenda.now().plus(Duration.ofMinutes(1)));
    }
    heal();
    Instant healedAt = agenda.now();
    Instant limit = healedAt.plus(HEALING);
    while (!isWhole() && agenda.now().isBefore(limit)) {
      agenda.runUntil(agenda.now().plus(PULSE));
      if (agenda.now().equals(healedAt.plus(PATIENCE))) {
        machines.stream().filter(machine -> !isWhole(machine)).forEach(this::startAnew);
      }
    }
    watch.finish();
    Violation.unless(isWhole(), "liveness", "after healing not all are ready: " + describe());
    Violation.unless(watch.recoveries > 0, "liveness", "nobody recovered: " + describe());
    users.finish();
  }

  /// The operator's last resort. It helps a node whose members have all been sent a share in this
  /// run, so that the shares that are left over fit none of them; and one that nobody takes a share
  /// of, since its machine went out of date before its first backup was done: a start is what
  /// patches a machine.
  private void startAnew(Machine machine) {
    if (machine.isOpen()
        && (troublemaker.mayClose(machine, machine.honestDisk())
            || troublemaker.mayGiveUp(machine))) {
      machine.kill("is started anew, since it does not become whole");
      machine.start();
      secondStarts++;
    }
  }

  /// Fewer faults than a seed must have, and time for more.
  private boolean isTooQuiet() {
    return faults < Swarm.LEAST_FAULTS
        && agenda.now().isBefore(Vendor.START.plus(TROUBLE).plus(TROUBLE));
  }

  private void heal() {
    trace.line(agenda.now(), "-", "all faults end");
    healing = true;
    network.heal();
    machines.forEach(Machine::heal);
    troublemaker.repairAll();
  }

  /// What an operator does: starts what is down, and starts anew what runs as it should not.
  private void pulse() {
    for (Machine machine : machines) {
      if (!machine.isUp()) {
        if (!agenda.now().isBefore(machine.downUntil)) {
          machine.start();
        }
      } else if (!machine.run().orElseThrow().setup.equals(machine.wanted())
          && troublemaker.mayClose(machine, machine.honestDisk())) {
        machine.kill("is restarted");
        machine.start();
      }
      machine.run().ifPresent(Run::showRegistry);
    }
    agenda.after(PULSE, this::pulse);
  }

  /// The nodes that listen at an endpoint; up or down.
  Optional<Machine> at(Endpoint endpoint) {
    return machines.stream().filter(machine -> machine.endpoint.equals(endpoint)).findFirst();
  }

  Rates rates() {
    return healing ? Rates.none() : swarm.rates();
  }

  Timings timings() {
    Timings usual = Timings.DEFAULT;
    return new Timings(
        usual.placementPatience(),
        usual.proofWindow(),
        usual.hedge(),
        usual.gather(),
        swarm.confirmEvery(),
        usual.callDeadline(),
        usual.proofDeadline(),
        usual.retryFirst(),
        swarm.retryMost());
  }

  long nextProcess() {
    return ++processes;
  }

  void countFault() {
    faults++;
  }

  int faults() {
    return faults;
  }

  int secondStarts() {
    return secondStarts;
  }

  Vendor.Issue issue() {
    return issue;
  }

  /// The vendor issues new collateral; machines get it one by one.
  void issue(Vendor.Issue next) {
    issue = next;
    for (Machine machine : machines) {
      agenda.after(
          chance.between(Duration.ZERO, Duration.ofMinutes(5)),
          () -> {
            machine.issue = issue;
            machine.run().ifPresent(Run::collateralChanged);
          });
    }
  }

  void registryChanged() {
    agenda.after(
        chance.millis(1, 50), () -> machines.forEach(m -> m.run().ifPresent(Run::showRegistry)));
  }

  void trace(Machine machine, String what) {
    trace.line(agenda.now(), machine.name, what);
  }

  private boolean isWhole() {
    return machines.stream().allMatch(this::isWhole);
  }

  /// Ready; or, when there are too few other machines for all shares, or when the node's own past
  /// was taken from it, as well off as it can be.
  private boolean isWhole(Machine machine) {
    if (machine.run().isEmpty() || !machine.run().get().setup.equals(machine.wanted())) {
      return false;
    }
    NodeState state = machine.run().get().snapshot().state();
    long others =
        machines.stream()
            .map(other -> other.wanted().model().name())
            .filter(hardware -> !hardware.equals(machine.wanted().model().name()))
            .distinct()
            .count();
    return switch (state) {
      case READY -> true;
      case DEGRADED -> machine.rolledBack || others < swarm.threshold().n();
      case BACKING_UP -> machine.rolledBack;
      case STARTING,
          RECOVERING,
          CONNECTED,
          WAITING_ADMISSION,
          UNCONFIRMED,
          FENCED,
          ROLLED_BACK,
          STOPPING ->
          false;
    };
  }

  String describe() {
    StringBuilder out = new StringBuilder();
    for (Machine machine : machines) {
      String state =
          machine
              .run()
              .map(run -> run.snapshot().state() + ", " + run.snapshot().sentence())
              .orElse("down");
      out.append("\n  ").append(machine.name).append(": ").append(state);
      machine.account().ifPresent(a -> out.append("; account ").append(a.abbreviated()));
    }
    return out.toString();
  }
}
