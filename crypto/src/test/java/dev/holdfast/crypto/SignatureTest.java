package dev.holdfast.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Digests;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.codec.MalformedException;
import java.io.IOException;
import java.math.BigInteger;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Spec: docs/spec/envelope.md#signatures
final class SignatureTest {
  private static final Crypto CONSCRYPT = Crypto.conscrypt();
  private static final Crypto BOUNCY_CASTLE = Crypto.bouncyCastle(new SeededRandom(2));
  private static final Bytes MESSAGE = Vectors.hex("0102030405");
  private static final BigInteger ORDER =
      BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));

  static List<Crypto> implementations() {
    return List.of(CONSCRYPT, BOUNCY_CASTLE);
  }

  static List<Vectors.Case> rfc8032() throws IOException {
    return Vectors.read("ed25519-rfc8032.txt");
  }

  static List<Vectors.Case> wycheproof() throws IOException {
    return Vectors.read("ed25519-wycheproof.txt");
  }

  static List<Vectors.Case> disputed() throws IOException {
    return Vectors.read("ed25519-speccheck.txt");
  }

  /// The points of small order, with every encoding of 32 bytes that any decoder takes for one.
  static List<Bytes> smallOrderEncodings() {
    return Stream.of(
            "0000000000000000000000000000000000000000000000000000000000000000",
            "0100000000000000000000000000000000000000000000000000000000000000",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
            "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")
        .map(Vectors::hex)
        .flatMap(y -> Stream.of(y, withSign(y)))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("rfc8032")
  void sign_rfc8032Vector_givesItsBytes(Vectors.Case vector) {
    for (Crypto crypto : implementations()) {
      try (SecretBytes seed = vector.secret("seed");
          SigningKey key = crypto.signingKey(seed)) {
        assertEquals(vector.bytes("public"), key.publicKey().encoded(), crypto.name());
        assertEquals(
            vector.bytes("signature"), crypto.sign(key, vector.bytes("message")), crypto.name());
        try (SecretBytes copy = key.seed()) {
          assertTrue(copy.sameAs(seed));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("wycheproof")
  void verify_wycheproofVector_isJudgedAsPublished(Vectors.Case vector) throws MalformedException {
    VerifyingKey key = VerifyingKey.parse(vector.bytes("public"));
    for (Crypto crypto : implementations()) {
      assertEquals(
          vector.valid(),
          crypto.verify(key, vector.bytes("message"), vector.bytes("signature")),
          crypto.name());
    }
  }

  @ParameterizedTest
  @MethodSource("disputed")
  void verify_disputedVector_bothJudgeItAlike(Vectors.Case vector) throws MalformedException {
    if (vector.text("expect").equals("malformed-key")) {
      assertMalformed("point", vector.bytes("public"));
      return;
    }
    VerifyingKey key = VerifyingKey.parse(vector.bytes("public"));
    for (Crypto crypto : implementations()) {
      assertEquals(
          vector.valid(),
          crypto.verify(key, vector.bytes("message"), vector.bytes("signature")),
          crypto.name());
    }
  }

  @ParameterizedTest
  @MethodSource("implementations")
  void verify_otherMessageKeyOrSignature_isFalse(Crypto crypto) {
    try (SigningKey key = crypto.generateSigningKey();
        SigningKey other = crypto.generateSigningKey()) {
      Bytes signature = crypto.sign(key, MESSAGE);

      assertTrue(crypto.verify(key.publicKey(), MESSAGE, signature));
      assertFalse(crypto.verify(key.publicKey(), Bytes.EMPTY, signature));
      assertFalse(crypto.verify(other.publicKey(), MESSAGE, signature));
      for (int bit = 0; bit < 512; bit += 7) {
        byte[] changed = signature.toArray();
        changed[bit / 8] ^= (byte) (1 << bit % 8);
        assertFalse(crypto.verify(key.publicKey(), MESSAGE, Bytes.copyOf(changed)));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("implementations")
  void verify_signatureOfAnotherSize_isFalse(Crypto crypto) {
    try (SigningKey key = crypto.generateSigningKey()) {
      Bytes signature = crypto.sign(key, MESSAGE);

      assertFalse(crypto.verify(key.publicKey(), MESSAGE, Bytes.EMPTY));
      assertFalse(crypto.verify(key.publicKey(), MESSAGE, signature.slice(0, 63)));
      assertFalse(
          crypto.verify(
              key.publicKey(), MESSAGE, new ByteWriter().bytes(signature).u8(0).toBytes()));
    }
  }

  /// RFC 8032, 5.1.7: S must be below the group order.
  @ParameterizedTest
  @MethodSource("implementations")
  void verify_scalarPlusMultiplesOfTheOrder_isFalse(Crypto crypto) {
    try (SigningKey key = crypto.generateSigningKey()) {
      Bytes signature = crypto.sign(key, MESSAGE);
      BigInteger scalar = new BigInteger(1, reversed(signature.slice(32, 32).toArray()));
      for (int multiple = 1; multiple <= 14; multiple++) {
        BigInteger forged = scalar.add(ORDER.multiply(BigInteger.valueOf(multiple)));
        Bytes malleated =
            new ByteWriter().bytes(signature.slice(0, 32)).bytes(littleEndian(forged)).toBytes();
        assertFalse(crypto.verify(key.publicKey(), MESSAGE, malleated), "plus " + multiple);
      }
    }
  }

  /// With R of small order and S = k·a the equation holds up to a part of small order. It holds as
  /// it is only for the identity, and only for its canonical encoding.
  @ParameterizedTest
  @MethodSource("smallOrderEncodings")
  void verify_signatureWithSmallOrderR_holdsOnlyForTheIdentity(Bytes encodedR) {
    try (SecretBytes seed = SecretBytes.generate(SigningKey.SEED_SIZE, new SeededRandom(8));
        SigningKey key = BOUNCY_CASTLE.signingKey(seed)) {
      BigInteger scalar = seed.apply(SignatureTest::scalar);
      byte[] challenge =
          new ByteWriter()
              .bytes(encodedR)
              .bytes(key.publicKey().encoded())
              .bytes(MESSAGE)
              .toArray();
      BigInteger k = new BigInteger(1, reversed(Digests.sha512().digest(challenge)));
      BigInteger s = k.multiply(scalar).mod(ORDER);
      Bytes forged = new ByteWriter().bytes(encodedR).bytes(littleEndian(s)).toBytes();
      boolean identity = encodedR.at(0) == 1 && encodedR.at(31) == 0;

      assertEquals(identity, CONSCRYPT.verify(key.publicKey(), MESSAGE, forged));
      assertEquals(identity, BOUNCY_CASTLE.verify(key.publicKey(), MESSAGE, forged));
    }
  }

  @ParameterizedTest
  @MethodSource("smallOrderEncodings")
  void verifyingKey_smallOrder_isMalformed(Bytes encoded) {
    assertThrows(MalformedException.class, () -> VerifyingKey.parse(encoded));
  }

  @Test
  void verifyingKey_yOfPOrMore_isMalformed() {
    for (int low = 0xed; low <= 0xff; low++) {
      byte[] encoded = Bytes.zero(32).toArray();
      Arrays.fill(encoded, (byte) 0xff);
      encoded[0] = (byte) low;
      assertMalformed("y", Bytes.copyOf(encoded));
      encoded[31] = 0x7f;
      assertMalformed("y", Bytes.copyOf(encoded));
    }
  }

  @Test
  void verifyingKey_largestCanonicalY_parses() throws MalformedException {
    Bytes encoded = Vectors.hex("ebffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");

    assertEquals(encoded, VerifyingKey.parse(encoded).encoded());
  }

  @Test
  void verifyingKey_wrongSize_isMalformed() {
    for (int size : new int[] {0, 31, 33, 64}) {
      assertMalformed("key", Bytes.zero(size));
    }
  }

  /// The forgery behind the rule: without it, some implementation takes it for any message.
  @Test
  void verify_keyOfSmallOrder_wouldHoldForAnyMessage() throws Exception {
    Bytes identity =
        Vectors.hex("0100000000000000000000000000000000000000000000000000000000000000");
    Bytes spki = Vectors.hex("302a300506032b6570032100" + identity.toHex());
    Signature verifier = Signature.getInstance("Ed25519", CONSCRYPT.signatureProvider());
    verifier.initVerify(
        KeyFactory.getInstance("Ed25519", CONSCRYPT.signatureProvider())
            .generatePublic(new X509EncodedKeySpec(spki.toArray())));
    verifier.update(MESSAGE.toArray());

    assertTrue(verifier.verify(new ByteWriter().bytes(identity).bytes(new byte[32]).toArray()));
  }

  /// Over points of the curve and others, both answer alike and neither throws.
  @Test
  void verify_arbitraryKeysAndSignatures_bothAgree() {
    SeededRandom random = new SeededRandom(42);
    int parsed = 0;
    for (int round = 0; round < 400; round++) {
      byte[] encoded = new byte[32];
      byte[] signature = new byte[64];
      random.nextBytes(encoded);
      random.nextBytes(signature);
      if (round % 2 == 0) {
        signature[63] &= 0x0f;
      }
      try {
        VerifyingKey key = VerifyingKey.parse(Bytes.copyOf(encoded));
        parsed++;
        assertFalse(CONSCRYPT.verify(key, MESSAGE, Bytes.copyOf(signature)), "round " + round);
        assertFalse(BOUNCY_CASTLE.verify(key, MESSAGE, Bytes.copyOf(signature)), "round " + round);
      } catch (MalformedException e) {
        assertEquals("y", e.field(), "round " + round);
      }
    }
    assertTrue(parsed > 390);
  }

  @Test
  void sign_keysFromRandomSeeds_bothGiveTheSame() {
    SeededRandom random = new SeededRandom(43);
    for (int round = 0; round < 50; round++) {
      try (SecretBytes seed = SecretBytes.generate(SigningKey.SEED_SIZE, random);
          SigningKey one = CONSCRYPT.signingKey(seed);
          SigningKey other = BOUNCY_CASTLE.signingKey(seed)) {
        assertEquals(one.publicKey(), other.publicKey());
        Bytes signature = CONSCRYPT.sign(one, MESSAGE);
        assertEquals(signature, BOUNCY_CASTLE.sign(other, MESSAGE));
        assertTrue(BOUNCY_CASTLE.verify(one.publicKey(), MESSAGE, signature));
        assertTrue(CONSCRYPT.verify(one.publicKey(), MESSAGE, signature));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("implementations")
  void signingKey_withItsPublicKey_signsTheSame(Crypto crypto) throws MalformedException {
    try (SigningKey key = crypto.generateSigningKey();
        SecretBytes seed = key.seed();
        SigningKey again = crypto.signingKey(seed, key.publicKey())) {
      assertEquals(key.publicKey(), again.publicKey());
      assertEquals(crypto.sign(key, MESSAGE), crypto.sign(again, MESSAGE));
    }
  }

  @ParameterizedTest
  @MethodSource("implementations")
  void signingKey_withAnotherPublicKey_isMalformed(Crypto crypto) {
    try (SigningKey key = crypto.generateSigningKey();
        SigningKey other = crypto.generateSigningKey();
        SecretBytes seed = key.seed()) {
      assertThrows(
          MalformedException.class, () -> crypto.signingKey(seed, other.publicKey()).close());
    }
  }

  @ParameterizedTest
  @MethodSource("implementations")
  void signingKey_closed_isABugToUse(Crypto crypto) {
    SigningKey key = crypto.generateSigningKey();
    key.close();

    assertThrows(InvariantError.class, () -> crypto.sign(key, MESSAGE));
  }

  @ParameterizedTest
  @MethodSource("implementations")
  void signingKey_seedOfWrongSize_isABug(Crypto crypto) {
    try (SecretBytes seed = SecretBytes.take(new byte[33])) {
      assertThrows(InvariantError.class, () -> crypto.signingKey(seed).close());
    }
  }

  @ParameterizedTest
  @MethodSource("implementations")
  void signatureProvider_p256_verifiesTheJdksSignature(Crypto crypto) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", "SunEC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair keys = generator.generateKeyPair();
    Signature signer = Signature.getInstance("SHA256withECDSA", "SunEC");
    signer.initSign(keys.getPrivate());
    signer.update(MESSAGE.toArray());
    byte[] signature = signer.sign();

    Signature verifier = Signature.getInstance("SHA256withECDSA", crypto.signatureProvider());
    verifier.initVerify(
        KeyFactory.getInstance("EC", crypto.signatureProvider())
            .generatePublic(new X509EncodedKeySpec(keys.getPublic().getEncoded())));
    verifier.update(MESSAGE.toArray());
    assertTrue(verifier.verify(signature));
    verifier.update((byte) 0);
    assertFalse(verifier.verify(signature));
  }

  private static void assertMalformed(String field, Bytes encoded) {
    assertEquals(
        field, assertThrows(MalformedException.class, () -> VerifyingKey.parse(encoded)).field());
  }

  private static Bytes withSign(Bytes encoded) {
    byte[] array = encoded.toArray();
    array[31] |= (byte) 0x80;
    return Bytes.copyOf(array);
  }

  private static BigInteger scalar(byte[] seed) {
    byte[] scalar = Arrays.copyOf(Digests.sha512().digest(seed), 32);
    scalar[0] &= (byte) 0xf8;
    scalar[31] &= 0x7f;
    scalar[31] |= 0x40;
    return new BigInteger(1, reversed(scalar));
  }

  private static byte[] littleEndian(BigInteger number) {
    byte[] magnitude = number.toByteArray();
    return Arrays.copyOf(reversed(magnitude), 32);
  }

  private static byte[] reversed(byte[] array) {
    byte[] reversed = new byte[array.length];
    for (int i = 0; i < array.length; i++) {
      reversed[i] = array[array.length - 1 - i];
    }
    return reversed;
  }
}
