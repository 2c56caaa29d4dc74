package dev.holdfast.registry;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.Limits;
import dev.holdfast.registry.RegistryException.Kind;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A folder of records, one file `<account in hexadecimal>.json` each: the default registry, for
/// members that share a folder in whatever way.
///
/// Files are written atomically and durably. The folder is watched, and looked through from time to
/// time in case the watch missed something. Foreign, half-written, oversized and misnamed files are
/// left alone and reported in the view. Two virtual threads per object do the watching.
///
/// Spec: docs/operating/registry.md
public final class FileRegistry implements MembershipRegistry {
  private final Path path;
  private final RecordFolder folder;
  private final RecordWriter writer;
  private final FolderWatch watch;
  private final LatestView latest = new LatestView();
  private final CountDownLatch closed = new CountDownLatch(1);

  /// What the present view was made of, or something newer.
  private volatile RecordFolder.Contents contents = RecordFolder.Contents.NONE;

  /// @param rescanInterval how often everything is looked at although the watch reported nothing
  /// @param maxMembers accounts listed at most
  /// @param maxFiles files the folder may hold; with more it is not read at all
  public record Options(Duration rescanInterval, int maxMembers, int maxFiles) {
    /// Half a minute, [Limits#MEMBERS] accounts, twice as many files.
    public static Options defaults() {
      return new Options(Duration.ofSeconds(30), Limits.MEMBERS, 2 * Limits.MEMBERS);
    }
  }

  private FileRegistry(Path path, Options options, SecureRandom random, FolderWatch watch) {
    this.path = path;
    this.folder = new RecordFolder(path, options.maxMembers(), options.maxFiles());
    this.writer = new RecordWriter(path, random);
    this.watch = watch;
  }

  /// Opens the registry in `folder`, which need not exist yet: it is never created here, since it
  /// may be a file system that is not mounted. The first view is complete on return.
  ///
  /// @param random for names of temporary files
  public static FileRegistry open(Path folder, Options options, SecureRandom random) {
    FolderWatch watch;
    try {
      watch = SystemWatch.open(folder);
    } catch (IOException e) {
      // No inotify instance is left: rescans find everything, later.
      watch = new NoWatch();
    }
    return open(folder, options, random, watch);
  }

  static FileRegistry open(Path folder, Options options, SecureRandom random, FolderWatch watch) {
    FileRegistry registry = new FileRegistry(folder, options, random, watch);
    registry.rescan();
    Thread.ofVirtual().name("registry-watch").start(registry::follow);
    Thread.ofVirtual()
        .name("registry-rescan")
        .start(() -> registry.rescanEvery(options.rescanInterval()));
    return registry;
  }

  @Override
  public MembershipView view() {
    return latest.view();
  }

  @Override
  public MembershipView awaitChange(long known, Duration atMost)
      throws RegistryException, InterruptedException {
    return latest.awaitChange(known, atMost);
  }

  @Override
  public Optional<Bytes> record(AccountId account) throws RegistryException, InterruptedException {
    requireOpen();
    Optional<String> name = contents.nameOf(account);
    if (name.isEmpty()) {
      return Optional.empty();
    }
    try {
      Bytes bytes = RecordFile.readBytes(path.resolve(name.get()));
      return PublishedRecord.parse(bytes).account().equals(account)
          ? Optional.of(bytes)
          : Optional.empty();
    } catch (MalformedException e) {
      // Being rewritten by somebody who does not rename.
      return Optional.empty();
    } catch (NoSuchFileException e) {
      if (Files.isDirectory(path)) {
        return Optional.empty();
      }
      throw unavailable("read", e);
    } catch (IOException e) {
      throw unavailable("read", e);
    }
  }

