package dev.holdfast.sim;

import dev.holdfast.codec.Bytes;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.node.model.Effect;
import dev.holdfast.node.model.Input;
import dev.holdfast.node.model.LedgerEntry;
import dev.holdfast.node.model.LedgerView;
import dev.holdfast.node.model.StoreFault;
import dev.holdfast.protocol.AccountId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/// One process's way to its [Disk]: every write takes a while, may fail, and is done in part when
/// the process dies meanwhile.
final class Storage implements LedgerView {
  private static final String NO_SPACE = "no space left on device";

  private final Run run;
  private final World world;
  private final Machine machine;
  private final List<Writing> writings = new ArrayList<>();

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

  Storage(Run run) {
    this.run = run;
    this.machine = run.machine;
    this.world = run.machine.world;
  }

  /// The process is gone. Of each write under way the first steps are done, or none, or all.
  void die() {
    for (Writing writing : writings) {
      writing.carryOut(world.chance.below(writing.steps.size() + 1));
    }
    writings.clear();
  }

  /// Writes in steps; `failed` when the disk does not take it, some steps done all the same.
  private void write(List<Runnable> steps, Supplier<Input> done, Function<String, Input> failed) {
    Writing writing = new Writing(steps);
    if (machine.suffers(Fault.DISK_FULL) || world.chance.with(world.rates().write())) {
      run.later(run.work(), () -> run.step(failed.apply(NO_SPACE)));
      return;
    }
    writings.add(writing);
    run.later(
        run.work(),
        () -> {
          writings.remove(writing);
          writing.carryOut(steps.size());
          run.step(done.get());
        });
  }

  void writeManifest(Effect.WriteManifest write) {
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
        () -> new Input.ManifestWritten(write.committed()),
        detail -> new Input.ManifestNotWritten(write.committed(), detail));
  }

  void setAside() {
    Disk disk = machine.disk;
    world.watch.setAside(machine);
    write(
        List.of(() -> disk.pending = Optional.empty(), () -> disk.store = Optional.empty()),
        () -> new Input.SetAside(),
        Input.NotSetAside::new);
  }

  void create(Effect.CreateStore create) {
    Disk disk = machine.disk;
    Bytes key = Disk.plain(create.rootKey());
    Bytes record = Disk.plain(create.nodeRecord());
    create.nodeRecord().close();
    world.watch.created(create.store(), key, record);
    if (disk.store.isPresent()) {
      run.later(
          run.work(),
          () -> run.step(new Input.StoreNotOpened(StoreFault.EXISTS, "there is one already")));
      return;
    }
    Disk.Store store = new Disk.Store(create.store(), key.sha256());
    run.later(
        run.work(),
        () ->
            write(
                List.of(() -> disk.store = Optional.of(store), () -> store.writeNodeRecord(record)),
                () -> opened(store),
                detail -> new Input.StoreNotOpened(StoreFault.FULL, detail)));
  }

  void open(Effect.OpenStore open) {
    Bytes key = Disk.plain(open.rootKey());
    run.later(
        run.work(),
        () ->
            machine
                .disk
                .fault(open.store(), key.sha256())
                .ifPresentOrElse(
                    fault -> run.step(new Input.StoreNotOpened(fault, "the model's word")),
                    () -> {
                      world.watch.opened(run, key);
                      run.step(opened(store()));
                    }));
  }

  private Input opened(Disk.Store store) {
    return new Input.StoreOpened(
        Disk.secret(store.nodeRecord.orElseThrow()), store.statement, this, store.mark());
  }

  void peek() {
    run.later(run.work(), () -> run.step(new Input.StorePeeked(store().mark())));
  }

  void readMark() {
    run.later(run.work(), () -> run.step(new Input.MarkRead(store().mark())));
  }

  void writeStatement(Effect.WriteStatement write) {
    Disk.Store store = store();
    write(
        List.of(() -> store.writeStatement(write.statement())),
        () -> new Input.StatementWritten(),
        Input.StatementNotWritten::new);
  }

  void writeNodeRecord(Effect.WriteNodeRecord write) {
    Bytes record = Disk.plain(write.nodeRecord());
    write.nodeRecord().close();
    Disk.Store store = store();
    write(
        List.of(() -> store.writeNodeRecord(record)),
        () -> new Input.NodeRecordWritten(),
        Input.NodeRecordNotWritten::new);
  }

  void setWraps(Effect.SetWraps set) {
    Disk.Store store = store();
    Optional<Bytes> next = set.next().map(key -> Disk.plain(key.rootKey()).sha256());
    set.next().ifPresent(key -> world.watch.drawn(Disk.plain(key.rootKey())));
    write(
        List.of(
            () -> store.wraps.keySet().removeIf(generation -> generation != set.keep()),
            () -> next.ifPresent(digest -> store.wraps.put(set.next().get().generation(), digest))),
        () -> new Input.WrapsSet(),
        Input.WrapsNotSet::new);
  }

  void writeLedger(Effect.WriteLedger write) {
    Disk.Store store = store();
    AccountId account = write.account();
    boolean expected = true;
    Map<LedgerEntry, Optional<Bytes>> changes = new EnumMap<>(LedgerEntry.class);
    for (Effect.Change change : write.changes()) {
      Optional<Bytes> present = Optional.ofNullable(store.entries(change.entry()).get(account));
      expected &= present.equals(change.expected().map(Disk::plain));
      switch (change) {
        case Effect.Change.Put put -> changes.put(put.entry(), Optional.of(Disk.plain(put.next())));
        case Effect.Change.Delete delete -> changes.put(delete.entry(), Optional.empty());
        case Effect.Change.Keep _ -> {}
      }
      change.close();
    }
    if (!expected) {
      run.later(run.work(), () -> run.step(new Input.LedgerConflict(write.exchange())));
      return;
    }
    write(
        List.of(() -> {
          Optional.ofNullable(changes.get(LedgerEntry.DEPOSIT))
              .flatMap(next -> next)
              .ifPresent(next ->
                  world.watch.replaces(Optional.ofNullable(store.ledger.get(account)), next));
          store.write(account, changes);
        }),
        () -> new Input.LedgerWritten(write.exchange()),
        detail -> new Input.LedgerFailed(write.exchange(), detail));
  }

  void appendLog(Effect.AppendLog append) {
    write(
        List.of(() -> append.facts().forEach(run.logged::add)),
        () -> new Input.LogAppended(),
        Input.LogNotAppended::new);
  }

  /// A user writes a value; `acknowledged` once it is durable.
  void writeUser(Bytes key, Bytes value, Runnable acknowledged) {
    if (!run.snapshot().acceptsUserWrites() || machine.suffers(Fault.DISK_FULL)) {
      return;
    }
    Disk.Store store = store();
    Writing writing = new Writing(List.of(() -> store.put(key, value)));
    writings.add(writing);
    run.later(
        run.work(),
        () -> {
          writings.remove(writing);
          writing.carryOut(1);
          acknowledged.run();
          run.step(new Input.StoreChanged());
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
  public boolean holds(AccountId depositor) {
    return store().ledger.containsKey(depositor) || store().pending.containsKey(depositor);
  }

  @Override
  public Optional<SecretBytes> pending(AccountId depositor) {
    return Optional.ofNullable(store().pending.get(depositor)).map(Disk::secret);
  }

  @Override
  public Optional<Bytes> runs(AccountId depositor) {
    return Optional.ofNullable(store().runs.get(depositor));
  }

  @Override
  public long count() {
    return store().ledger.size();
  }
}
