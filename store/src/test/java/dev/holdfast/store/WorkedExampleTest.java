package dev.holdfast.store;

import static dev.holdfast.store.PlainCrypto.frame;
import static dev.holdfast.store.PlainCrypto.hex;
import static dev.holdfast.store.PlainCrypto.hkdf;
import static dev.holdfast.store.PlainCrypto.hmac;
import static dev.holdfast.store.PlainCrypto.open;
import static dev.holdfast.store.PlainCrypto.take;
import static dev.holdfast.store.PlainCrypto.text;
import static dev.holdfast.store.PlainCrypto.u64;
import static dev.holdfast.store.StoreFixture.get;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.codec.Bytes;
import dev.holdfast.crypto.SecretBytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The worked example of `docs/spec/store.md` is a committed archive of format 1, taken apart by
/// the specification with the JDK alone; and it imports, opens and reads as it was put.
class WorkedExampleTest {
  private static final Path SPECIFICATION =
      Path.of(System.getProperty("holdfast.root", ".."), "docs/spec/store.md");
  private static final String FIXTURE = "/formats/archive-1.bin";
  private static final StoreIdentity IDENTITY =
      new StoreIdentity(StoreFixture.account(1), StoreFixture.account(2));
  private static final int COLUMNS = 64;

  private static final String DATA_KEY = "data key 1";
  private static final String NAME_KEY = "name key";
  private static final String DIGEST_KEY = "digest key";
  private static final String WITNESS_KEY = "witness key";
  private static final String ELEMENT = "element of the record, the set digest of the store side";

  @TempDir Path folder;