  @Override
  public void publish(Bytes record) throws RegistryException, InterruptedException {
    PublishedRecord next = PublishedRecord.toPublish(record);
    String name = RecordFile.nameOf(next.account());
    synchronized (folder) {
      requireOpen();
      look(Set.of(name));
      if (!isChange(next)) {
        return;
      }
      try {
        writer.write(name, record);
      } catch (IOException e) {
        throw unavailable("write to", e);
      }
      look(Set.of(name));
    }
  }

  /// False when exactly this is published already.
  private boolean isChange(PublishedRecord next) throws RegistryException {
    Map<String, PublishedRecord> files = folder.recordsOf(next.account());
    for (Map.Entry<String, PublishedRecord> file : files.entrySet()) {
      PublishedRecord before = file.getValue();
      if (!next.isNewerThan(before) && !next.tag().equals(before.tag())) {
        throw new RegistryException(
            Kind.RECORD_NOT_NEWER,
            "expected a record newer than "
                + before.age()
                + " in "
                + file.getKey()
                + ", found "
                + next.age());
      }
    }
    if (folder.isFullFor(next.account())) {
      throw new RegistryException(Kind.REGISTRY_FULL, path + " lists as many members as it may");
    }
    return files.values().stream().noneMatch(before -> before.tag().equals(next.tag()));
  }

  @Override
  public void withdraw(AccountId account) throws RegistryException, InterruptedException {
    synchronized (folder) {
      requireOpen();
      Set<String> names = new TreeSet<>(folder.recordsOf(account).keySet());
      names.add(RecordFile.nameOf(account));
      try {
        writer.remove(names);
      } catch (IOException e) {
        throw unavailable("remove from", e);
      }
      look(names);
    }
  }

  @Override
  public void close() {
    closed.countDown();
    latest.close();
    watch.close();
  }

  /// Looks at the whole folder.
  void rescan() {
    synchronized (folder) {
      watch.renew();
      try {
        folder.rescan();
        show();
      } catch (IOException e) {
        stale(e);
      }
    }
  }

  /// Looks at a few files; at all of them when the last look failed.
  private void look(Set<String> names) {
    if (latest.view().stale().isPresent()) {
      rescan();
      return;
    }
    try {
      folder.look(names);
      show();
    } catch (IOException e) {
      stale(e);
    }
  }

  private void stale(IOException error) {
    latest.stale("cannot read the folder " + path + ": " + reason(error));
  }

  private void show() {
    // First, so that whoever sees an account in the view finds its file.
    contents = folder.contents();
    latest.show(contents.listings(), contents.ignored(), contents.ignoredCount());
  }

  private void follow() {
    try {
      while (true) {
        switch (watch.take()) {
          case FolderWatch.Anything _ -> rescan();
          case FolderWatch.Closed _ -> {
            return;
          }
          case FolderWatch.Names changed -> {
            synchronized (folder) {
              look(changed.names());
            }
          }
        }
      }
    } catch (InterruptedException e) {
      // Nobody interrupts this thread; it would end like a closed one.
    }
  }

  private void rescanEvery(Duration interval) {
    try {
      while (!closed.await(interval.toNanos(), TimeUnit.NANOSECONDS)) {
        rescan();
      }
    } catch (InterruptedException e) {
      // Nobody interrupts this thread; it would end like a closed one.
    }
  }

  private void requireOpen() throws RegistryException {
    if (closed.getCount() == 0) {
      throw LatestView.closed();
    }
  }

  private RegistryException unavailable(String verb, IOException error)
      throws InterruptedException {
    if (error instanceof ClosedByInterruptException) {
      Thread.interrupted();
      throw (InterruptedException) new InterruptedException("interrupted").initCause(error);
    }
    return new RegistryException(
        Kind.REGISTRY_UNAVAILABLE,
        "cannot " + verb + " the folder " + path + ": " + reason(error),
        error);
  }

  private String reason(IOException error) {
    return error instanceof NoSuchFileException && !Files.isDirectory(path)
        ? "there is no such folder"
        : RecordFile.reason(error);
  }
}
