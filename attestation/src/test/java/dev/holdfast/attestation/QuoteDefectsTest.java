package dev.holdfast.attestation;

import static dev.holdfast.attestation.Defect.forged;
import static dev.holdfast.attestation.Situation.VENDOR;
import static dev.holdfast.attestation.Situation.tdx;
import static dev.holdfast.simulator.Tampering.append;
import static dev.holdfast.simulator.Tampering.cut;
import static dev.holdfast.simulator.Tampering.put;
import static dev.holdfast.simulator.Tampering.putU16;
import static dev.holdfast.simulator.Tampering.putU32;
import static dev.holdfast.simulator.Tampering.xor;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.attestation.quote.Quote;
import dev.holdfast.attestation.quote.QuoteException;
import dev.holdfast.codec.Bytes;
import dev.holdfast.simulator.CollateralRecipe;
import dev.holdfast.simulator.PlatformRecipe;
import dev.holdfast.simulator.QeRecipe;
import dev.holdfast.simulator.QuoteRecipe;
import dev.holdfast.simulator.pki.Authority;
import dev.holdfast.simulator.quote.QuoteFormat;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The structure of quotes and the evidence in them. Spec: docs/spec/quote.md
class QuoteDefectsTest {
  private static final String END = "-----END CERTIFICATE-----";