  // Of the example, good for nothing else.
  private static byte[] rootKeyBytes() {
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) 3);
    return key;
  }

  private static byte[] fixture() throws IOException {
    try (InputStream in = WorkedExampleTest.class.getResourceAsStream(FIXTURE)) {
      return requireNonNull(in).readAllBytes();
    }
  }

  @Test
  void archive_ofFormat1_importsAndReads() throws Exception {
    Path path = folder.resolve("store");
    try (SecretBytes rootKey = SecretBytes.take(rootKeyBytes());
        InputStream in = WorkedExampleTest.class.getResourceAsStream(FIXTURE)) {
      try (StoreArchive staged = StoreArchive.stage(in, path, Optional.of(IDENTITY.account()))) {
        assertEquals(1, staged.contents().records());
        staged.place(IDENTITY, rootKey, new SecureRandom(), CheckProgress.NONE);
      }
      try (SealedStore store = SealedStore.open(path, IDENTITY, rootKey, new SecureRandom())) {
        assertEquals(Optional.of("hunter2"), get(store, "db/password"));
      }
    }
  }

  @Test
  void example_inTheSpecification_isThisArchiveTakenApart() throws Exception {
    String expected = "```text\n" + block(takenApart(fixture())) + "```\n";
    assertTrue(Files.readString(SPECIFICATION).contains(expected), expected);
  }

  /// Every step from the root key to the value, in the order in which a reader takes them.
  private static Map<String, byte[]> takenApart(byte[] archive) throws GeneralSecurityException {
    NavigableMap<String, byte[]> engine = entries(archive);
    Map<String, byte[]> steps = new LinkedHashMap<>();
    takeKeys(steps, requireNonNull(engine.get("00")));
    takeRecord(steps, engine);
    takeState(steps, engine);
    return steps;
  }

  private static NavigableMap<String, byte[]> entries(byte[] archive) {
    NavigableMap<String, byte[]> engine = new TreeMap<>();
    ByteBuffer in = ByteBuffer.wrap(archive);
    assertEquals("HOLDFAST-ARCHIVE", text(take(in, 16)));
    assertEquals(1, in.getShort());
    take(in, in.getInt());
    for (int size = in.get(); size > 0; size = in.get()) {
      engine.put(hex(take(in, size)), take(in, in.getInt()));
    }
    assertEquals(engine.size(), in.getLong());
    return engine;
  }

  private static void takeKeys(Map<String, byte[]> steps, byte[] header)
      throws GeneralSecurityException {
    step(steps, "value of 00, the header", header);
    byte[] rootKey = step(steps, "root key", rootKeyBytes());
    byte[] kek = hkdf(rootKey, new byte[0], frame("store-key-encryption-key"), 32);
    step(steps, "key-encryption key", kek);
    step(steps, "key check", hkdf(rootKey, new byte[0], frame("store-key-check"), 16));
    byte[] aad = frame("store-wrap", u64(1), cut(header, 10, 32), cut(header, 42, 32), u64(1));
    byte[] headerKey = open(kek, cut(header, 99, 12), aad, cut(header, 111, 48));
    step(steps, "header key", headerKey);
    int size = ByteBuffer.wrap(header).getInt(159);
    byte[] ringAad = frame("store-header", cut(header, 0, 159));
    byte[] ringBytes = open(headerKey, new byte[12], ringAad, cut(header, 163, size));
    step(steps, "key ring", ringBytes);
    ByteBuffer ring = ByteBuffer.wrap(ringBytes);
    take(ring, 2 + 4 + 8);
    step(steps, DATA_KEY, take(ring, 32));
    step(steps, NAME_KEY, take(ring, 32));
    step(steps, DIGEST_KEY, take(ring, 32));
    step(steps, WITNESS_KEY, take(ring, 32));
  }

  private static void takeRecord(Map<String, byte[]> steps, NavigableMap<String, byte[]> engine)
      throws GeneralSecurityException {
    Map.Entry<String, byte[]> last = requireNonNull(engine.lastEntry());
    byte[] key = HexFormat.of().parseHex(last.getKey());
    byte[] record = last.getValue();
    String saltKey = "02" + hex(cut(record, 4, 4));
    byte[] salt =
        step(steps, "value of " + saltKey + ", the run salt", requireNonNull(engine.get(saltKey)));
    byte[] runKey = hkdf(of(steps, DATA_KEY), salt, frame("store-run-key", u64(1)), 32);
    step(steps, "run key", runKey);
    byte[] name = "db/password".getBytes(StandardCharsets.UTF_8);
    byte[] hash = hmac(of(steps, NAME_KEY), frame("store-name", u64(0x10), name));
    step(steps, "name hash of db/password in space USER, 16 bytes of it", cut(hash, 0, 16));
    assertEquals("10" + hex(cut(hash, 0, 16)), last.getKey());
    step(steps, "value of 10 ‖ name hash, the record", record);
    byte[] plain = openSealed(runKey, record, frame("store-record", key, cut(record, 0, 16)));
    step(steps, "record opened: content, name, and the value hunter2", plain);
    assertEquals("hunter2", text(cut(plain, 3 + name.length, 7)));

    byte[] element =
        hmac(of(steps, DIGEST_KEY), frame("store-digest-element", key, salt, cut(record, 8, 8)));
    step(steps, ELEMENT, element);
  }

  private static void takeState(Map<String, byte[]> steps, NavigableMap<String, byte[]> engine)
      throws GeneralSecurityException {
    byte[] header = requireNonNull(engine.get("00"));
    byte[] element = of(steps, ELEMENT);
    byte[] state = step(steps, "value of 01, the state", requireNonNull(engine.get("01")));
    byte[] stateSaltKey = cut(state, 84, 4);
    byte[] stateRunKey =
        hkdf(
            of(steps, DATA_KEY),
            requireNonNull(engine.get("02" + hex(stateSaltKey))),
            frame("store-run-key", u64(1)),
            32);
    byte[] sealed = cut(state, 80, state.length - 80);
    byte[] stateAad = frame("store-state", cut(state, 0, 80), cut(sealed, 0, 16));
    byte[] opened = openSealed(stateRunKey, sealed, stateAad);
    step(steps, "state opened: digest, 1 record, digest, 0 records, hash of the header", opened);
    assertEquals(hex(element), hex(cut(opened, 0, 32)));
    byte[] headerDigest = MessageDigest.getInstance("SHA-256").digest(header);
    assertEquals(hex(headerDigest), hex(cut(opened, 80, 32)));
    byte[] witness =
        hmac(
            of(steps, WITNESS_KEY),
            frame(
                "store-witness",
                cut(header, 10, 32),
                cut(header, 42, 32),
                u64(0),
                u64(1),
                element,
                headerDigest));
    step(steps, "store MAC, the witness of version 1", witness);
    assertEquals(hex(witness), hex(cut(state, 8, 32)));
  }

  private static byte[] of(Map<String, byte[]> steps, String what) {
    return requireNonNull(steps.get(what));
  }

  private static byte[] openSealed(byte[] runKey, byte[] stored, byte[] aad)
      throws GeneralSecurityException {
    byte[] nonce = ByteBuffer.allocate(12).putInt(0).put(stored, 8, 8).array();
    return open(runKey, nonce, aad, cut(stored, 16, stored.length - 16));
  }

  private static byte[] step(Map<String, byte[]> steps, String what, byte[] bytes) {
    steps.put(what, bytes);
    return bytes;
  }

  private static byte[] cut(byte[] bytes, int offset, int size) {
    return Arrays.copyOfRange(bytes, offset, offset + size);
  }

  private static String block(Map<String, byte[]> steps) {
    StringBuilder block = new StringBuilder();
    steps.forEach((what, bytes) -> {
      block.append(what).append('\n');
      String hex = hex(bytes);
      for (int i = 0; i < hex.length(); i += COLUMNS) {
        block.append("  ").append(hex, i, Math.min(i + COLUMNS, hex.length())).append('\n');
      }
    });
    return block.toString();
  }

  /// Makes the fixture and prints the example; run once, by hand.
  static final class Make {
    private Make() {}

    /// Arguments: a new folder for the store, the archive to write.
    public static void main(String[] arguments) throws Exception {
      Path path = Path.of(arguments[0]).resolve("store");
      Path file = Path.of(arguments[1]);
      try (SecretBytes rootKey = SecretBytes.take(rootKeyBytes());
          SealedStore store = SealedStore.create(path, IDENTITY, 1, rootKey, new SecureRandom())) {
        StoreFixture.put(store, "db/password", "hunter2");
      }
      try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)) {
        StoreArchive.export(path, Bytes.EMPTY, out);
      }
      System.out.print(block(takenApart(Files.readAllBytes(file))));
    }
  }
}
