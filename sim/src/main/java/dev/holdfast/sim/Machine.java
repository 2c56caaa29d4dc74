package dev.holdfast.sim;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.node.model.NodeState;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.Endpoint;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One VM with its host: a disk, a machine that quotes, what ails it, and at most one process.
final class Machine {
  /// What stands in place of [World#NODE_NAME] in an edited manifest: as long, and a label too.
  private static final String EDITED_NAME = "none-";

  final World world;
  final int number;
  final String name;
  final Endpoint endpoint;
  Disk disk = new Disk();
  Vendor.Issue issue = Vendor.Issue.FIRST;

  /// The disk was set back to an earlier state.
  boolean rolledBack;

  Duration jump = Duration.ZERO;
  Instant downUntil = Instant.MIN;
  Instant patchAt = Instant.MAX;
  Instant moveAt = Instant.MAX;
  List<Bytes> staleView = List.of();
  int hidden;

  private final String hardware;
  private final Map<Fault, Instant> ailments = new EnumMap<>(Fault.class);
  private Optional<Run> run = Optional.empty();
  private Optional<Edit> edit = Optional.empty();

  /// A manifest that the host changed: what it was and what it is now.
  private record Edit(Bytes honest, Bytes changed) {}

  /// What a process is started as.
  record Setup(String image, Duration jump, boolean edited, Vendor.Model model) {
    boolean isSound() {
      return image.equals(Vendor.IMAGE) && jump.isZero() && !edited;
    }
  }

  Machine(World world, int number, String hardware) {
    this.world = world;
    this.number = number;
    this.name = String.valueOf((char) ('a' + number));
    this.hardware = hardware;
    try {
      this.endpoint = Endpoint.parse("10.0.0." + (number + 1) + ":7400");
    } catch (MalformedException e) {
      throw new InvariantError("the endpoint has its form", e);
    }
  }

  void ail(Fault fault, Duration time) {
    Instant until = world.agenda.now().plus(time);
    ailments.merge(fault, until, (a, b) -> a.isAfter(b) ? a : b);
  }

  boolean suffers(Fault fault) {
    Instant until = ailments.get(fault);
    return until != null && world.agenda.now().isBefore(until);
  }

  void heal() {
    ailments.clear();
    downUntil = Instant.MIN;
  }

  /// What the next process is to be started as.
  Setup wanted() {
    Instant now = world.agenda.now();
    boolean moved = !now.isBefore(moveAt);
    return new Setup(
        suffers(Fault.TAMPERED_IMAGE) ? Vendor.OTHER_IMAGE : Vendor.IMAGE,
        suffers(Fault.CLOCK_JUMPED) ? jump : Duration.ZERO,
        suffers(Fault.EDITED_MANIFEST),
        new Vendor.Model(moved ? "spare-" + name : hardware, !now.isBefore(patchAt)));
  }

  Optional<Run> run() {
    return run;
  }

  boolean isUp() {
    return run.isPresent();
  }

  /// Its store is open in a process that runs.
  boolean isOpen() {
    return run.filter(Run::isOpen).isPresent();
  }

  boolean isReady() {
    return run.filter(r -> r.snapshot().state() == NodeState.READY).isPresent();
  }

  /// It has a store that others hold shares for.
  boolean isAtStake() {
    return disk.manifest.isPresent() || world.watch.names(disk.pending).isPresent();
  }

  Optional<AccountId> account() {
    return disk.account();
  }

  void start() {
    Setup setup = wanted();
    prepareManifest(setup.edited());
    world.trace(this, "starts as " + setup.image() + " on " + setup.model() + " " + setup.jump());
    if (!setup.isSound()) {
      world.countFault();
    }
    Run next = new Run(this, setup, world.nextProcess());
    run = Optional.of(next);
    next.start();
  }

  /// The process is gone this moment, its writes under way half done.
  void kill(String why) {
    run.ifPresent(present -> {
      world.trace(this, why);
      present.die();
    });
    run = Optional.empty();
  }

  void ended(Run which) {
    run = run.filter(present -> present != which);
  }

  /// Puts in the changed manifest, or the honest one back, as long as nobody wrote another since.
  private void prepareManifest(boolean edited) {
    edit.filter(done -> disk.manifest.equals(Optional.of(done.changed())))
        .ifPresent(done -> disk.manifest = Optional.of(done.honest()));
    edit = Optional.empty();
    if (edited && disk.manifest.isPresent()) {
      Bytes honest = disk.manifest.get();
      Bytes changed = changed(honest);
      disk.manifest = Optional.of(changed);
      edit = Optional.of(new Edit(honest, changed));
    }
  }

  /// A manifest that its host changed lies on the disk.
  boolean isManifestEdited() {
    return edit.filter(done -> disk.manifest.equals(Optional.of(done.changed()))).isPresent();
  }

  /// The disk as its node left it.
  Disk honestDisk() {
    if (!isManifestEdited()) {
      return disk;
    }
    Disk honest = disk.copy();
    honest.manifest = edit.map(Edit::honest);
    return honest;
  }

  /// Half of the time a change that keeps the form: only the MAC can tell.
  private Bytes changed(Bytes honest) {
    byte[] bytes = honest.toArray();
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int at = text.indexOf("\"" + World.NODE_NAME);
    if (at >= 0 && world.chance.with(0.6)) {
      byte[] name = EDITED_NAME.getBytes(StandardCharsets.ISO_8859_1);
      System.arraycopy(name, 0, bytes, at + 1, name.length);
    } else {
      bytes[world.chance.below(bytes.length)] ^= (byte) (1 << world.chance.below(7));
    }
    return Bytes.copyOf(bytes);
  }

  /// The registry as this machine sees it; empty when it cannot be read.
  Optional<List<Bytes>> view(Members members) {
    if (suffers(Fault.REGISTRY_DOWN)) {
      return Optional.empty();
    }
    List<Bytes> view =
        new ArrayList<>(suffers(Fault.REGISTRY_STALE) ? staleView : members.records());
    if (suffers(Fault.REGISTRY_HIDES) && !view.isEmpty()) {
      view.remove(hidden % view.size());
    }
    if (suffers(Fault.REGISTRY_LIES)) {
      view.addAll(members.lies());
    }
    return Optional.of(view);
  }
}
