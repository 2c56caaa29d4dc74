package dev.holdfast.store;

import dev.holdfast.store.StoreException.Kind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The folder of one store, locked: `lock`, and `engine/` with the engine's files. Owner-only.
///
/// Spec: docs/spec/store.md#files
final class StoreFolder implements AutoCloseable {
  private static final String LOCK = "lock";
  private static final String ENGINE = "engine";
  private static final String CREATING_SUFFIX = ".creating";
  private static final String IMPORTING_SUFFIX = ".importing";
  private static final String REPLACING_SUFFIX = ".replacing";
  private static final String REPLACED_SUFFIX = ".replaced-";
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  // Folders that this process has locked, by what stays when they are moved. A lock belongs to the
  // process: closing any other channel on its file would give it up.
  private static final Set<Object> HELD = ConcurrentHashMap.newKeySet();

  private final Path path;
  private final Object folder;
  private final FileChannel channel;

  private StoreFolder(Path path, Object folder, FileChannel channel) {
    this.path = path;
    this.folder = folder;
    this.channel = channel;
  }

  /// Locks the folder of an existing store.
  ///
  /// @throws StoreException `MISSING`, `LOCKED` or `FAILED`
  static StoreFolder open(Path path) throws StoreException {
    putBack(path);
    if (!Files.isDirectory(path.resolve(ENGINE))) {
      throw new StoreException(Kind.MISSING, "store: expected one at " + path + ", found none");
    }
    return lock(path);
  }

  /// Locks an empty folder beside `path`, for a store that [#moveTo] puts in place when it is
  /// complete: so a store is there as a whole or not at all.
  ///
  /// @throws StoreException `EXISTS`, `LOCKED` or `FAILED`
  static StoreFolder createBeside(Path path) throws StoreException {
    putBack(path);
    requireAbsent(path);
    return emptyBeside(path, CREATING_SUFFIX);
  }

  /// As the other, for a store that is imported and may replace one at `path`.
  ///
  /// @throws StoreException `LOCKED` or `FAILED`
  static StoreFolder importBeside(Path path) throws StoreException {
    return emptyBeside(path, IMPORTING_SUFFIX);
  }

  /// Locks the store at `path`; empty when there is nothing.
  ///
  /// @throws StoreException `EXISTS` when there is something else, `LOCKED` or `FAILED`
  static Optional<StoreFolder> openIfPresent(Path path) throws StoreException {
    putBack(path);
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    if (!Files.isDirectory(path.resolve(ENGINE))) {
      throw new StoreException(
          Kind.EXISTS, "store: expected one or nothing at " + path + ", found something else");
    }
    return Optional.of(lock(path));
  }

  private static StoreFolder emptyBeside(Path path, String suffix) throws StoreException {
    Path unfinished = beside(path, suffix);
    try {
      if (!Files.isDirectory(unfinished, LinkOption.NOFOLLOW_LINKS)) {
        Files.createDirectory(unfinished, OWNER_ONLY);
      }
    } catch (IOException e) {
      throw failed("create", unfinished, e);
    }
    StoreFolder folder = lock(unfinished);
    try {
      deleteTree(folder.engine());
      Files.createDirectory(folder.engine(), OWNER_ONLY);
    } catch (IOException e) {
      folder.close();
      throw failed("create", unfinished, e);
    }
    return folder;
  }

  Path engine() {
    return path.resolve(ENGINE);
  }

  /// Bytes of the engine's files.
  long engineBytes() throws StoreException {
    try (Stream<Path> files = Files.list(engine())) {
      return files.mapToLong(file -> file.toFile().length()).sum();
    } catch (IOException e) {
      throw failed("list", engine(), e);
    }
  }

  /// Puts this folder at `target`, still locked by the same lock; this object is used no more.
  ///
  /// @throws StoreException `EXISTS` or `FAILED`
  StoreFolder moveTo(Path target) throws StoreException {
    requireAbsent(target);
    try {
      force(path);
      Files.move(path, target, StandardCopyOption.ATOMIC_MOVE);
      force(target.resolve("..").toRealPath());
    } catch (IOException e) {
      throw failed("put in place", target, e);
    }
    return new StoreFolder(target, folder, channel);
  }

