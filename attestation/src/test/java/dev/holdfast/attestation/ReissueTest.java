package dev.holdfast.attestation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.holdfast.attestation.policy.AttestationPolicy;
import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import dev.holdfast.simulator.DevelopmentVendor;
import dev.holdfast.simulator.PlatformRecipe;
import dev.holdfast.simulator.pki.Authority;
import dev.holdfast.simulator.pki.CertificateRecipe;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/// Certificates that the vendor issued again for a name and key: there are two of Intel's root, and
/// two of its TCB signer. Spec: docs/spec/attestation.md#certificates
class ReissueTest {
  private static final Instant FROM = Situation.NOW.minus(Duration.ofDays(3));
  private static final Instant UNTIL = Situation.NOW.plus(Duration.ofDays(3));

  @Test
  void root_issuedAgainForItsKey_isTrusted() {
    assertInstanceOf(
        Verdict.Accepted.class, verdict(vendor(c -> c.withValidity(FROM, UNTIL)), Situation.NOW));
  }

  @Test
  void root_issuedAgain_isJudgedByItsOwnDates() {
    DevelopmentVendor vendor = vendor(c -> c.withValidity(FROM, UNTIL));
    assertReason(Reason.CERTIFICATE_EXPIRED, verdict(vendor, UNTIL.plusSeconds(1)));
    DevelopmentVendor future = vendor(c -> c.withValidity(UNTIL, UNTIL));
    assertReason(Reason.CERTIFICATE_NOT_YET_VALID, verdict(future, Situation.NOW));
  }

  @Test
  void root_ofTheNameWithAnotherKey_isNotTrusted() {
    assertReason(Reason.UNTRUSTED_ROOT, verdict(Situation.OTHER_VENDOR, Situation.NOW));
  }

  @Test
  void root_withTheKeyButNotSignedByIt_breaksTheChain() {
    assertReason(
        Reason.CERTIFICATE_CHAIN_INVALID,
        verdict(
            vendor(c ->
                c.withValidity(FROM, UNTIL)
                    .withSigner(Situation.VENDOR.key(Authority.PLATFORM_CA))),
            Situation.NOW));
  }

  @Test
  void root_withTheKeyUnderAnotherName_isNotTrusted() {
    assertReason(
        Reason.UNTRUSTED_ROOT,
        verdict(
            vendor(c -> c.withSubject("Intel SGX Root CA 2").withIssuer("Intel SGX Root CA 2")),
            Situation.NOW));
  }

  @Test
  void pckCertificate_ofAnotherOrganization_isInNoRole() {
    Situation renamed =
        Situation.onPlatform(p ->
            p.withCertificate(
                c -> c.withBody(body -> renamed(body, "Corporation", "Corporatiom"))));
    renamed.assertRejected(Reason.CERTIFICATE_CHAIN_INVALID);
    Situation same =
        Situation.onPlatform(p ->
            p.withCertificate(
                c -> c.withBody(body -> renamed(body, "Corporation", "Corporation"))));
    same.assertAccepted();
  }

  /// The two types of text differ in their tags, 0x0c and 0x13.
  @Test
  void pckCertificate_nameWrittenInTheOtherTypeOfText_isTheSame() {
    Situation.onPlatform(p ->
            p.withCertificate(c ->
                c.withBody(body ->
                    renamed(
                        body, "\u000c\u0011Intel Corporation", "\u0013\u0011Intel Corporation"))))
        .assertAccepted();
  }

  @Test
  void pckCertificate_forgedWithATellingName_isNotQuoted() {
    String name = "ALL IS GOOD";
    Verdict.Rejected rejected =
        Situation.onPlatform(p ->
                p.withCertificate(c ->
                    c.withSubject(name).withSigner(Situation.VENDOR.key(Authority.TCB_SIGNING))))
            .assertRejected(Reason.CERTIFICATE_CHAIN_INVALID);
    assertFalse(rejected.detail().contains(name), rejected.detail());
  }

  /// Replaces the last occurrence: in the subject, not in the issuer.
  private static Bytes renamed(Bytes body, String from, String to) {
    String text = new String(body.toArray(), StandardCharsets.ISO_8859_1);
    int at = text.lastIndexOf(from);
    return new ByteWriter()
        .bytes(body.slice(0, at))
        .bytes(to.getBytes(StandardCharsets.US_ASCII))
        .bytes(body.slice(at + from.length(), body.size() - at - from.length()))
        .toBytes();
  }

  private static DevelopmentVendor vendor(UnaryOperator<CertificateRecipe> change) {
    return Situation.VENDOR.withCertificate(Authority.ROOT, change);
  }

  private static Verdict verdict(DevelopmentVendor vendor, Instant at) {
    Situation situation =
        new Situation(
            vendor.platform(PlatformRecipe.of("node-a")).quote(Situation.TD, Situation.REPORT_DATA),
            vendor.collateral(Situation.TDX),
            AttestationPolicy.defaults(),
            at);
    return situation.verdict(AttestationVerifier.of(Situation.ANCHOR));
  }

  private static void assertReason(Reason expected, Verdict verdict) {
    assertEquals(expected, assertInstanceOf(Verdict.Rejected.class, verdict).reason());
  }
}
