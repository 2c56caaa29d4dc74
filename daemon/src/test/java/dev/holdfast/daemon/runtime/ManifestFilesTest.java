package dev.holdfast.daemon.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.codec.Bytes;
import dev.holdfast.node.model.Input;
import dev.holdfast.protocol.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ManifestFilesTest {
  private static final Bytes ONE = Bytes.zero(1);
  private static final Bytes TWO = Bytes.zero(2);

  @TempDir Path folder;
  private ManifestFiles files = new ManifestFiles(Path.of(""));

  @BeforeEach
  void open() {
    files = new ManifestFiles(folder);
  }

  @Test
  void folder_fresh_hasNeither() throws Exception {
    assertEquals(Optional.empty(), files.committed());
    assertEquals(Optional.empty(), files.pending());
  }

  @Test
  void committed_afterPending_replacesIt() throws Exception {
    assertEquals(new Input.ManifestWritten(false), files.write(false, ONE));
    assertEquals(Optional.of(ONE), files.pending());
    assertEquals(new Input.ManifestWritten(true), files.write(true, TWO));
    assertEquals(Optional.of(TWO), files.committed());
    assertEquals(Optional.empty(), files.pending());
  }

  @Test
  void manifest_atLimitAndOnePast_isReadAndRefused() throws Exception {
    files.write(true, Bytes.zero(Limits.MANIFEST_MAX_BYTES));
    assertEquals(Limits.MANIFEST_MAX_BYTES, files.committed().orElseThrow().size());
    files.write(true, Bytes.zero(Limits.MANIFEST_MAX_BYTES + 1));
    assertThrows(IOException.class, files::committed);
  }

  @Test
  void pending_setAsideTwice_keepsBoth() throws Exception {
    for (int i = 0; i < 2; i++) {
      files.write(false, ONE);
      Files.createDirectories(files.store());
      assertEquals(new Input.SetAside(), files.setPendingAside());
      assertEquals(Optional.empty(), files.pending());
      assertFalse(Files.exists(files.store()));
    }
    for (String name : new String[] {"manifest.pending.json", "store"}) {
      assertTrue(Files.exists(folder.resolve(name + ".aside-1")));
      assertTrue(Files.exists(folder.resolve(name + ".aside-2")));
    }
  }

  @Test
  void write_intoMissingFolder_fails() {
    ManifestFiles nowhere = new ManifestFiles(folder.resolve("none"));
    assertInstanceOf(Input.ManifestNotWritten.class, nowhere.write(true, ONE));
  }
}
