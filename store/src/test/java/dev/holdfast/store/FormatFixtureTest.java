package dev.holdfast.store;

import static dev.holdfast.store.StoreFixture.get;
import static dev.holdfast.store.StoreFixture.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.codec.Bytes;
import dev.holdfast.crypto.SecretBytes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A store of every format that was ever released opens, reads as it was written, and can be
/// written to. A release with another format adds a fixture; none is ever made anew.
class FormatFixtureTest {
  private static final StoreIdentity IDENTITY =
      new StoreIdentity(StoreFixture.account(1), StoreFixture.account(2));
  // Of fixtures, good for nothing else.
  private static final int FIRST_KEY = 3;
  private static final int NEXT_KEY = 4;
  private static final String TEXT = "a value from when this format was new";

  @TempDir Path folder;

  private static SecretBytes rootKey(int fill) {
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) fill);
    return SecretBytes.take(key);
  }

  @Test
  void store_ofFormat1_opensAndGoesOn() throws Exception {
    Path path = unpack("format-1.zip");
    try (SecretBytes rootKey = rootKey(NEXT_KEY)) {
      try (SealedStore store = open(path, rootKey)) {
        assertEquals(List.of(2L), store.generations());
        assertEquals(2, store.dataKeys());
        assertEquals(Optional.of(TEXT), get(store, "value"));
        assertEquals(Optional.of("x".repeat(40_000)), get(store, Space.NODE, "long"));
        assertEquals(Optional.of(""), get(store, Space.LEDGER, "empty"));
        assertTrue(store.exists(Space.USER, Name.of("reserved")));
        assertEquals(
            List.of(Name.of("after the rotation"), Name.of("value")), store.list(Space.USER));
        store.requireAtLeast(
            new StoreWitness(
                7,
                Bytes.parseHex(
                    "f4339c143d8fdfaef48ae7d8a55fdd0f7ca4fa9f4c97a69b887a73fb44ffb0de")));
        try (SecretBytes derived = store.deriveKey("disk", 1, 32)) {
          assertEquals(
              "a29a8c208dac91b90b711b49c29d2cb5c2869c5ff47dcec7c98c22cfcc47e302",
              derived.apply(key -> Bytes.copyOf(key).toHex()));
        }
        put(store, "value", "new");
        assertTrue(store.reseal(CheckProgress.NONE));
      }
      try (SealedStore store = open(path, rootKey)) {
        assertEquals(Optional.of("new"), get(store, "value"));
        assertEquals(Optional.of("x".repeat(40_000)), get(store, Space.NODE, "long"));
      }
    }
  }

  private static SealedStore open(Path path, SecretBytes rootKey) throws StoreException {
    return SealedStore.open(path, IDENTITY, rootKey, new SecureRandom());
  }

  private Path unpack(String fixture) throws IOException {
    try (InputStream in = getClass().getResourceAsStream("/formats/" + fixture)) {
      ZipInputStream zip = new ZipInputStream(in);
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path file = folder.resolve(entry.getName());
        Files.createDirectories(file.getParent());
        Files.write(file, zip.readAllBytes());
      }
    }
    return folder.resolve("store");
  }

  private static boolean isReport(Path file) {
    return file.getFileName().toString().matches("LOG.*|OPTIONS.*|LOCK");
  }

  /// Makes the fixture of the present format; run once for each format, by hand.
  static final class Make {
    private Make() {}

    /// Arguments: a new folder for the store, the archive to write.
    public static void main(String[] arguments) throws Exception {
      Path folder = Path.of(arguments[0]);
      Path path = folder.resolve("store");
      try (SecretBytes first = rootKey(FIRST_KEY);
          SecretBytes next = rootKey(NEXT_KEY);
          SealedStore store = SealedStore.create(path, IDENTITY, 1, first, new SecureRandom())) {
        put(store, "value", "replaced");
        put(store, "value", TEXT);
        put(store, Space.NODE, "long", "x".repeat(40_000));
        put(store, Space.LEDGER, "empty", "");
        store.reserve(Space.USER, Name.of("reserved"));
        store.addWrap(2, next);
        put(store, "after the rotation", "value");
        store.dropWrap(1);
        System.out.println(store.witness());
        try (SecretBytes derived = store.deriveKey("disk", 1, 32)) {
          System.out.println("derived " + derived.apply(key -> Bytes.copyOf(key).toHex()));
        }
      }
      try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(Path.of(arguments[1])));
          Stream<Path> files = Files.walk(path)) {
        // The engine's reports hold paths of the machine and are not needed.
        for (Path file :
            files.filter(Files::isRegularFile).filter(file -> !isReport(file)).sorted().toList()) {
          zip.putNextEntry(new ZipEntry(folder.relativize(file).toString()));
          Files.copy(file, zip);
          zip.closeEntry();
        }
      }
    }
  }
}
