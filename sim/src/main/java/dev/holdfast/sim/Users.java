package dev.holdfast.sim;

import dev.holdfast.codec.Bytes;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.sim.check.Violation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Users write secrets at every node and remember what was acknowledged: none of it may be lost.
final class Users {
  private static final int SIZE = 32;

  private final World world;
  private final List<Value> acknowledged = new ArrayList<>();
  private int written;

  private record Value(Machine machine, AccountId account, Bytes key, Bytes value) {}

  Users(World world) {
    this.world = world;
  }

  void schedule(Machine machine) {
    world.agenda.after(
        world.chance.between(Duration.ofSeconds(20), Duration.ofMinutes(8)),
        () -> {
          machine.run().ifPresent(run -> write(machine, run));
          schedule(machine);
        });
  }

  private void write(Machine machine, Run run) {
    Bytes key = Bytes.utf8("user-" + ++written);
    Bytes value = world.chance.bytes(SIZE);
    world.watch.secrets.plant("value " + written, value);
    machine
        .account()
        .ifPresent(account ->
            run.storage()
                .writeUser(
                    key, value, () -> acknowledged.add(new Value(machine, account, key, value))));
  }

  /// `machine` goes back to what stands on `disk`: what was written since is nobody's fault.
  void forgive(Machine machine, Disk disk) {
    acknowledged.removeIf(value -> value.machine() == machine && !isOn(disk, value));
  }

  /// All of it is there, in a store that is open.
  void finish() {
    for (Value value : acknowledged) {
      boolean kept = value.machine().isOpen() && isOn(value.machine().disk, value);
      Violation.unless(
          kept,
          "loss",
          "a value that " + value.machine().name + " acknowledged is gone: " + value.key());
    }
  }

  private static boolean isOn(Disk disk, Value value) {
    return disk.account().equals(Optional.of(value.account()))
        && disk.store
            .map(store -> store.users.get(value.key()))
            .filter(value.value()::equals)
            .isPresent();
  }
}
