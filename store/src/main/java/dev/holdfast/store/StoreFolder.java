package dev.holdfast.store;

import dev.holdfast.store.StoreException.Kind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
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
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The folder of one store, locked: `lock`, and `engine/` with the engine's files. Owner-only.
///
/// Spec: docs/spec/store.md#files
final class StoreFolder implements AutoCloseable {
  private static final String LOCK = "lock";
  private static final String ENGINE = "engine";
  private static final String UNFINISHED_SUFFIX = ".creating";
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private final Path path;
  private final FileChannel channel;

  private StoreFolder(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /// Locks the folder of an existing store.
  ///
  /// @throws StoreException `MISSING`, `LOCKED` or `FAILED`
  static StoreFolder open(Path path) throws StoreException {
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
    requireAbsent(path);
    Path unfinished = path.resolveSibling(path.getFileName() + UNFINISHED_SUFFIX);
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
    return new StoreFolder(target, channel);
  }

  /// Unlocks; idempotent.
  @Override
  public void close() throws StoreException {
    try {
      channel.close();
    } catch (IOException e) {
      throw failed("unlock", path, e);
    }
  }

  private static StoreFolder lock(Path path) throws StoreException {
    FileChannel channel = null;
    try {
      channel =
          FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return new StoreFolder(path, channel);
      }
      channel.close();
      throw locked(path, "by another process");
    } catch (OverlappingFileLockException e) {
      throw locked(path, "by this process");
    } catch (IOException e) {
      throw failed("lock", path, e);
    }
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
