package dev.holdfast.store;

import static dev.holdfast.store.PlainCrypto.frame;
import static dev.holdfast.store.PlainCrypto.hex;
import static dev.holdfast.store.PlainCrypto.hkdf;
import static dev.holdfast.store.PlainCrypto.hmac;
import static dev.holdfast.store.PlainCrypto.open;
import static dev.holdfast.store.PlainCrypto.take;
import static dev.holdfast.store.PlainCrypto.text;
import static dev.holdfast.store.PlainCrypto.u64;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksIterator;

/// Reads a store as `docs/spec/store.md` describes it, with the JDK alone: what another language
/// would do. Shares no code with the store.
class IndependentReaderTest {
  private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(256);

  @TempDir Path folder;
  private final Map<Integer, byte[]> dataKeys = new HashMap<>();
  private final Map<String, byte[]> engine = new TreeMap<>();
  private byte[] nameKey = {};
  private byte[] digestKey = {};
  private byte[] witnessKey = {};

  @Test
  void store_readByTheSpecification_givesNamesValuesAndWitness() throws Exception {
    try (StoreFixture fixture = new StoreFixture(folder)) {
      StoreWitness witness;
      try (SealedStore store = fixture.create()) {
        StoreFixture.put(store, "alpha", "one");
        StoreFixture.put(store, Space.NODE, "beta", "two");
        StoreFixture.put(store, Space.LEDGER, "gamma", "three");
        StoreFixture.put(store, "alpha", "four");
        witness = store.witness();
      }
      fixture.tamper(db -> {
        try (RocksIterator iterator = db.newIterator()) {
          for (iterator.seekToFirst(); iterator.isValid(); iterator.next()) {
            engine.put(hex(iterator.key()), iterator.value());
          }
        }
      });
      readHeader(fixture.rootKey.apply(byte[]::clone));
      Map<String, String> found = new TreeMap<>();
      BigInteger sum = BigInteger.ZERO;
      for (Map.Entry<String, byte[]> entry : engine.entrySet()) {
        if (entry.getKey().length() == 34) {
          byte[] key = HexFormat.of().parseHex(entry.getKey());
          readRecord(key, entry.getValue(), found);
          sum = key[0] == 0x12 ? sum : sum.add(element(key, entry.getValue())).mod(MODULUS);
        }
      }
      assertEquals(Map.of("16 alpha", "four", "17 beta", "two", "18 gamma", "three"), found);
      assertState(sum, witness);
    }
  }

  private void readHeader(byte[] rootKey) throws GeneralSecurityException {
    byte[] header = value("00");
    assertEquals("HOLDFAST", new String(header, 0, 8, StandardCharsets.US_ASCII));
    assertEquals(1, ByteBuffer.wrap(header).getShort(8));
    assertEquals(1, header[74]);
    int prefix = 75 + 84;
    byte[] kek = hkdf(rootKey, new byte[0], frame("store-key-encryption-key"), 32);
    byte[] check = hkdf(rootKey, new byte[0], frame("store-key-check"), 16);
    assertArrayEquals(check, Arrays.copyOfRange(header, 83, 99));
    byte[] nonce = Arrays.copyOfRange(header, 99, 111);
    byte[] sealedHeaderKey = Arrays.copyOfRange(header, 111, 159);
    byte[] storeId = Arrays.copyOfRange(header, 10, 42);
    byte[] account = Arrays.copyOfRange(header, 42, 74);
    byte[] aad = frame("store-wrap", u64(1), storeId, account, u64(1));
    byte[] headerKey = open(kek, nonce, aad, sealedHeaderKey);
    int size = ByteBuffer.wrap(header).getInt(prefix);
    byte[] sealedRing = Arrays.copyOfRange(header, prefix + 4, prefix + 4 + size);
    byte[] ringAad = frame("store-header", Arrays.copyOf(header, prefix));
    ByteBuffer ring = ByteBuffer.wrap(open(headerKey, new byte[12], ringAad, sealedRing));
    int count = ring.getShort();
    for (int i = 0; i < count; i++) {
      int id = ring.getInt();
      assertEquals(1, ring.getLong());
      dataKeys.put(id, take(ring, 32));
    }
    nameKey = take(ring, 32);
    digestKey = take(ring, 32);
    witnessKey = take(ring, 32);
    byte[] sum =
        MessageDigest.getInstance("SHA-256").digest(Arrays.copyOf(header, prefix + 4 + size));
    assertArrayEquals(sum, Arrays.copyOfRange(header, prefix + 4 + size, header.length));
  }