  /// Puts this folder at the place of `present`, which is kept beside it; both stay locked. After a
  /// crash on the way `present` is at its place again when somebody opens it.
  ///
  /// @return where `present` is now
  /// @throws StoreException `FAILED`: then one of the two is at the place, whole
  Path replace(StoreFolder present) throws StoreException {
    Path target = present.path;
    Path replacing = beside(target, REPLACING_SUFFIX);
    try {
      keep(target);
      force(path);
      Files.move(target, replacing, StandardCopyOption.ATOMIC_MOVE);
      try {
        Files.move(path, target, StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException e) {
        Files.move(replacing, target, StandardCopyOption.ATOMIC_MOVE);
        throw e;
      }
      force(target.resolve("..").toRealPath());
      return keep(target).orElse(replacing);
    } catch (IOException e) {
      throw failed("replace", target, e);
    }
  }

  /// Removes this folder with everything in it and unlocks it.
  void delete() throws StoreException {
    try (this) {
      deleteTree(path);
    } catch (IOException e) {
      throw failed("delete", path, e);
    }
  }

  /// Unlocks; idempotent.
  @Override
  public void close() throws StoreException {
    if (!channel.isOpen()) {
      return;
    }
    try {
      channel.close();
    } catch (IOException e) {
      throw failed("unlock", path, e);
    } finally {
      HELD.remove(folder);
    }
  }

  private static StoreFolder lock(Path path) throws StoreException {
    Object folder = Objects.requireNonNullElse(fileKey(path), path);
    if (!HELD.add(folder)) {
      throw locked(path, "by this process");
    }
    FileLock lock = null;
    FileChannel channel = null;
    try {
      channel =
          FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      lock = channel.tryLock();
      if (lock == null) {
        channel.close();
        throw locked(path, "by another process");
      }
      return new StoreFolder(path, folder, channel);
    } catch (IOException e) {
      throw failed("lock", path, e);
    } finally {
      if (lock == null) {
        HELD.remove(folder);
      }
    }
  }

  private static @Nullable Object fileKey(Path path) throws StoreException {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    } catch (IOException e) {
      throw failed("lock", path, e);
    }
  }

  // Between its two renames an import has no store at the place: it holds the old one's lock then.
  private static void putBack(Path path) throws StoreException {
    Path replacing = beside(path, REPLACING_SUFFIX);
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) || !Files.isDirectory(replacing)) {
      return;
    }
    try (StoreFolder interrupted = lock(replacing)) {
      Files.move(interrupted.path, path, StandardCopyOption.ATOMIC_MOVE);
      force(path.resolve("..").toRealPath());
    } catch (IOException e) {
      throw failed("put back", path, e);
    }
  }

  // Gives what an import replaced the name under which it stays.
  private static Optional<Path> keep(Path path) throws IOException {
    Path replacing = beside(path, REPLACING_SUFFIX);
    if (!Files.exists(replacing, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    int number = 1;
    while (Files.exists(beside(path, REPLACED_SUFFIX + number), LinkOption.NOFOLLOW_LINKS)) {
      number++;
    }
    Path kept = beside(path, REPLACED_SUFFIX + number);
    Files.move(replacing, kept, StandardCopyOption.ATOMIC_MOVE);
    force(kept.resolve("..").toRealPath());
    return Optional.of(kept);
  }

  private static Path beside(Path path, String suffix) {
    return path.resolveSibling(path.getFileName() + suffix);
  }

  private static void requireAbsent(Path path) throws StoreException {
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      throw new StoreException(Kind.EXISTS, "store: expected nothing at " + path);
    }
  }

  private static void deleteTree(Path root) throws IOException {
    if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path dir, @Nullable IOException e)
              throws IOException {
            if (e != null) {
              throw e;
            }
            Files.delete(dir);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static void force(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static StoreException locked(Path path, String by) {
    return new StoreException(Kind.LOCKED, "store: " + path + " is open already " + by);
  }

  private static StoreException failed(String doing, Path path, IOException e) {
    return new StoreException(Kind.FAILED, "store: cannot " + doing + " " + path + ": " + e, e);
  }
}
