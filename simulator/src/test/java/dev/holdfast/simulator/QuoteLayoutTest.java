package dev.holdfast.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.codec.ByteReader;
import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.simulator.pki.Authority;
import dev.holdfast.simulator.quote.EnclaveField;
import dev.holdfast.simulator.quote.QuoteFormat;
import dev.holdfast.simulator.quote.TdField;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Quotes taken apart by the published offsets, beside real ones.
final class QuoteLayoutTest {
  private static final Bytes REPORT_DATA =
      Bytes.copyOf(
          "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
              .getBytes(StandardCharsets.US_ASCII));

  /// A quote's parts; `signed` is everything before the length of the signature data.
  private record Parts(
      Bytes signed,
      Bytes signature,
      Bytes attestationKey,
      Bytes qeReport,
      Bytes qeSignature,
      Bytes authData,
      int certificationType,
      Bytes certificationData,
      Bytes trailing) {}

  private static Bytes quote(QuoteRecipe recipe) {
    return recipe.format().isTdx()
        ? Samples.PLATFORM.quote(TdRecipe.ofImage("image-1"), REPORT_DATA, recipe)
        : Samples.PLATFORM.quote(EnclaveRecipe.ofImage("image-1"), REPORT_DATA, recipe);
  }

  private static Parts parts(Bytes quote) throws MalformedException {
    ByteReader reader = ByteReader.of("quote", quote);
    int version = reader.u16le("version");
    reader.u16le("key type");
    long tee = reader.u32le("tee");
    reader.bytes(40, "rest of header");
    long bodySize = tee == 0 ? 384 : 584;
    if (version == 5) {
      reader.u16le("body type");
      bodySize = reader.u32le("body size");
    }
    reader.bytes((int) bodySize, "body");
    Bytes signed = reader.since(0);
    ByteReader data = reader.slice(reader.u32le("size"), "signature data");
    Bytes signature = data.bytes(64, "signature");
    Bytes key = data.bytes(64, "key");
    ByteReader qe = data;
    if (version > 3) {
      assertEquals(6, data.u16le("outer type"));
      qe = data.slice(data.u32le("outer size"), "outer data");
    }
    Bytes report = qe.bytes(384, "qe report");
    Bytes qeSignature = qe.bytes(64, "qe signature");
    Bytes auth = qe.bytes(qe.u16le("auth size"), "auth data");
    int type = qe.u16le("inner type");
    Bytes certification = qe.bytes((int) qe.u32le("inner size"), "inner data");
    qe.requireEnd("outer data");
    data.requireEnd("signature data");
    return new Parts(
        signed, signature, key, report, qeSignature, auth, type, certification, reader.rest());
  }

  private static PublicKey publicKey(Bytes point) throws Exception {
    BigInteger x = new BigInteger(1, point.slice(0, 32).toArray());
    BigInteger y = new BigInteger(1, point.slice(32, 32).toArray());
    X509Certificate any = Samples.certificate(Samples.VENDOR.certificate(Authority.ROOT));
    ECPublicKeySpec spec =
        new ECPublicKeySpec(new ECPoint(x, y), ((ECPublicKey) any.getPublicKey()).getParams());
    return KeyFactory.getInstance("EC").generatePublic(spec);
  }

  @ParameterizedTest
  @EnumSource(QuoteFormat.class)
  void quote_ofEveryFormat_holdsEverySignatureAndBinding(QuoteFormat format) throws Exception {
    Parts parts = parts(quote(QuoteRecipe.of(format)));
    X509Certificate pck = Samples.certificate(Samples.PLATFORM.pckCertificate());
    assertTrue(
        Samples.verifies(publicKey(parts.attestationKey()), parts.signed(), parts.signature()));
    assertTrue(Samples.verifies(pck, parts.qeReport(), parts.qeSignature()));
    Bytes bound =
        new ByteWriter().bytes(parts.attestationKey()).bytes(parts.authData()).toBytes().sha256();
    assertEquals(bound, parts.qeReport().slice(320, 32));
    assertTrue(parts.qeReport().slice(352, 32).isZero());
    assertEquals(5, parts.certificationType());
    assertEquals(3, Vectors.certificates(parts.certificationData()).size());
    assertTrue(parts.trailing().isEmpty());
    assertEquals(format.bodySize(), parts.signed().size() - (format.version() == 5 ? 54 : 48));
  }