  private static final int V4_LENGTH = 632;
  private static final int V4_KEY = 700;
  private static final int V4_OUTER_TYPE = 764;
  private static final int V4_QE_REPORT = 770;
  private static final int V4_AUTH_SIZE = 1218;
  private static final int V4_INNER_TYPE = 1252;
  private static final int V5_BODY_TYPE = 48;
  private static final BigInteger N =
      new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);

  @TestFactory
  Stream<DynamicTest> quote_oneDefect_givesItsReason() {
    return Defect.tests(defects());
  }

  static List<Defect> defects() {
    List<Defect> defects = new ArrayList<>();
    defects.addAll(headers());
    defects.addAll(lengths());
    defects.addAll(certificationData());
    defects.addAll(evidence());
    return defects;
  }

  private static List<Defect> headers() {
    return List.of(
        signed("version 2", Reason.UNSUPPORTED_VERSION, putU16(0, 2)),
        signed("version 6", Reason.UNSUPPORTED_VERSION, putU16(0, 6)),
        signed("P-384", Reason.UNSUPPORTED_ATTESTATION_KEY_TYPE, putU16(2, 3)),
        signed("TEE type 1", Reason.UNSUPPORTED_TEE_TYPE, putU32(4, 1)),
        signed("TEE type 0x80", Reason.UNSUPPORTED_TEE_TYPE, putU32(4, 0x80)),
        signed("TEE type with a high byte", Reason.UNSUPPORTED_TEE_TYPE, putU32(4, 0x01000081)),
        signed("TDX in version 3", Reason.UNSUPPORTED_TEE_TYPE, putU16(0, 3)),
        signed("vendor", Reason.UNKNOWN_QE_VENDOR, xor(27, 0x80)),
        described("body type 0", putU16(V5_BODY_TYPE, 0)),
        described("body type 5", putU16(V5_BODY_TYPE, 5)),
        described("body of an enclave", putU16(V5_BODY_TYPE, 1)),
        described("body type 2 in the size of 3", putU16(V5_BODY_TYPE, 2)),
        described("body one byte longer", putU32(V5_BODY_TYPE + 2, 649)),
        described("body one byte shorter", putU32(V5_BODY_TYPE + 2, 647)));
  }

  private static List<Defect> lengths() {
    return List.of(
        forged("nothing", Reason.MALFORMED_QUOTE, tdx().withQuote(Bytes.EMPTY)),
        tampered("header only", Reason.MALFORMED_QUOTE, cut(48)),
        tampered("header cut", Reason.MALFORMED_QUOTE, cut(47)),
        tampered("one byte short", Reason.MALFORMED_QUOTE, q -> q.slice(0, q.size() - 1)),
        tampered("signature data longer", Reason.MALFORMED_QUOTE, add(V4_LENGTH, 1)),
        tampered("signature data shorter", Reason.MALFORMED_QUOTE, add(V4_LENGTH, -1)),
        tampered("signature data huge", Reason.MALFORMED_QUOTE, putU32(V4_LENGTH, 0xffffffffL)),
        tampered("no signature data", Reason.MALFORMED_QUOTE, putU32(V4_LENGTH, 0)),
        tampered("outer data longer", Reason.MALFORMED_QUOTE, add(V4_OUTER_TYPE + 2, 1)),
        tampered("outer data shorter", Reason.MALFORMED_QUOTE, add(V4_OUTER_TYPE + 2, -1)),
        tampered("inner data longer", Reason.MALFORMED_QUOTE, add(V4_INNER_TYPE + 2, 1)),
        tampered("inner data shorter", Reason.MALFORMED_QUOTE, add(V4_INNER_TYPE + 2, -1)),
        tampered("auth data longer than all", Reason.MALFORMED_QUOTE, putU16(V4_AUTH_SIZE, 65535)),
        tampered(
            "over the limit",
            Reason.MALFORMED_QUOTE,
            q -> append(Bytes.zero(AttestationVerifier.QUOTE_MAX_SIZE + 1 - q.size())).apply(q)));
  }

  private static List<Defect> certificationData() {
    return List.of(
        tampered("outer 5", Reason.UNSUPPORTED_CERTIFICATION_DATA, putU16(V4_OUTER_TYPE, 5)),
        tampered("outer 7", Reason.UNSUPPORTED_CERTIFICATION_DATA, putU16(V4_OUTER_TYPE, 7)),
        tampered("inner 0", Reason.UNSUPPORTED_CERTIFICATION_DATA, putU16(V4_INNER_TYPE, 0)),
        tampered("inner 6", Reason.UNSUPPORTED_CERTIFICATION_DATA, putU16(V4_INNER_TYPE, 6)),
        tampered("inner 7", Reason.UNSUPPORTED_CERTIFICATION_DATA, putU16(V4_INNER_TYPE, 7)),
        certified("plain PPID", 1),
        certified("PPID under RSA-2048", 2),
        certified("PPID under RSA-3072", 3));
  }

  private static List<Defect> evidence() {
    return List.of(
        withQe(
            "signed by another key",
            Reason.QE_REPORT_SIGNATURE_INVALID,
            qe -> qe.withSigner(VENDOR.key(Authority.TCB_SIGNING))),
        withQe(
            "signature cut to zero",
            Reason.QE_REPORT_SIGNATURE_INVALID,
            qe -> qe.withSignature(s -> Bytes.zero(64))),
        tampered("QE report", Reason.QE_REPORT_SIGNATURE_INVALID, xor(V4_QE_REPORT + 258, 1)),
        withQe(
            "key off the curve",
            Reason.ATTESTATION_KEY_INVALID,
            qe -> qe.withAttestationKey(xor(63, 1))),
        withQe(
            "key (0, 0)",
            Reason.ATTESTATION_KEY_INVALID,
            qe -> qe.withAttestationKey(key -> Bytes.zero(64))),
        withQe(
            "key with x = p",
            Reason.ATTESTATION_KEY_INVALID,
            qe -> qe.withAttestationKey(key -> unreduced())),
        withQe(
            "binding's tail",
            Reason.ATTESTATION_KEY_BINDING_INVALID,
            qe -> qe.withBindingTail(xor(31, 1).apply(Bytes.zero(32)))),
        withQe(
            "binding's head",
            Reason.ATTESTATION_KEY_BINDING_INVALID,
            qe -> qe.withReport(xor(320, 1))),
        tampered(
            "authentication data",
            Reason.ATTESTATION_KEY_BINDING_INVALID,
            xor(V4_AUTH_SIZE + 2, 1)),
        tampered("key of another", Reason.ATTESTATION_KEY_BINDING_INVALID, xor(V4_KEY, 1)),
        tampered("header", Reason.QUOTE_SIGNATURE_INVALID, xor(47, 1)),
        tampered("first of the body", Reason.QUOTE_SIGNATURE_INVALID, xor(48, 1)),
        tampered("last of the body", Reason.QUOTE_SIGNATURE_INVALID, xor(631, 1)),
        signature("r = 0", s -> put(0, Bytes.zero(32)).apply(s)),
        signature("s = 0", s -> put(32, Bytes.zero(32)).apply(s)),
        signature("r = n", s -> put(0, bytes(N)).apply(s)),
        signature("s = n", s -> put(32, bytes(N)).apply(s)),
        signature("r + n, cut to 32 bytes", QuoteDefectsTest::addOrder),
        signature("all ones", s -> bytes64(0xff)));
  }

  @ParameterizedTest
  @EnumSource(QuoteFormat.class)
  void flawless_everyFormat_accepted(QuoteFormat format) {
    Situation situation =
        format.isTdx() ? tdx(format, UnaryOperator.identity()) : Situation.sgx(format);
    assertEquals(format.version(), situation.assertAccepted().claims().quoteVersion());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 31, 33, 4096})
  void authData_anySize_accepted(int size) {
    assertEquals(
        Situation.REPORT_DATA,
        tdx(QuoteFormat.TDX_V4, q -> q.withQe(qe -> qe.withAuthData(Bytes.zero(size))))
            .assertAccepted()
            .claims()
            .reportData());
  }

  @Test
  void signature_withTheOtherS_accepted() {
    UnaryOperator<QuoteRecipe> malleated =
        q ->
            q.withSignature(QuoteDefectsTest::negateS)
                .withQe(qe -> qe.withSignature(QuoteDefectsTest::negateS));
    assertEquals(
        Situation.REPORT_DATA,
        tdx(QuoteFormat.TDX_V4, malleated).assertAccepted().claims().reportData());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 70, 3065})
  void trailingBytes_any_ignored(int size) {
    Situation plain = tdx();
    Situation longer = plain.withQuote(append(bytes(size, 0xa5)).apply(plain.quote()));
    assertEquals(plain.verdict(), longer.verdict());
  }

  @Test
  void quoteSize_atLimit_accepted() {
    Situation plain = tdx();
    int more = AttestationVerifier.QUOTE_MAX_SIZE - plain.quote().size();
    assertEquals(
        plain.verdict(), plain.withQuote(append(Bytes.zero(more)).apply(plain.quote())).verdict());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void certificationData_chainInCollateral_accepted(int type) {
    Situation situation =
        tdx(QuoteFormat.TDX_V4, q -> q.withCertificationType(type))
            .withCollateral(c ->
                c.withMembers(members -> {
                  members.put("pck_certificate_chain", pckChain());
                  return members;
                }));
    assertEquals(Situation.REPORT_DATA, situation.assertAccepted().claims().reportData());
  }

  @Test
  void certificationData_leafAlone_acceptedUnderTheIssuerOfThePckCrl() {
    leafOnly(UnaryOperator.identity()).assertAccepted();
  }

  @Test
  void certificationData_leafAloneWithoutIssuerChain_refused() {
    Situation situation =
        leafOnly(c ->
            c.withMembers(members -> {
              members.remove("pck_crl_issuer_chain");
              return members;
            }));
    String detail = situation.assertRejected(Reason.UNSUPPORTED_CERTIFICATION_DATA).detail();
    assertTrue(detail.contains("needs its PCK certificate chain"), detail);
  }

  @Test
  void certificationData_leafAloneOfTheOtherCa_refused() {
    leafOnly(c -> c.withCa(Authority.PROCESSOR_CA))
        .assertRejected(Reason.CERTIFICATE_CHAIN_INVALID);
  }

  @Test
  void certificationData_leafAloneOfAnotherMachine_refused() {
    Bytes other = Situation.VENDOR.platform(PlatformRecipe.of("other")).pckChainPem();
    Bytes leaf =
        other.slice(
            0, new String(other.toArray(), StandardCharsets.US_ASCII).indexOf(END) + END.length());
    tdx(QuoteFormat.TDX_V4, q -> q.withCertificationType(4).withCertificationData(leaf))
        .assertRejected(Reason.QE_REPORT_SIGNATURE_INVALID);
  }

  private static Situation leafOnly(UnaryOperator<CollateralRecipe> change) {
    return tdx(QuoteFormat.TDX_V4, q -> q.withCertificationType(4)).withCollateral(change);
  }

  @ParameterizedTest
  @CsvSource({"1, 0", "2, 256", "3, 384"})
  void pckId_ofItsForm_namesTheCertificate(int type, int ppidSize) throws Exception {
    Bytes quote = tdx(QuoteFormat.TDX_V4, q -> q.withCertificationType(type)).quote();
    UnverifiedQuote parsed = UnverifiedQuote.parse(quote);
    UnverifiedQuote.PckId id = parsed.pckId().orElseThrow();

    assertEquals(ppidSize, id.encryptedPpid().map(Bytes::size).orElse(0));
    assertEquals(16, id.cpuSvn().size());
    assertEquals("0000", id.pceId().toHex());
    assertEquals(2, id.pceSvn().size());
    assertEquals(parsed.userData().slice(0, 16), id.qeId());
    assertTrue(parsed.platform().isEmpty());
  }

  @ParameterizedTest
  @ValueSource(ints = {34, 35, 37})
  void pckId_ofAnotherSize_isNone(int size) throws Exception {
    Bytes quote =
        tdx(
                QuoteFormat.TDX_V4,
                q -> q.withCertificationType(1).withCertificationData(Bytes.zero(size)))
            .quote();
    assertTrue(UnverifiedQuote.parse(quote).pckId().isEmpty());
  }

  @Test
  void pck_ofALeafAlone_namesPlatformAndCa() throws Exception {
    UnverifiedQuote parsed = UnverifiedQuote.parse(leafOnly(UnaryOperator.identity()).quote());

    assertEquals(PlatformRecipe.DEFAULT_FMSPC, parsed.platform().orElseThrow().fmspc());
    assertEquals(UnverifiedQuote.PckCa.PLATFORM, parsed.pckCa().orElseThrow());
    assertTrue(parsed.pckId().isEmpty());
  }

  @Test
  void everyPrefix_ofEveryFormat_malformed() {
    Situation flawless = tdx();
    Collateral collateral = flawless.parsed();
    for (QuoteFormat format : QuoteFormat.values()) {
      Bytes quote =
          (format.isTdx() ? tdx(format, UnaryOperator.identity()) : Situation.sgx(format)).quote();
      for (int size = 0; size < quote.size(); size++) {
        Verdict verdict =
            Situation.VERIFIER.verify(
                quote.slice(0, size), collateral, flawless.policy(), flawless.at());
        assertEquals(
            Reason.MALFORMED_QUOTE,
            assertInstanceOf(Verdict.Rejected.class, verdict).reason(),
            format + " cut to " + size);
      }
    }
  }

  @Test
  void structureSize_quoteWithTrailingBytes_leavesThemOut() throws QuoteException {
    Bytes quote = tdx().quote();
    Bytes longer = append(Bytes.zero(70)).apply(quote);
    assertEquals(quote.size(), Quote.parse(longer).structureSize());
  }

  private static Defect signed(String name, Reason reason, UnaryOperator<Bytes> change) {
    return forged(name, reason, tdx(QuoteFormat.TDX_V4, q -> q.withSignedBytes(change)));
  }

  private static Defect described(String name, UnaryOperator<Bytes> change) {
    return forged(
        name, Reason.MALFORMED_QUOTE, tdx(QuoteFormat.TDX_V5_15, q -> q.withSignedBytes(change)));
  }

  private static Defect tampered(String name, Reason reason, UnaryOperator<Bytes> change) {
    return forged(name, reason, tdx(QuoteFormat.TDX_V4, q -> q.withTamper(change)));
  }

  private static Defect signature(String name, UnaryOperator<Bytes> change) {
    return forged(
        name,
        Reason.QUOTE_SIGNATURE_INVALID,
        tdx(QuoteFormat.TDX_V4, q -> q.withSignature(change)));
  }

  private static Defect certified(String name, int type) {
    return forged(
        name,
        Reason.UNSUPPORTED_CERTIFICATION_DATA,
        tdx(QuoteFormat.TDX_V4, q -> q.withCertificationType(type)));
  }

  private static Defect withQe(String name, Reason reason, UnaryOperator<QeRecipe> change) {
    return forged(name, reason, tdx(QuoteFormat.TDX_V4, q -> q.withQe(change)));
  }

  private static UnaryOperator<Bytes> add(int offset, int difference) {
    return quote -> {
      long old =
          quote.at(offset)
              | (long) quote.at(offset + 1) << 8
              | (long) quote.at(offset + 2) << 16
              | (long) quote.at(offset + 3) << 24;
      return putU32(offset, old + difference).apply(quote);
    };
  }

  private static String pckChain() {
    return new String(Situation.PLATFORM.pckChainPem().toArray(), StandardCharsets.US_ASCII);
  }

  /// x = p is the same point as x = 0 for who forgets to check; (0, √b) is on the curve.
  private static Bytes unreduced() {
    BigInteger p = new BigInteger("ffffffff00000001" + "0".repeat(24) + "f".repeat(24), 16);
    BigInteger b =
        new BigInteger("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b", 16);
    BigInteger y = b.modPow(p.add(BigInteger.ONE).shiftRight(2), p);
    return put(32, bytes(y)).apply(put(0, bytes(p)).apply(Bytes.zero(64)));
  }

  private static Bytes negateS(Bytes signature) {
    BigInteger s = new BigInteger(1, signature.slice(32, 32).toArray());
    return put(32, bytes(N.subtract(s))).apply(signature);
  }

  private static Bytes addOrder(Bytes signature) {
    BigInteger r = new BigInteger(1, signature.slice(0, 32).toArray());
    BigInteger changed = r.add(N).mod(BigInteger.TWO.pow(256));
    return put(0, bytes(changed)).apply(signature);
  }

  private static Bytes bytes(BigInteger value) {
    return Bytes.copyOf(HexFormat.of().parseHex("%064x".formatted(value)));
  }

  private static Bytes bytes64(int value) {
    return bytes(64, value);
  }

  private static Bytes bytes(int size, int value) {
    byte[] array = new byte[size];
    Arrays.fill(array, (byte) value);
    return Bytes.copyOf(array);
  }
}
