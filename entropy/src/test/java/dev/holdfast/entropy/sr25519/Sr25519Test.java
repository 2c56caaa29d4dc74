package dev.holdfast.entropy.sr25519;

import static dev.holdfast.entropy.Vectors.hex;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.codec.Bytes;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.entropy.Vectors;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class Sr25519Test {
  private static final String FILE = "polkadot-util-crypto.txt";
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Bytes MESSAGE = Bytes.utf8("message");

  /// The sponge of SHA3-256 over this permutation, against the JDK's.
  @Test
  void keccak_sha3OfShortText_isTheJdks() throws Exception {
    byte[] text = "abc".getBytes(StandardCharsets.US_ASCII);
    long[] lanes = new long[Keccak.LANES];
    lanes[0] = 'a' | 'b' << 8 | 'c' << 16 | 0x06L << 24;
    lanes[135 / 8] ^= 0x80L << (8 * (135 % 8));
    Keccak.permute(lanes);
    byte[] digest = new byte[32];
    for (int i = 0; i < digest.length; i++) {
      digest[i] = (byte) (lanes[i / 8] >>> (8 * (i % 8)));
    }
    assertArrayEquals(MessageDigest.getInstance("SHA3-256").digest(text), digest);
  }

  /// The vector of Merlin's own test suite.
  @Test
  void transcript_simpleProtocol_givesMerlinsChallenge() {
    try (Transcript transcript = Transcript.of("test protocol")) {
      transcript.append("some label", "some data".getBytes(StandardCharsets.US_ASCII));
      assertEquals(
          "d5a21972d0d5fe320c0d263fac7fffb8145aa640af6e9bca177c03c7efcf0615",
          Bytes.copyOf(transcript.challenge("challenge", 32)).toHex());
    }
  }

  @Test
  void verify_signaturesOfSchnorrkel_hold() throws Exception {
    List<List<String>> rows = Vectors.rows(FILE, "sign");
    assertEquals(4, rows.size());
    for (List<String> row : rows) {
      assertTrue(verify(hex(row.get(1)), hex(row.get(0)), hex(row.get(2))), row.toString());
    }
  }

  @Test
  void verify_ownSignature_holdsAndNoTwoAreAlike() {
    try (Sr25519Key key = key(1)) {
      Bytes first = key.sign(Sr25519.SUBSTRATE, MESSAGE, RANDOM);
      assertTrue(verify(key.publicKey(), MESSAGE, first));
      assertNotEquals(first, key.sign(Sr25519.SUBSTRATE, MESSAGE, RANDOM));
    }
  }

  @Test
  void verify_anyByteChanged_fails() {
    try (Sr25519Key key = key(1)) {
      Bytes signature = key.sign(Sr25519.SUBSTRATE, MESSAGE, RANDOM);
      for (int i = 0; i < signature.size(); i++) {
        byte[] changed = signature.toArray();
        changed[i] ^= 1;
        assertFalse(verify(key.publicKey(), MESSAGE, Bytes.copyOf(changed)), "byte " + i);
      }
    }
  }

  @Test
  void verify_otherMessageKeyContextOrSize_fails() {
    try (Sr25519Key key = key(1);
        Sr25519Key other = key(2)) {
      Bytes signature = key.sign(Sr25519.SUBSTRATE, MESSAGE, RANDOM);
      assertFalse(verify(key.publicKey(), Bytes.utf8("massage"), signature));
      assertFalse(verify(other.publicKey(), MESSAGE, signature));
      assertFalse(Sr25519.verify(key.publicKey(), "other", MESSAGE, signature));
      assertFalse(verify(key.publicKey(), MESSAGE, signature.slice(0, 63)));
      assertFalse(verify(key.publicKey().slice(0, 31), MESSAGE, signature));
      assertFalse(verify(hex("ff".repeat(32)), MESSAGE, signature));
    }
  }

  @Test
  void verify_withoutMarker_fails() {
    try (Sr25519Key key = key(1)) {
      byte[] signature = key.sign(Sr25519.SUBSTRATE, MESSAGE, RANDOM).toArray();
      signature[63] &= 0x7f;
      assertFalse(verify(key.publicKey(), MESSAGE, Bytes.copyOf(signature)));
    }
  }

  @Test
  void verify_scalarPlusOrder_fails() {
    try (Sr25519Key key = key(1)) {
      byte[] signature = key.sign(Sr25519.SUBSTRATE, MESSAGE, RANDOM).toArray();
      byte[] order =
          hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010").toArray();
      int carry = 0;
      for (int i = 0; i < 32; i++) {
        int sum = (signature[32 + i] & (i == 31 ? 0x7f : 0xff)) + (order[i] & 0xff) + carry;
        signature[32 + i] = (byte) sum;
        carry = sum >>> 8;
      }
      signature[63] |= (byte) 0x80;
      assertFalse(verify(key.publicKey(), MESSAGE, Bytes.copyOf(signature)));
    }
  }

  /// Under the identity (0, s·G, s) would hold for every message.
  @Test
  void verify_identityAsKey_fails() {
    try (Sr25519Key key = key(1)) {
      byte[] signature = new byte[64];
      System.arraycopy(key.publicKey().toArray(), 0, signature, 0, 32);
      signature[63] = (byte) 0x80;
      assertFalse(verify(Bytes.zero(32), MESSAGE, Bytes.copyOf(signature)));
    }
  }

  @Test
  void witness_sameSecretAndTranscript_differsByRandomOnly() {
    List<Bytes> seen = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      try (Transcript transcript = Transcript.of("t")) {
        seen.add(Bytes.copyOf(transcript.witness("w", new byte[32], 64, RANDOM)));
      }
    }
    assertEquals(4, seen.stream().distinct().count());
  }

  private static boolean verify(Bytes key, Bytes message, Bytes signature) {
    return Sr25519.verify(key, Sr25519.SUBSTRATE, message, signature);
  }

  private static Sr25519Key key(int filler) {
    try (SecretBytes seed = SecretBytes.take(Bytes.zero(32).toArray())) {
      seed.use(bytes -> bytes[0] = (byte) filler);
      return Sr25519Key.ofSeed(seed);
    }
  }
}
