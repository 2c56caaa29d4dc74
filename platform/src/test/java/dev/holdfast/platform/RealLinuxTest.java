package dev.holdfast.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.codec.Bytes;
import dev.holdfast.platform.ConfigfsTsm.Retries;
import dev.holdfast.platform.EvidenceException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The same code on the real file system, where that can give the errors of configfs.
final class RealLinuxTest {
  private static final Path UNREADABLE = Path.of("/proc/self/mem");

  @TempDir private Path folder;

  @Test
  void quote_ordinaryFolder_isNotConfigfsAndLeavesNothing() throws Exception {
    assertSame(Kind.NOT_CONFIGFS, failureIn(folder));
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void quote_noFolder_isNotMounted() {
    assertSame(Kind.NOT_MOUNTED, failureIn(folder.resolve("absent")));
  }

  @Test
  void quote_fileInsteadOfFolder_isNotConfigfs() throws Exception {
    assumeEnglishErrors();
    assertSame(Kind.NOT_CONFIGFS, failureIn(Files.createFile(folder.resolve("file"))));
  }

  @Test
  void kindOf_realEio_isHostFailed() {
    assumeEnglishErrors();
    assumeTrue(Files.exists(UNREADABLE), "SKIPPED: needs Linux with /proc");
    IOException error =
        assertThrows(
            IOException.class,
            () -> {
              try (InputStream in = Files.newInputStream(UNREADABLE)) {
                in.read();
              }
            });

    assertSame(Kind.HOST_FAILED, KernelError.kindOf(error, Kind.OTHER));
  }

  private static Kind failureIn(Path base) {
    ConfigfsTsm tsm =
        new ConfigfsTsm(
            base,
            new GuestRegisters(base),
            Retries.defaults(),
            new SecureRandom(),
            new FakeTicker());
    return assertThrows(EvidenceException.class, () -> tsm.quote(Bytes.zero(64))).kind();
  }

  private static void assumeEnglishErrors() {
    assumeTrue(
        Locale.getDefault().getLanguage().equals("en"),
        "SKIPPED: the C library may translate its errors here; run with LC_ALL=C");
  }
}
