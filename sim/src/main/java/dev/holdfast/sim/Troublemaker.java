package dev.holdfast.sim;

import dev.holdfast.protocol.AccountId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Makes faults happen. It keeps to what the protocol promises to survive: of every key at least k
/// holders keep their stores open, and no more than n - k disks are rolled back.
final class Troublemaker {
  private static final Duration SETTLING = Duration.ofSeconds(50);
  private static final int ATTEMPTS = 6;

  private final World world;
  private final Intruder intruder;
  private int rollbacks;

  Troublemaker(World world) {
    this.world = world;
    this.intruder = new Intruder(world);
  }

  /// Draws all faults of the time to come.
  void schedule(Duration time) {
    for (int i = 0; i < world.swarm.faults(); i++) {
      Instant at = world.agenda.now().plus(world.chance.between(SETTLING, time.minus(SETTLING)));
      world.agenda.at(at, this::strike);
    }
  }

  /// One fault, if there is one that may happen now.
  void strike() {
    List<Fault> kinds = List.copyOf(world.swarm.kinds());
    for (int i = 0; i < ATTEMPTS; i++) {
      Fault kind = world.chance.of(kinds);
      Machine victim = world.chance.of(world.machines);
      if (strike(kind, victim)) {
        world.trace(victim, "fault " + kind);
        world.countFault();
        return;
      }
    }
  }

  /// False when the fault would be more than is promised, or there is nothing to harm.
  private boolean strike(Fault kind, Machine victim) {
    return switch (kind) {
      case KILLED, STOPPED -> takeDown(victim, kind);
      case ROLLED_BACK -> rollBack(victim);
      case TAMPERED_IMAGE, CLOCK_JUMPED, EDITED_MANIFEST -> changeSetup(victim, kind);
      case TCB_RECOVERY -> recoverTcb();
      case REVOKED_MACHINE -> revoke(victim);
      case PARTITIONED -> partition();
      case REPLAYED -> {
        for (int i = 0; i < 10; i++) {
          world.agenda.after(world.chance.millis(0, 5_000), world.network::replay);
        }
        yield true;
      }
      case INTRUSION -> intruder.intrude(victim, world.chance.of(world.machines));
      case SUBSTITUTED_QUOTES,
          NO_QUOTES,
          DISK_FULL,
          SILENT,
          SLOW,
          GARBLED,
          REFUSING,
          STALE,
          LYING,
          REGISTRY_STALE,
          REGISTRY_DOWN,
          REGISTRY_HIDES,
          REGISTRY_LIES -> {
        victim.staleView = world.members.records();
        victim.ail(kind, duration());
        yield true;
      }
    };
  }

  /// Mostly a minute or so.
  private Duration duration() {
    Duration most = Duration.ofSeconds(world.chance.with(0.1) ? 480 : 100);
    return world.chance.between(Duration.ofSeconds(2), most);
  }

  /// True when every store that is closed then, that of `machine` with `disk` included, has k
  /// holders whose stores are open.
  boolean mayClose(Machine machine, Disk disk) {
    return (!machine.isAtStake() || isKept(disk, machine)) && maySpare(machine);
  }

  /// True when the store of `machine` was never backed up, so that no user was acknowledged
  /// anything, and it may be lost: every other store that is closed has k holders without it.
  boolean mayGiveUp(Machine machine) {
    return machine.disk.manifest.isEmpty() && maySpare(machine);
  }

  private boolean maySpare(Machine machine) {
    return world.machines.stream()
        .filter(other -> other != machine && !other.isOpen() && other.isAtStake())
        .allMatch(other -> isKept(other.honestDisk(), machine));
  }

  private boolean isKept(Disk disk, Machine without) {
    return holders(disk, without) >= world.swarm.threshold().k();
  }

  /// How many open stores but that of `but` hold a share that the manifest on `disk` knows of.
  private long holders(Disk disk, Machine but) {
    Optional<Set<AccountId>> names =
        world.watch.names(disk.manifest.isPresent() ? disk.manifest : disk.pending);
    Optional<AccountId> account = disk.account();
    if (names.isEmpty() || account.isEmpty()) {
      return 0;
    }
    return world.machines.stream()
        .filter(other -> other != but && other.isOpen())
        .filter(other -> other.account().filter(names.get()::contains).isPresent())
        .filter(
            other -> other.disk.store.filter(s -> s.ledger.containsKey(account.get())).isPresent())
        .count();
  }