  private void readRecord(byte[] key, byte[] record, Map<String, String> found)
      throws GeneralSecurityException {
    byte[] aad = frame("store-record", key, Arrays.copyOf(record, 16));
    ByteBuffer plain = ByteBuffer.wrap(openText(record, aad));
    assertEquals(0, plain.get());
    byte[] name = take(plain, plain.getShort());
    byte[] hash = hmac(nameKey, frame("store-name", u64(key[0]), name));
    assertArrayEquals(Arrays.copyOf(hash, 16), Arrays.copyOfRange(key, 1, 17));
    found.put(key[0] + " " + text(name), text(take(plain, plain.remaining())));
  }

  private BigInteger element(byte[] key, byte[] record) throws GeneralSecurityException {
    ByteBuffer head = ByteBuffer.wrap(record);
    byte[] salt = value("02%08x".formatted(head.getInt(4)));
    return new BigInteger(
        1, hmac(digestKey, frame("store-digest-element", key, salt, u64(head.getLong(8)))));
  }

  private void assertState(BigInteger sum, StoreWitness witness) throws GeneralSecurityException {
    byte[] state = value("01");
    byte[] open = Arrays.copyOf(state, 80);
    byte[] sealed = Arrays.copyOfRange(state, 80, state.length);
    byte[] aad = frame("store-state", open, Arrays.copyOf(sealed, 16));
    ByteBuffer plain = ByteBuffer.wrap(openText(sealed, aad));
    byte[] digest = take(plain, 32);
    assertEquals(sum, new BigInteger(1, digest));
    assertEquals(2, plain.getLong());
    take(plain, 32);
    assertEquals(1, plain.getLong());
    byte[] header = value("00");
    byte[] headerDigest = MessageDigest.getInstance("SHA-256").digest(header);
    assertArrayEquals(headerDigest, take(plain, 32));
    assertEquals(3, ByteBuffer.wrap(state).getLong());
    byte[] storeId = Arrays.copyOfRange(header, 10, 42);
    byte[] account = Arrays.copyOfRange(header, 42, 74);
    byte[] message = frame("store-witness", storeId, account, u64(0), u64(3), digest, headerDigest);
    assertArrayEquals(hmac(witnessKey, message), Arrays.copyOfRange(state, 8, 40));
    assertArrayEquals(witness.mac().toArray(), Arrays.copyOfRange(state, 8, 40));
    assertEquals(3, witness.version());
  }

  private byte[] openText(byte[] stored, byte[] aad) throws GeneralSecurityException {
    ByteBuffer head = ByteBuffer.wrap(stored);
    int keyId = head.getInt();
    byte[] salt = value("02%08x".formatted(head.getInt()));
    byte[] dataKey = dataKeys.getOrDefault(keyId, new byte[0]);
    byte[] runKey = hkdf(dataKey, salt, frame("store-run-key", u64(keyId)), 32);
    byte[] nonce = ByteBuffer.allocate(12).putInt(0).putLong(head.getLong()).array();
    return open(runKey, nonce, aad, Arrays.copyOfRange(stored, 16, stored.length));
  }

  private byte[] value(String hexKey) {
    byte[] value = engine.get(hexKey);
    if (value == null) {
      throw new AssertionError("no engine key " + hexKey);
    }
    return value;
  }
}
