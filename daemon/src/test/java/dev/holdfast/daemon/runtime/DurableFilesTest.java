package dev.holdfast.daemon.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.holdfast.codec.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DurableFilesTest {
  @TempDir Path parent;

  @Test
  void write_twice_leavesTheSecondOwnerOnly() throws Exception {
    Path folder = parent.resolve("a/b");
    DurableFiles.createFolder(folder);
    DurableFiles.write(folder, "f", Bytes.zero(3));
    DurableFiles.write(folder, "f", Bytes.zero(5));
    assertEquals(Optional.of(Bytes.zero(5)), DurableFiles.read(folder.resolve("f"), 5));
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("f"))));
    assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)));
    try (var files = Files.list(folder)) {
      assertEquals(1, files.count());
    }
  }

  @Test
  void write_overLeftTemporaryFile_succeeds() throws Exception {
    Files.writeString(parent.resolve("f.tmp"), "half");
    DurableFiles.write(parent, "f", Bytes.zero(1));
    assertEquals(Optional.of(Bytes.zero(1)), DurableFiles.read(parent.resolve("f"), 1));
  }

  @Test
  void read_absentOrTooLarge_isEmptyOrRefused() throws Exception {
    assertEquals(Optional.empty(), DurableFiles.read(parent.resolve("f"), 1));
    DurableFiles.write(parent, "f", Bytes.zero(2));
    assertThrows(IOException.class, () -> DurableFiles.read(parent.resolve("f"), 1));
    DurableFiles.delete(parent, "f");
    assertEquals(Optional.empty(), DurableFiles.read(parent.resolve("f"), 1));
  }

  @Test
  void lock_takenTwice_isRefusedUntilReleased() throws Exception {
    try (FolderLock first = FolderLock.take(parent)) {
      assertEquals(FolderLock.class, first.getClass());
      assertThrows(IOException.class, () -> FolderLock.take(parent));
    }
    FolderLock.take(parent).close();
  }
}
