package dev.holdfast.registry;

import dev.holdfast.codec.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.Collection;
import java.util.HexFormat;

/// Writes files of one folder so that a reader sees all of the old or all of the new, and a power
/// cut leaves one of them: temporary file, fsync, rename, fsync of the folder.
final class RecordWriter {
  private static final int RANDOM_BYTES = 8;

  private final Path folder;
  private final SecureRandom random;

  RecordWriter(Path folder, SecureRandom random) {
    this.folder = folder;
    this.random = random;
  }

  /// Writes the file `name`. What a crash left of earlier attempts at it is removed first.
  void write(String name, Bytes bytes) throws IOException {
    removeTemporary(name);
    byte[] salt = new byte[RANDOM_BYTES];
    random.nextBytes(salt);
    Path temporary = folder.resolve("." + name + "." + HexFormat.of().formatHex(salt));
    try {
      try (FileChannel channel =
          FileChannel.open(temporary, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes.toArray());
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
        channel.force(true);
      }
      Files.move(temporary, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
    syncFolder();
  }

  /// Removes the files of these names that exist, with what is left of attempts to write them.
  void remove(Collection<String> names) throws IOException {
    for (String name : names) {
      removeTemporary(name);
      Files.deleteIfExists(folder.resolve(name));
    }
    syncFolder();
  }

  private void removeTemporary(String name) throws IOException {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, "." + name + ".*")) {
      for (Path path : left) {
        Files.deleteIfExists(path);
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  private void syncFolder() throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
