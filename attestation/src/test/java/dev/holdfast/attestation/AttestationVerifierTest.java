package dev.holdfast.attestation;

import static dev.holdfast.attestation.Situation.collateral;
import static dev.holdfast.attestation.Situation.tdx;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.simulator.DevelopmentVendor;
import dev.holdfast.simulator.PlatformRecipe;
import dev.holdfast.simulator.Tampering;
import dev.holdfast.simulator.pki.Authority;
import dev.holdfast.simulator.pki.CertificateRecipe;
import dev.holdfast.simulator.pki.Extension;
import dev.holdfast.simulator.quote.QuoteFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.Provider;
import java.security.Security;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The trust anchor, the form of collateral, and what a verifier remembers.
class AttestationVerifierTest {
  @Test
  void intelAnchor_asBuiltIn_isIntels() {
    assertTrue(TrustAnchor.intel().isIntel());
    assertEquals(
        "44a0196b2b99f889b8e149e95b807a350e7424964399e885a7cbb8ccfab674d3",
        TrustAnchor.intel().digest().toHex());
  }

  @Test
  void intelAnchor_asBuiltIn_isASelfSignedRoot() throws IOException, MalformedException {
    try (InputStream in = TrustAnchor.class.getResourceAsStream("intel-sgx-root-ca.pem")) {
      Bytes pem = Bytes.copyOf(requireNonNull(in).readAllBytes());
      assertTrue(TrustAnchor.parsePem(pem).isIntel());
    }
  }

  @Test
  void otherAnchor_ofTheSameNames_isNotIntels() {
    assertFalse(Situation.ANCHOR.isIntel());
    assertNotEquals(TrustAnchor.intel().digest(), Situation.ANCHOR.digest());
  }

  @Test
  void intelAnchor_developmentQuote_untrusted() {
    Verdict verdict = tdx().verdict(AttestationVerifier.of(TrustAnchor.intel()));
    assertEquals(Reason.UNTRUSTED_ROOT, assertInstanceOf(Verdict.Rejected.class, verdict).reason());
  }

  @Test
  void anchor_thatIsNoRoot_refused() {
    refuseRoot(c -> c.withSubject("Intel SGX Root CA 2").withIssuer("Intel SGX Root CA 2"));
    refuseRoot(c -> c.withIssuer("Intel SGX Root CA 2"));
    refuseRoot(c -> c.withExtension(Extension.endEntity()));
    refuseRoot(c -> c.withExtension(Extension.authority(0)));
    refuseRoot(c -> c.withExtension(Extension.keyUsage(0x80)));
    refuseRoot(c -> c.withSigner(Situation.VENDOR.key(Authority.PLATFORM_CA)));
  }

  private static void refuseRoot(UnaryOperator<CertificateRecipe> change) {
    DevelopmentVendor vendor = Situation.VENDOR.withCertificate(Authority.ROOT, change);
    assertThrows(MalformedException.class, () -> TrustAnchor.parsePem(vendor.rootPem()));
  }

  @Test
  void anchor_ofSeveralOrNoCertificates_refused() {
    Bytes pem = Situation.VENDOR.rootPem();
    Bytes twice = new ByteWriter().bytes(pem).bytes(pem).toBytes();
    assertThrows(MalformedException.class, () -> TrustAnchor.parsePem(twice));
    assertThrows(MalformedException.class, () -> TrustAnchor.parsePem(Bytes.EMPTY));
  }

  @Test
  void collateral_writtenAndParsed_isEqual() throws MalformedException {
    Collateral collateral = tdx().parsed();
    Collateral again = Collateral.parse(collateral.toJson());
    assertEquals(collateral, again);
    assertEquals(collateral.hashCode(), again.hashCode());
    assertEquals(collateral.digest(), again.digest());
    assertEquals(collateral.toJson().sha256(), collateral.digest());
  }