  @ParameterizedTest
  @CsvSource({
    "SGX_V3, 432, 1046",
    "SGX_V4, 432, 1052",
    "TDX_V4, 632, 1252",
    "TDX_V5, 638, 1258",
    "TDX_V5_15, 702, 1322"
  })
  void quote_ofEveryFormat_hasThePublishedOffsets(QuoteFormat format, int size, int innerType)
      throws Exception {
    Bytes quote = quote(QuoteRecipe.of(format));
    ByteReader reader = ByteReader.of("quote", quote);
    reader.bytes(size, "signed");
    assertEquals(quote.size() - size - 4, reader.u32le("size"));
    ByteReader inner = ByteReader.of("quote", quote);
    inner.bytes(innerType, "everything before the inner type");
    assertEquals(5, inner.u16le("inner type"));
    assertEquals(quote.size() - innerType - 6, inner.u32le("inner size"));
  }

  @ParameterizedTest
  @CsvSource({
    "TDX_V4, quotes/tdx-v4-phala.bin",
    "TDX_V5_15, quotes/tdx-v5-openenclave-relaunch.bin",
    "SGX_V3, quotes/sgx-v3-phala.bin"
  })
  void quote_besideReal_differsOnlyInValues(QuoteFormat format, String path) throws Exception {
    Bytes realQuote = Vectors.read(path);
    Parts real = parts(realQuote);
    Parts simulated = parts(quote(QuoteRecipe.of(format)));
    assertEquals(real.signed().size(), simulated.signed().size());
    assertEquals(real.signed().slice(0, 8), simulated.signed().slice(0, 8));
    assertEquals(real.signed().slice(12, 16), simulated.signed().slice(12, 16));
    assertEquals(real.authData(), simulated.authData());
    assertEquals(real.certificationType(), simulated.certificationType());
    assertEquals(0, simulated.certificationData().at(simulated.certificationData().size() - 1));
    assertEquals(real.qeReport().slice(16, 48), simulated.qeReport().slice(16, 48));
    assertEquals(real.qeReport().slice(96, 162), simulated.qeReport().slice(96, 162));
    assertEquals(real.qeReport().slice(260, 60), simulated.qeReport().slice(260, 60));
    if (format.version() == 5) {
      assertEquals(real.signed().slice(48, 6), simulated.signed().slice(48, 6));
    }
  }

  @Test
  void tdBody_ofARecipe_standsAtThePublishedOffsets() {
    TdRecipe td = TdRecipe.ofImage("image-1").with(TdField.MRSERVICETD, filled(48, 7));
    Bytes quote = Samples.PLATFORM.quote(td, REPORT_DATA, QuoteRecipe.of(QuoteFormat.TDX_V5_15_EX));
    Bytes body = quote.slice(54, 885);
    assertEquals(td.field(TdField.TEE_TCB_SVN), body.slice(0, 16));
    assertEquals(Samples.hex("0000001000000000"), body.slice(120, 8));
    assertEquals(Samples.hex("e702060000000000"), body.slice(128, 8));
    assertEquals(td.field(TdField.MRTD), body.slice(136, 48));
    assertEquals(td.field(TdField.RTMR0), body.slice(328, 48));
    assertEquals(td.field(TdField.RTMR3), body.slice(472, 48));
    assertEquals(REPORT_DATA, body.slice(520, 64));
    assertEquals(td.field(TdField.TEE_TCB_SVN2), body.slice(584, 16));
    assertEquals(filled(48, 7), body.slice(600, 48));
  }

