package dev.holdfast.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// HKDF, HMAC and AES-256-GCM against published vectors, and the ways they refuse.
final class SymmetricTest {
  private static final Bytes NONCE = Vectors.hex("000102030405060708090a0b");
  private static final Bytes AAD = Vectors.hex("aa");

  static List<Vectors.Case> hkdf() throws IOException {
    return Vectors.read("hkdf-sha256-wycheproof.txt");
  }

  static List<Vectors.Case> hmac() throws IOException {
    return Vectors.read("hmac-sha256-wycheproof.txt");
  }

  static List<Vectors.Case> aead() throws IOException {
    return Vectors.read("aes-256-gcm-wycheproof.txt");
  }

  @ParameterizedTest
  @MethodSource("hkdf")
  void hkdf_publishedVector_derivesItsOutput(Vectors.Case vector) {
    try (SecretBytes key = vector.secret("key");
        SecretBytes derived =
            Hkdf.derive(key, vector.bytes("salt"), vector.bytes("info"), vector.number("size"))) {
      assertEquals(vector.bytes("output"), reveal(derived));
    }
  }

  @Test
  void hkdf_sizeAtTheLimit_derives() {
    try (SecretBytes key = key();
        SecretBytes derived = Hkdf.derive(key, Bytes.EMPTY, Bytes.EMPTY, 8160)) {
      assertEquals(8160, derived.size());
    }
  }

  @Test
  void hkdf_sizeOutsideTheLimits_isABug() {
    try (SecretBytes key = key()) {
      assertThrows(
          InvariantError.class, () -> Hkdf.derive(key, Bytes.EMPTY, Bytes.EMPTY, 8161).close());
      assertThrows(
          InvariantError.class, () -> Hkdf.derive(key, Bytes.EMPTY, Bytes.EMPTY, 0).close());
    }
  }

  @ParameterizedTest
  @MethodSource("hmac")
  void hmac_publishedVector_isJudgedAsPublished(Vectors.Case vector) {
    try (SecretBytes key = vector.secret("key")) {
      Bytes mac = Hmac.sha256(key, vector.bytes("message"));

      assertEquals(vector.valid(), mac.equals(vector.bytes("mac")));
      assertEquals(vector.valid(), Hmac.verify(key, vector.bytes("message"), vector.bytes("mac")));
      try (SecretBytes secret = Hmac.sha256Secret(key, vector.bytes("message"))) {
        assertEquals(mac, reveal(secret));
      }
    }
  }

  @Test
  void hmac_truncatedMac_isRefused() {
    try (SecretBytes key = key()) {
      Bytes mac = Hmac.sha256(key, AAD);

      assertTrue(Hmac.verify(key, AAD, mac));
      assertFalse(Hmac.verify(key, AAD, mac.slice(0, 31)));
      assertFalse(Hmac.verify(key, AAD, Bytes.EMPTY));
    }
  }

  @Test
  void hmac_emptyKey_isABug() {
    try (SecretBytes key = SecretBytes.take(new byte[0])) {
      assertThrows(InvariantError.class, () -> Hmac.sha256(key, AAD));
    }
  }

  @ParameterizedTest
  @MethodSource("aead")
  void aead_publishedVector_isJudgedAsPublished(Vectors.Case vector) throws AeadException {
    try (SecretBytes key = vector.secret("key");
        Aead aead = Aead.of(key)) {
      Bytes nonce = vector.bytes("nonce");
      Bytes aad = vector.bytes("aad");
      Bytes sealed = vector.bytes("sealed");
      if (vector.valid()) {
        assertEquals(sealed, aead.seal(nonce, aad, vector.secret("plaintext")));
        try (SecretBytes opened = aead.open(nonce, aad, sealed)) {
          assertEquals(vector.bytes("plaintext"), reveal(opened));
        }
      } else {
        assertThrows(AeadException.class, () -> aead.open(nonce, aad, sealed).close());
      }
    }
  }

  @Test
  void aead_arraysAndBytes_giveTheSame() throws AeadException {
    byte[] text = {1, 2, 3};
    try (SecretBytes key = key();
        SecretBytes secret = SecretBytes.copyOf(text);
        Aead aead = Aead.of(key);
        Aead same = Aead.of(key)) {
      byte[] sealed = aead.seal(NONCE.toArray(), AAD.toArray(), text);

      assertEquals(Bytes.copyOf(sealed), same.seal(NONCE, AAD, secret));
      assertEquals(text.length + Aead.OVERHEAD, sealed.length);
      assertArrayEquals(text, aead.open(NONCE.toArray(), AAD.toArray(), sealed));
    }
  }

  @Test
  void aead_longTexts_openAsTheShortOnesDo() throws Exception {
    try (SecretBytes key = key();
        Aead aead = Aead.of(key)) {
      for (int size : List.of(Aead.MAX_PLATFORM_SIZE, Aead.MAX_PLATFORM_SIZE + 1, 1 << 20)) {
        byte[] nonce = NONCE.toArray();
        nonce[0] = (byte) size;
        byte[] text = new byte[size];
        Arrays.fill(text, (byte) 7);
        byte[] sealed = aead.seal(nonce, AAD.toArray(), text);
        Cipher platform = Cipher.getInstance("AES/GCM/NoPadding");
        platform.init(
            Cipher.ENCRYPT_MODE,
            new SecretKeySpec(reveal(key).toArray(), "AES"),
            new GCMParameterSpec(128, nonce));
        platform.updateAAD(AAD.toArray());
        assertArrayEquals(platform.doFinal(text), sealed);
        assertArrayEquals(text, aead.open(nonce, AAD.toArray(), sealed));
        sealed[size / 2] ^= 1;
        assertThrows(AeadException.class, () -> aead.open(nonce, AAD.toArray(), sealed));
      }
    }
  }

