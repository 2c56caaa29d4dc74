package dev.holdfast.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Frame;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.codec.MalformedException;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.crypto.hpke.HPKE;
import org.bouncycastle.pqc.crypto.xwing.XWingKEMExtractor;
import org.bouncycastle.pqc.crypto.xwing.XWingPrivateKeyParameters;
import org.conscrypt.XdhKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Spec: docs/spec/envelope.md
final class EnvelopeTest {
  private static final Crypto CONSCRYPT = Crypto.conscrypt();
  private static final Crypto BOUNCY_CASTLE = Crypto.bouncyCastle(new SeededRandom(1));
  private static final Bytes INFO = Frame.of("holdfast/1/test", Bytes.zero(3));
  private static final Bytes AAD = Vectors.hex("a1a2");
  private static final Bytes TEXT = Vectors.hex("00112233445566778899");

  static List<Crypto> implementations() {
    return List.of(CONSCRYPT, BOUNCY_CASTLE);
  }

  static Stream<Arguments> pairs() {
    return implementations().stream()
        .flatMap(a -> implementations().stream().map(b -> Arguments.of(a, b)));
  }

  static List<Vectors.Case> xWing() throws IOException {
    return Vectors.read("xwing-draft.txt");
  }

  static List<Vectors.Case> hpke() throws IOException {
    return Vectors.read("hpke-rfc9180.txt");
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void open_sealedByEither_givesThePlaintext(Crypto sender, Crypto receiver) throws Exception {
    try (EnvelopeKeys keys = receiver.generateEnvelopeKeys()) {
      Bytes sealed = seal(sender, keys.publicKey(), TEXT);

      assertEquals(TEXT.size() + Crypto.ENVELOPE_OVERHEAD, sealed.size());
      assertEquals(TEXT, open(receiver, keys, INFO, AAD, sealed));
    }
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void open_keysMadeByTheOther_givesThePlaintext(Crypto maker, Crypto user) throws Exception {
    try (EnvelopeKeys keys = maker.generateEnvelopeKeys()) {
      assertEquals(TEXT, open(user, keys, INFO, AAD, seal(user, keys.publicKey(), TEXT)));
    }
  }

  @ParameterizedTest
  @MethodSource("implementations")
  void open_emptyPlaintextInfoAndAad_givesIt(Crypto crypto) throws Exception {
    try (EnvelopeKeys keys = crypto.generateEnvelopeKeys();
        SecretBytes nothing = SecretBytes.take(new byte[0])) {
      Bytes sealed = crypto.seal(keys.publicKey(), Bytes.EMPTY, Bytes.EMPTY, nothing);

      assertEquals(Crypto.ENVELOPE_OVERHEAD, sealed.size());
      assertEquals(Bytes.EMPTY, open(crypto, keys, Bytes.EMPTY, Bytes.EMPTY, sealed));
    }
  }

  @ParameterizedTest
  @MethodSource("implementations")
  void open_anyByteChanged_isRefused(Crypto crypto) {
    try (EnvelopeKeys keys = crypto.generateEnvelopeKeys()) {
      byte[] sealed = seal(crypto, keys.publicKey(), TEXT).toArray();
      for (int i = 0; i < sealed.length; i += i < 1056 ? 33 : 1) {
        byte[] changed = sealed.clone();
        changed[i] ^= 0x10;
        assertRefused(crypto, keys, INFO, AAD, Bytes.copyOf(changed));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("implementations")
  void open_truncatedOrExtended_isRefused(Crypto crypto) {
    try (EnvelopeKeys keys = crypto.generateEnvelopeKeys()) {
      Bytes sealed = seal(crypto, keys.publicKey(), TEXT);
      for (int size : new int[] {0, 1, 32, 1088, 1119, 1120, 1135, 1136, sealed.size() - 1}) {
        assertRefused(crypto, keys, INFO, AAD, sealed.slice(0, size));
      }
      assertRefused(crypto, keys, INFO, AAD, new ByteWriter().bytes(sealed).u8(0).toBytes());
    }
  }

  @ParameterizedTest
  @MethodSource("implementations")
  void open_otherInfoAadOrKey_isRefused(Crypto crypto) {
    try (EnvelopeKeys keys = crypto.generateEnvelopeKeys();
        EnvelopeKeys others = crypto.generateEnvelopeKeys()) {
      Bytes sealed = seal(crypto, keys.publicKey(), TEXT);

      assertRefused(crypto, keys, Frame.of("holdfast/1/other", Bytes.zero(3)), AAD, sealed);
      assertRefused(crypto, keys, Bytes.EMPTY, AAD, sealed);
      assertRefused(crypto, keys, INFO, Bytes.EMPTY, sealed);
      assertRefused(crypto, keys, AAD, INFO, sealed);
      assertRefused(crypto, others, INFO, AAD, sealed);
    }
  }

  @ParameterizedTest
  @MethodSource("implementations")
  void open_x25519PartOfSmallOrder_isRefused(Crypto crypto) {
    try (EnvelopeKeys keys = crypto.generateEnvelopeKeys()) {
      Bytes sealed = seal(crypto, keys.publicKey(), TEXT);
      for (Bytes point : smallOrderCoordinates()) {
        Bytes forged =
            new ByteWriter()
                .bytes(sealed.slice(0, 1088))
                .bytes(point)
                .bytes(sealed.slice(1120, sealed.size() - 1120))
                .toBytes();
        assertRefused(crypto, keys, INFO, AAD, forged);
      }
    }
  }

  /// The layer below refuses too, or at least never answers with anything but its exception.
  @Test
  void hpke_x25519PartOfSmallOrder_isRefusedOrDoesNotOpen() {
    for (Bytes point : smallOrderCoordinates()) {
      byte[] encapsulation = new ByteWriter().bytes(new byte[1088]).bytes(point).toArray();
      SealedParts parts = new SealedParts(encapsulation, new byte[16]);
      byte[] seed = new byte[32];
      assertThrows(
          EnvelopeException.class,
          () -> conscryptXWing().open(seed, new byte[0], new byte[0], parts));
      assertThrows(
          EnvelopeException.class,
          () -> new BouncyCastleHpke(HPKE.kem_X_WING).open(seed, new byte[0], new byte[0], parts));
    }
  }

  @ParameterizedTest
  @MethodSource("implementations")
  void seal_twice_givesOtherBytes(Crypto crypto) {
    try (EnvelopeKeys keys = crypto.generateEnvelopeKeys()) {
      assertNotEquals(seal(crypto, keys.publicKey(), TEXT), seal(crypto, keys.publicKey(), TEXT));
    }
  }

  @Test
  void bouncyCastle_sameSeed_givesTheSameBytes() {
    Crypto one = Crypto.bouncyCastle(new SeededRandom(5));
    Crypto other = Crypto.bouncyCastle(new SeededRandom(5));
    try (EnvelopeKeys keys = one.generateEnvelopeKeys();
        EnvelopeKeys same = other.generateEnvelopeKeys()) {
      assertEquals(keys.publicKey(), same.publicKey());
      assertEquals(seal(one, keys.publicKey(), TEXT), seal(other, same.publicKey(), TEXT));
    }
  }

  @ParameterizedTest
  @MethodSource("xWing")
  void envelopeKeys_draftSeed_haveTheDraftsPublicKey(Vectors.Case vector) {
    for (Crypto crypto : implementations()) {
      try (SecretBytes seed = vector.secret("seed");
          EnvelopeKeys keys = crypto.envelopeKeys(seed)) {
        assertEquals(vector.bytes("public"), keys.publicKey().encoded(), crypto.name());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("xWing")
  void decapsulation_draftVector_givesTheSharedSecret(Vectors.Case vector) {
    XWingKEMExtractor extractor =
        new XWingKEMExtractor(new XWingPrivateKeyParameters(vector.bytes("seed").toArray()));

    assertEquals(
        vector.bytes("shared"),
        Bytes.copyOf(extractor.extractSecret(vector.bytes("encapsulation").toArray())));
  }

  /// The deterministic encapsulation of the draft, sealed by one and opened by the other: only the
  /// draft's shared secret opens it.
  @ParameterizedTest
  @MethodSource("xWing")
  void seal_draftEncapsulationSeed_givesTheDraftsEncapsulation(Vectors.Case vector)
      throws Exception {
    byte[] info = INFO.toArray();
    byte[] aad = AAD.toArray();
    SealedParts sealed =
        new BouncyCastleHpke(HPKE.kem_X_WING)
            .seal(
                vector.bytes("public").toArray(),
                info,
                aad,
                TEXT.toArray(),
                vector.bytes("encapsulation-seed").toArray());

    assertEquals(vector.bytes("encapsulation"), Bytes.copyOf(sealed.encapsulation()));
    assertEquals(
        TEXT,
        Bytes.copyOf(conscryptXWing().open(vector.bytes("seed").toArray(), info, aad, sealed)));
  }

  @ParameterizedTest
  @MethodSource("hpke")
  void hpke_rfc9180Vector_opensInBoth(Vectors.Case vector) throws Exception {
    SealedParts sealed =
        new SealedParts(
            vector.bytes("encapsulation").toArray(), vector.bytes("ciphertext").toArray());
    byte[] privateKey = vector.bytes("private").toArray();
    byte[] info = vector.bytes("info").toArray();
    byte[] aad = vector.bytes("aad").toArray();
    ConscryptHpke conscrypt =
        new ConscryptHpke(
            CONSCRYPT.signatureProvider(),
            "DHKEM_X25519_HKDF_SHA256/HKDF_SHA256/AES_256_GCM",
            "XDH",
            XdhKeySpec::new);

    assertEquals(
        vector.bytes("plaintext"), Bytes.copyOf(conscrypt.open(privateKey, info, aad, sealed)));
    assertEquals(
        vector.bytes("plaintext"),
        Bytes.copyOf(
            new BouncyCastleHpke(HPKE.kem_X25519_SHA256).open(privateKey, info, aad, sealed)));
  }

  @Test
  void envelopeKey_itsOwnBytes_parse() throws MalformedException {
    try (EnvelopeKeys keys = CONSCRYPT.generateEnvelopeKeys()) {
      EnvelopeKey parsed = EnvelopeKey.parse(keys.publicKey().encoded());

      assertEquals(keys.publicKey(), parsed);
      assertEquals(0, keys.publicKey().compareTo(parsed));
    }
  }

  @Test
  void envelopeKey_wrongSize_isMalformed() {
    for (int size : new int[] {0, 32, 1184, 1215, 1217, 2432}) {
      assertEquals("key", malformedField(Bytes.zero(size)), "size " + size);
    }
  }

  @Test
  void envelopeKey_coefficientAtQ_isMalformed() {
    Bytes good = goodKey();
    for (int triple : new int[] {0, 1, 191, 383}) {
      byte[] low = good.toArray();
      low[3 * triple] = 0x01;
      low[3 * triple + 1] = (byte) ((low[3 * triple + 1] & 0xf0) | 0x0d);
      assertEquals("coefficient", malformedField(Bytes.copyOf(low)));
      byte[] high = good.toArray();
      high[3 * triple + 1] = (byte) ((high[3 * triple + 1] & 0x0f) | 0x10);
      high[3 * triple + 2] = (byte) 0xd0;
      assertEquals("coefficient", malformedField(Bytes.copyOf(high)));
    }
  }

  @Test
  void envelopeKey_coefficientBelowQ_parsesAndSeals() throws MalformedException {
    byte[] key = goodKey().toArray();
    key[0] = 0x00;
    key[1] = (byte) ((key[1] & 0xf0) | 0x0d);
    EnvelopeKey parsed = EnvelopeKey.parse(Bytes.copyOf(key));

    for (Crypto crypto : implementations()) {
      assertEquals(TEXT.size() + Crypto.ENVELOPE_OVERHEAD, seal(crypto, parsed, TEXT).size());
    }
  }

  @Test
  void envelopeKey_x25519PartOfSmallOrder_isMalformed() {
    for (Bytes point : smallOrderCoordinates()) {
      Bytes key = new ByteWriter().bytes(goodKey().slice(0, 1184)).bytes(point).toBytes();
      assertEquals("X25519 key", malformedField(key));
    }
  }

  /// Every parsed key can be sealed to, whatever its bytes.
  @Test
  void seal_randomParsedKeys_neverFails() throws MalformedException {
    SeededRandom random = new SeededRandom(77);
    for (int round = 0; round < 50; round++) {
      byte[] key = new byte[EnvelopeKey.SIZE];
      random.nextBytes(key);
      for (int i = 0; i < 1152; i += 3) {
        key[i + 1] &= 0x77;
        key[i + 2] &= 0x77;
      }
      EnvelopeKey parsed = EnvelopeKey.parse(Bytes.copyOf(key));
      for (Crypto crypto : implementations()) {
        assertTrue(seal(crypto, parsed, TEXT).size() > 0);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("implementations")
  void envelopeKeys_closed_areABugToUse(Crypto crypto) {
    EnvelopeKeys keys = crypto.generateEnvelopeKeys();
    Bytes sealed = seal(crypto, keys.publicKey(), TEXT);
    keys.close();

    assertThrows(InvariantError.class, () -> crypto.open(keys, INFO, AAD, sealed).close());
  }

  @ParameterizedTest
  @MethodSource("implementations")
  void envelopeKeys_seedOfWrongSize_isABug(Crypto crypto) {
    try (SecretBytes seed = SecretBytes.take(new byte[31])) {
      assertThrows(InvariantError.class, () -> crypto.envelopeKeys(seed).close());
    }
  }

  private static ConscryptHpke conscryptXWing() {
    return ConscryptHpke.xWing(CONSCRYPT.signatureProvider());
  }

  private static Bytes seal(Crypto crypto, EnvelopeKey to, Bytes text) {
    try (SecretBytes plaintext = SecretBytes.take(text.toArray())) {
      return crypto.seal(to, INFO, AAD, plaintext);
    }
  }

  private static Bytes open(Crypto crypto, EnvelopeKeys keys, Bytes info, Bytes aad, Bytes sealed)
      throws EnvelopeException {
    try (SecretBytes plaintext = crypto.open(keys, info, aad, sealed)) {
      return plaintext.apply(Bytes::copyOf);
    }
  }

  private static void assertRefused(
      Crypto crypto, EnvelopeKeys keys, Bytes info, Bytes aad, Bytes sealed) {
    assertThrows(EnvelopeException.class, () -> crypto.open(keys, info, aad, sealed).close());
  }

  private static String malformedField(Bytes key) {
    return assertThrows(MalformedException.class, () -> EnvelopeKey.parse(key)).field();
  }

  private static Bytes goodKey() {
    try (EnvelopeKeys keys = BOUNCY_CASTLE.generateEnvelopeKeys()) {
      return keys.publicKey().encoded();
    }
  }

  /// With and without the top bit, which X25519 ignores.
  private static List<Bytes> smallOrderCoordinates() {
    return Stream.of(
            "0000000000000000000000000000000000000000000000000000000000000000",
            "0100000000000000000000000000000000000000000000000000000000000000",
            "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
            "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")
        .map(Vectors::hex)
        .flatMap(point -> {
          byte[] withTopBit = point.toArray();
          withTopBit[31] |= (byte) 0x80;
          return Stream.of(point, Bytes.copyOf(withTopBit));
        })
        .toList();
  }
}