  /// Takes any machine down that may be.
  void outage() {
    for (Machine machine : world.machines) {
      if (machine.isOpen()
          && machine.disk.manifest.isPresent()
          && takeDown(machine, Fault.KILLED)) {
        world.countFault();
        return;
      }
    }
  }

  private boolean takeDown(Machine machine, Fault kind) {
    if (!machine.isUp() || !mayClose(machine, machine.honestDisk())) {
      return false;
    }
    machine.downUntil = world.agenda.now().plus(duration());
    if (kind == Fault.STOPPED) {
      machine.run().ifPresent(Run::stop);
    } else {
      machine.kill("dies");
    }
    return true;
  }

  /// The state of now comes back a while later; some runs come between, that others know of.
  private boolean rollBack(Machine machine) {
    int allowed = world.swarm.threshold().n() - world.swarm.threshold().k();
    if (!machine.isOpen() || machine.disk.manifest.isEmpty() || rollbacks >= allowed) {
      return false;
    }
    rollbacks++;
    Disk snapshot = machine.disk.copy();
    Duration later = world.chance.between(Duration.ofMinutes(1), Duration.ofMinutes(15));
    for (int i = world.chance.below(4); i > 0; i--) {
      world.agenda.after(
          world.chance.between(Duration.ZERO, later), () -> takeDown(machine, Fault.KILLED));
    }
    world.agenda.after(later, () -> restore(machine, snapshot));
    return true;
  }

  private void restore(Machine machine, Disk snapshot) {
    if (machine.isManifestEdited() || !machine.isOpen() || !mayClose(machine, snapshot)) {
      return;
    }
    machine.kill("is rolled back");
    world.users.forgive(machine, snapshot);
    snapshot.account().ifPresent(world.watch.growth::forget);
    machine.disk = snapshot;
    machine.rolledBack = true;
    machine.downUntil = world.agenda.now().plus(duration());
  }

  /// The operator's next look starts it anew like this, if it may be closed; and honest later on.
  private boolean changeSetup(Machine machine, Fault kind) {
    if (machine.disk.manifest.isEmpty()) {
      return false;
    }
    machine.jump =
        world.chance.of(
            List.of(
                Duration.ofSeconds(-5),
                Duration.ofHours(-2),
                Duration.ofDays(3),
                Duration.ofDays(40)));
    machine.ail(kind, duration());
    return true;
  }

  private boolean recoverTcb() {
    if (world.issue().recovered()) {
      return false;
    }
    world.issue(new Vendor.Issue(true, world.issue().revoked()));
    for (Machine machine : world.machines) {
      Duration later = world.chance.between(Duration.ZERO, Duration.ofMinutes(20));
      machine.patchAt = world.agenda.now().plus(later);
    }
    return true;
  }

  private boolean revoke(Machine machine) {
    if (world.issue().revoked().isPresent() || machine.run().isEmpty()) {
      return false;
    }
    Vendor.Model model = machine.run().get().setup.model();
    world.issue(new Vendor.Issue(world.issue().recovered(), Optional.of(model)));
    Instant moveAt =
        world
            .agenda
            .now()
            .plus(world.chance.between(Duration.ofMinutes(1), Duration.ofMinutes(20)));
    for (Machine other : world.machines) {
      if (other.wanted().model().name().equals(model.name())) {
        other.moveAt = moveAt;
      }
    }
    return true;
  }

  /// One group does not hear the other; half of the time neither hears.
  private boolean partition() {
    Duration time = duration();
    boolean both = world.chance.with(0.5);
    int group = 1 + world.chance.below((1 << world.machines.size()) - 2);
    for (Machine from : world.machines) {
      for (Machine to : world.machines) {
        boolean fromIn = (group >> from.number & 1) != 0;
        boolean toIn = (group >> to.number & 1) != 0;
        if (fromIn != toIn && (both || fromIn)) {
          world.network.cut(from, to, time);
        }
      }
    }
    return true;
  }

  /// What a fault left behind for good is put right: machines are patched and moved.
  void repairAll() {
    for (Machine machine : world.machines) {
      machine.issue = world.issue();
      machine.run().ifPresent(Run::collateralChanged);
      if (machine.patchAt.isAfter(world.agenda.now()) && world.issue().recovered()) {
        machine.patchAt = world.agenda.now();
      }
      if (!machine.moveAt.equals(Instant.MAX) && machine.moveAt.isAfter(world.agenda.now())) {
        machine.moveAt = world.agenda.now();
      }
    }
  }
}