  @Test
  void aead_usedOverAndOver_keepsWorkingAfterRefusals() throws AeadException {
    try (SecretBytes key = key();
        Aead aead = Aead.of(key)) {
      for (int round = 0; round < 100; round++) {
        byte[] nonce = new byte[12];
        nonce[0] = (byte) round;
        byte[] text = new byte[round];
        byte[] sealed = aead.seal(nonce, AAD.toArray(), text);
        assertThrows(AeadException.class, () -> aead.open(nonce, new byte[0], sealed));
        assertArrayEquals(text, aead.open(nonce, AAD.toArray(), sealed));
      }
    }
  }

  @Test
  void aead_manyThreads_eachGetTheirOwn() throws Exception {
    try (SecretBytes key = key();
        Aead aead = Aead.of(key);
        MacKey macKey = MacKey.of(key);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Boolean>> results = new ArrayList<>();
      for (int thread = 0; thread < 64; thread++) {
        byte number = (byte) thread;
        results.add(threads.submit(() -> roundTrips(aead, macKey, number)));
      }
      for (Future<Boolean> result : results) {
        assertTrue(result.get());
      }
    }
  }

  @Test
  void macKey_usedAfterClose_isABug() {
    MacKey macKey;
    try (SecretBytes key = key()) {
      macKey = MacKey.of(key);
    }
    assertEquals(32, macKey.mac(AAD).size());
    macKey.close();

    assertThrows(InvariantError.class, () -> macKey.mac(AAD));
  }

  @Test
  void aead_anyBitFlipped_isRefused() {
    try (SecretBytes key = key();
        Aead aead = Aead.of(key)) {
      byte[] sealed = aead.seal(NONCE.toArray(), AAD.toArray(), new byte[5]);
      for (int bit = 0; bit < 8 * sealed.length; bit++) {
        byte[] flipped = sealed.clone();
        flipped[bit / 8] ^= (byte) (1 << bit % 8);
        assertThrows(AeadException.class, () -> aead.open(NONCE.toArray(), AAD.toArray(), flipped));
      }
    }
  }

  @Test
  void aead_anyTruncation_isRefused() {
    try (SecretBytes key = key();
        Aead aead = Aead.of(key)) {
      Bytes sealed = Bytes.copyOf(aead.seal(NONCE.toArray(), AAD.toArray(), new byte[5]));
      for (int size = 0; size < sealed.size(); size++) {
        Bytes truncated = sealed.slice(0, size);
        assertThrows(AeadException.class, () -> aead.open(NONCE, AAD, truncated).close());
      }
    }
  }

  @Test
  void aead_otherNonceAadOrKey_isRefused() {
    try (SecretBytes key = key();
        SecretBytes otherKey = SecretBytes.take(new byte[32]);
        SecretBytes text = SecretBytes.copyOf(new byte[7]);
        Aead aead = Aead.of(key);
        Aead other = Aead.of(otherKey)) {
      Bytes sealed = aead.seal(NONCE, AAD, text);

      assertThrows(AeadException.class, () -> aead.open(Bytes.zero(12), AAD, sealed).close());
      assertThrows(AeadException.class, () -> aead.open(NONCE, Bytes.EMPTY, sealed).close());
      assertThrows(AeadException.class, () -> other.open(NONCE, AAD, sealed).close());
    }
  }

  @Test
  void aead_wrongKeyOrNonceSize_isABug() {
    try (SecretBytes shortKey = SecretBytes.take(new byte[31]);
        SecretBytes key = key();
        Aead aead = Aead.of(key)) {
      assertThrows(InvariantError.class, () -> Aead.of(shortKey).close());
      assertThrows(InvariantError.class, () -> aead.seal(new byte[11], new byte[0], new byte[0]));
      assertThrows(InvariantError.class, () -> aead.seal(new byte[13], new byte[0], new byte[0]));
    }
  }

  @Test
  void aead_usedAfterClose_isABug() {
    Aead aead;
    try (SecretBytes key = key()) {
      aead = Aead.of(key);
    }
    aead.close();

    assertThrows(InvariantError.class, () -> aead.seal(new byte[12], new byte[0], new byte[0]));
  }

  private static boolean roundTrips(Aead aead, MacKey macKey, byte number) throws AeadException {
    byte[] text = {number};
    byte[] expected = macKey.mac(text);
    for (int round = 0; round < 200; round++) {
      byte[] nonce = new byte[12];
      nonce[0] = number;
      nonce[1] = (byte) round;
      byte[] opened = aead.open(nonce, text, aead.seal(nonce, text, text));
      if (!Arrays.equals(text, opened) || !Arrays.equals(expected, macKey.mac(text))) {
        return false;
      }
    }
    return true;
  }

  private static SecretBytes key() {
    return SecretBytes.generate(32, new SeededRandom(1));
  }

  private static Bytes reveal(SecretBytes secret) {
    return secret.apply(Bytes::copyOf);
  }
}
