package dev.holdfast.platform.collateral;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/// The files of a cache: `KEY.json` for each set, `floors.json`, and a lock that orders the
/// processes that share the folder. Owner-only; every write is the whole new content or none of it
/// (temporary file, fsync, rename, fsync of the folder). Nothing read here is trusted.
///
/// Spec: docs/operating/collateral.md#the-folder
final class CacheFolder {
  private static final String FLOORS = "floors.json";
  private static final String LOCK = "lock";
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private final Path folder;
  private final Bytes anchor;
  private final ReentrantLock turn = new ReentrantLock();

  /// @param anchor digest of the trust anchor
  CacheFolder(Path folder, Bytes anchor) {
    this.folder = folder;
    this.anchor = anchor;
  }

  /// The set for `key`; empty when there is none.
  ///
  /// @throws MalformedException when the file is none
  Optional<CacheEntry> entry(CollateralKey key) throws IOException, MalformedException {
    Optional<Bytes> bytes = read(key + ".json", CacheEntry.MAX_FILE_BYTES);
    return bytes.isPresent() ? Optional.of(CacheEntry.parse(bytes.get())) : Optional.empty();
  }

  void write(CollateralKey key, CacheEntry entry) throws IOException {
    write(key + ".json", entry.toJson());
  }

  /// @throws MalformedException when the file is damaged, or of another trust anchor
  Floors floors() throws IOException, MalformedException {
    Optional<Bytes> bytes = read(FLOORS, Floors.MAX_FILE_BYTES);
    return bytes.isPresent() ? Floors.parse(bytes.get(), anchor) : Floors.NONE;
  }

  /// Raises the floors on disk, whoever else does so too, and answers what they are then.
  Floors raise(Map<String, Floors.Floor> documents) throws IOException, MalformedException {
    turn.lock();
    try {
      create();
      try (FileChannel channel =
              FileChannel.open(
                  folder.resolve(LOCK),
                  Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                  OWNER_FILE);
          FileLock _ = channel.lock()) {
        Floors before = floors();
        Floors after = before.with(documents);
        if (!after.equals(before)) {
          write(FLOORS, after.toJson(anchor));
        }
        return after;
      }
    } finally {
      turn.unlock();
    }
  }

  private void create() throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder, OWNER_FOLDER);
    }
  }

  private Optional<Bytes> read(String name, int maxBytes) throws IOException, MalformedException {
    Path file = folder.resolve(name);
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)
        && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new MalformedException(name, 0, "file", "a regular file", "something else");
    }
    try (InputStream in = Files.newInputStream(file)) {
      Bytes bytes = Bytes.copyOf(in.readNBytes(maxBytes + 1));
      if (bytes.size() > maxBytes) {
        throw new MalformedException(name, 0, "file", "at most " + maxBytes + " bytes", "more");
      }
      return Optional.of(bytes);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private void write(String name, Bytes content) throws IOException {
    create();
    Path temporary = Files.createTempFile(folder, name, ".tmp", OWNER_FILE);
    try {
      try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        ByteBuffer buffer = ByteBuffer.wrap(content.toArray());
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
        channel.force(true);
      }
      Files.move(temporary, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