  @Test
  void enclaveBody_ofARecipe_standsAtThePublishedOffsets() {
    EnclaveRecipe enclave = EnclaveRecipe.ofImage("image-1").withIsv(0x0102, 0x0304).withDebug();
    Bytes body = Samples.PLATFORM.quote(enclave, REPORT_DATA).slice(48, 384);
    assertEquals(Samples.PLATFORM.recipe().extension().cpuSvn(), body.slice(0, 16));
    assertEquals(Samples.hex("0700000000000000e700000000000000"), body.slice(48, 16));
    assertEquals(enclave.field(EnclaveField.MRENCLAVE), body.slice(64, 32));
    assertEquals(enclave.field(EnclaveField.MRSIGNER), body.slice(128, 32));
    assertEquals(Samples.hex("02010403"), body.slice(256, 4));
    assertEquals(REPORT_DATA, body.slice(320, 64));
  }

  @ParameterizedTest
  @CsvSource({"1, 36", "2, 276", "3, 404"})
  void certificationData_ofPlatformIdTypes_hasThePublishedSize(int type, int size)
      throws Exception {
    Parts parts = parts(quote(QuoteRecipe.of(QuoteFormat.SGX_V3).withCertificationType(type)));
    assertEquals(type, parts.certificationType());
    assertEquals(size, parts.certificationData().size());
  }

  @Test
  void certificationData_ofType4_isThePckCertificateAlone() throws Exception {
    Parts parts = parts(quote(QuoteRecipe.of(QuoteFormat.TDX_V4).withCertificationType(4)));
    assertEquals(
        List.of(Samples.PLATFORM.pckCertificate()),
        Vectors.certificates(parts.certificationData()));
  }

  @Test
  void quote_withSignedBytesChanged_isValidlySigned() throws Exception {
    QuoteRecipe recipe =
        QuoteRecipe.of(QuoteFormat.TDX_V4).withSignedBytes(Tampering.putU16(10, 0x1234));
    Parts parts = parts(quote(recipe));
    assertEquals(Samples.hex("3412"), parts.signed().slice(10, 2));
    assertTrue(
        Samples.verifies(publicKey(parts.attestationKey()), parts.signed(), parts.signature()));
  }

  @Test
  void quote_withTamper_isNoLongerValidlySigned() throws Exception {
    QuoteRecipe recipe = QuoteRecipe.of(QuoteFormat.TDX_V4).withTamper(Tampering.xor(200, 1));
    Parts parts = parts(quote(recipe));
    assertFalse(
        Samples.verifies(publicKey(parts.attestationKey()), parts.signed(), parts.signature()));
  }

  @Test
  void quote_withImpossibleAttestationKey_stillBindsIt() throws Exception {
    QuoteRecipe recipe =
        QuoteRecipe.of(QuoteFormat.TDX_V4)
            .withQe(qe ->
                qe.withAttestationKey(key -> filled(64, 1))
                    .withAuthData(Bytes.EMPTY)
                    .withBindingTail(filled(32, 9)));
    Parts parts = parts(quote(recipe));
    assertEquals(filled(64, 1), parts.attestationKey());
    assertEquals(filled(64, 1).sha256(), parts.qeReport().slice(320, 32));
    assertEquals(filled(32, 9), parts.qeReport().slice(352, 32));
    X509Certificate pck = Samples.certificate(Samples.PLATFORM.pckCertificate());
    assertTrue(Samples.verifies(pck, parts.qeReport(), parts.qeSignature()));
  }

  @Test
  void quote_withTrailingBytes_hasThemBehindTheSignatureData() throws Exception {
    Bytes zeros = Bytes.zero(70);
    assertEquals(
        zeros, parts(quote(QuoteRecipe.of(QuoteFormat.TDX_V4).withTrailing(zeros))).trailing());
  }

  @Test
  void quote_madeTwice_isTheSameToTheByte() {
    QuoteRecipe recipe = QuoteRecipe.of(QuoteFormat.TDX_V4);
    assertEquals(quote(recipe), quote(recipe));
  }

  private static Bytes filled(int size, int value) {
    byte[] bytes = new byte[size];
    Arrays.fill(bytes, (byte) value);
    return Bytes.copyOf(bytes);
  }
}