  @Test
  void collateral_inAnotherOrderAndSpacing_hasTheSameDigest() throws MalformedException {
    Collateral first = parse("{\"tcb_info\":\"a\",\"qe_identity\":\"b\"}");
    Collateral second = parse("{ \"qe_identity\" : \"b\", \"tcb_info\" : \"\\u0061\" }");
    assertEquals(first.digest(), second.digest());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{} {}",
        "{\"tcb_info\":1}",
        "{\"tcb_info\":null}",
        "{\"tcb_info\":{}}",
        "{\"unknown\":\"a\"}",
        "{\"tcb_info\":\"a\",\"tcb_info\":\"a\"}"
      })
  void collateral_inAnotherForm_refused(String json) {
    assertThrows(MalformedException.class, () -> parse(json));
  }

  @Test
  void collateral_atItsLimit_parsedAndNotBeyond() throws MalformedException {
    String empty = "{\"tcb_info\":\"\"}";
    String filling = "a".repeat(Collateral.MAX_SIZE - empty.length());
    assertEquals(Collateral.MAX_SIZE, parse("{\"tcb_info\":\"" + filling + "\"}").toJson().size());
    assertThrows(MalformedException.class, () -> parse("{\"tcb_info\":\"" + filling + "a\"}"));
  }

  private static Collateral parse(String json) throws MalformedException {
    return Collateral.parse(Bytes.copyOf(json.getBytes(StandardCharsets.UTF_8)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"root_ca_crl", "pck_crl", "tcb_info_signature", "qe_identity_signature"})
  void member_withBlanksAndNulAround_isReadWithoutThem(String member) {
    collateral(c ->
            c.withMembers(members -> {
              members.computeIfPresent(member, (name, text) -> " \t" + text + "\r\n\0");
              return members;
            }))
        .assertAccepted();
  }

  @Test
  void rememberedSuccess_laterFaults_stillFound() {
    AttestationVerifier verifier = AttestationVerifier.of(Situation.ANCHOR);
    Situation good = tdx();
    assertInstanceOf(Verdict.Accepted.class, good.verdict(verifier));
    assertReason(Reason.COLLATERAL_EXPIRED, good.at(good.at().plus(Duration.ofDays(40))), verifier);
    assertReason(
        Reason.CERTIFICATE_REVOKED,
        collateral(c -> c.withPckCrl(crl -> crl.withRevoked(Situation.PLATFORM.serial()))),
        verifier);
    assertReason(
        Reason.COLLATERAL_MISSING, collateral(c -> c.withMembers(m -> Map.of())), verifier);
    assertReason(
        Reason.QUOTE_SIGNATURE_INVALID,
        good.withQuote(Tampering.xor(600, 1).apply(good.quote())),
        verifier);
    assertReason(
        Reason.ATTESTATION_KEY_BINDING_INVALID,
        good.withQuote(Tampering.xor(1220, 1).apply(good.quote())),
        verifier);
    assertInstanceOf(Verdict.Accepted.class, good.verdict(verifier));
  }

  @Test
  void rememberedFailure_laterSuccess_accepted() {
    AttestationVerifier verifier = AttestationVerifier.of(Situation.ANCHOR);
    Situation good = tdx();
    assertReason(
        Reason.TCB_INFO_SIGNATURE_INVALID,
        collateral(c -> c.withTcbInfo(d -> d.withSignature(s -> Bytes.zero(64)))),
        verifier);
    assertInstanceOf(Verdict.Accepted.class, good.verdict(verifier));
  }

  /// The chain in the collateral takes part in what is remembered.
  @Test
  void rememberedKey_otherChainInCollateral_judgedAnew() {
    AttestationVerifier verifier = AttestationVerifier.of(Situation.ANCHOR);
    Situation bare = tdx(QuoteFormat.TDX_V4, q -> q.withCertificationType(1));
    Bytes other = Situation.VENDOR.platform(PlatformRecipe.of("other")).pckChainPem();
    assertInstanceOf(
        Verdict.Accepted.class,
        withChain(bare, Situation.PLATFORM.pckChainPem()).verdict(verifier));
    assertReason(Reason.QE_REPORT_SIGNATURE_INVALID, withChain(bare, other), verifier);
    assertReason(Reason.UNSUPPORTED_CERTIFICATION_DATA, bare, verifier);
  }

  private static Situation withChain(Situation situation, Bytes chain) {
    String text = new String(chain.toArray(), StandardCharsets.US_ASCII);
    return situation.withCollateral(c ->
        c.withMembers(members -> {
          members.put("pck_certificate_chain", text);
          return members;
        }));
  }

  private static void assertReason(
      Reason expected, Situation situation, AttestationVerifier verifier) {
    assertEquals(
        expected, assertInstanceOf(Verdict.Rejected.class, situation.verdict(verifier)).reason());
  }

  @Test
  void namedProvider_forSignatures_givesTheSame() {
    Provider provider = Security.getProvider("SunEC");
    AttestationVerifier verifier = AttestationVerifier.of(Situation.ANCHOR, provider);
    assertEquals(tdx().verdict(), tdx().verdict(verifier));
    assertEquals("SunEC", verifier.signatureProvider());
  }

  @Test
  void noProvider_isThePlatformsOwn_andSaysSo() {
    assertEquals("SunEC", AttestationVerifier.of(Situation.ANCHOR).signatureProvider());
  }

  @Test
  void manyThreads_oneVerifier_agree() throws InterruptedException, ExecutionException {
    AttestationVerifier verifier = AttestationVerifier.of(Situation.ANCHOR);
    List<Situation> situations =
        List.of(
            tdx(),
            tdx(QuoteFormat.TDX_V5_15, q -> q),
            collateral(c -> c.withPlatformStatus("OutOfDate")),
            tdx().withQuote(Bytes.EMPTY));
    List<Future<Verdict>> running = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 64; i++) {
        Situation situation = situations.get(i % situations.size());
        running.add(threads.submit(() -> situation.verdict(verifier)));
      }
    }
    for (int i = 0; i < running.size(); i++) {
      assertEquals(situations.get(i % situations.size()).verdict(), running.get(i).get());
    }
  }
}
