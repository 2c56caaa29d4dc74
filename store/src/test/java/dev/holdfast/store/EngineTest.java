package dev.holdfast.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.store.StoreException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.rocksdb.Status.Code;
import org.rocksdb.Status.SubCode;

class EngineTest {
  @TempDir Path folder;

  @Test
  void kind_ofEngineErrors_isToldApart() {
    assertEquals(Kind.FULL, kind(new Status(Code.IOError, SubCode.NoSpace, "x")));
    assertEquals(Kind.FAILED, kind(new Status(Code.IOError, SubCode.None, "x")));
    assertEquals(Kind.CORRUPTED, kind(new Status(Code.Corruption, SubCode.None, "x")));
    assertEquals(Kind.FAILED, Engine.kind(new RocksDBException("x")));
  }

  private static Kind kind(Status status) {
    return Engine.kind(new RocksDBException("x", status));
  }

  @Test
  void disk_thatFillsUp_isReportedAsFullAndKeepsWhatWasAcknowledged() throws Exception {
    Path disk = folder.resolve("disk");
    Files.createDirectory(disk);
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", disk.toString()),
        "SKIPPED: a small file system needs the right to mount one");
    try (StoreFixture fixture = new StoreFixture(disk);
        SecretBytes value = SecretBytes.generate(64 << 10, fixture.random)) {
      List<Name> acknowledged = new ArrayList<>();
      try (SealedStore store = fixture.create()) {
        StoreException e =
            assertThrows(
                StoreException.class,
                () -> {
                  for (int i = 0; i < 1_000; i++) {
                    Name name = Name.of("n" + i);
                    store.put(Space.USER, name, value);
                    acknowledged.add(name);
                  }
                });
        assertEquals(Kind.FULL, e.kind());
        StoreException later =
            assertThrows(StoreException.class, () -> store.put(Space.USER, Name.of("late"), value));
        assertEquals(Kind.FULL, later.kind());
        assertEquals(acknowledged.size(), present(store, acknowledged));
      }
      assertEquals(true, run("mount", "-o", "remount,size=64m", disk.toString()));
      try (SealedStore store = fixture.open()) {
        assertEquals(acknowledged.size(), present(store, acknowledged));
        store.put(Space.USER, Name.of("late"), value);
      }
    } finally {
      assertEquals(true, run("umount", disk.toString()));
    }
  }

  private static int present(SealedStore store, List<Name> names) throws StoreException {
    int present = 0;
    for (Name name : names) {
      Optional<SecretBytes> value = store.get(Space.USER, name);
      value.ifPresent(SecretBytes::close);
      present += value.isPresent() ? 1 : 0;
    }
    return present;
  }

  private static boolean run(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
