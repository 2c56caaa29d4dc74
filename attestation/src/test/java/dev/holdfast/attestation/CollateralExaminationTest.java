package dev.holdfast.attestation;

import static dev.holdfast.attestation.Situation.collateral;
import static dev.holdfast.attestation.Situation.tdx;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.attestation.CollateralExamination.Facts;
import dev.holdfast.attestation.CollateralExamination.Fault;
import dev.holdfast.attestation.UnverifiedQuote.PckCa;
import dev.holdfast.attestation.quote.Tee;
import dev.holdfast.codec.Bytes;
import dev.holdfast.simulator.CollateralRecipe;
import dev.holdfast.simulator.PlatformRecipe;
import dev.holdfast.simulator.pki.Authority;
import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class CollateralExaminationTest {
  private static final Instant ISSUED = Situation.NOW.minus(CollateralRecipe.BACKDATED);

  @Test
  void examine_authentic_saysWhatItIsFor() {
    Facts facts = facts(collateral(c -> c.withEvaluationNumber(19)));

    assertEquals(Tee.TDX, facts.tee());
    assertEquals(PlatformRecipe.DEFAULT_FMSPC, facts.fmspc());
    assertEquals(PckCa.PLATFORM, facts.pckCa());
    assertEquals(19, facts.tcbInfo().evaluationNumber());
    assertEquals(19, facts.qeIdentity().evaluationNumber());
    assertEquals(ISSUED, facts.tcbInfo().issueDate());
    assertEquals(ISSUED, facts.pckCrl().thisUpdate());
    assertEquals(ISSUED, facts.rootCrl().thisUpdate());
    assertEquals(ISSUED, facts.validFrom());
    assertEquals(ISSUED.plus(CollateralRecipe.VALIDITY), facts.validUntil());
  }

  @Test
  void examine_ofSgxAndProcessorCa_saysSo() {
    Bytes json = Situation.VENDOR.collateral(Situation.SGX.withCa(Authority.PROCESSOR_CA));
    Facts facts = assertInstanceOf(Facts.class, examine(parsed(json)));

    assertEquals(Tee.SGX, facts.tee());
    assertEquals(PckCa.PROCESSOR, facts.pckCa());
  }

  @Test
  void validity_ofOneDocumentShorter_endsWithIt() {
    Duration day = Duration.ofDays(1);
    Instant until = Situation.NOW.plus(day);
    Facts facts = facts(collateral(c -> c.withPckCrl(crl -> crl.withUpdates(ISSUED, until))));

    assertEquals(until, facts.validUntil());
    assertTrue(facts.isValidAt(until));
    assertFalse(facts.isValidAt(until.plusSeconds(1)));
    assertTrue(facts.isValidAt(ISSUED));
    assertFalse(facts.isValidAt(ISSUED.minusSeconds(1)));
  }

  @Test
  void validity_ofACertificateShorter_endsWithIt() {
    Instant until = Situation.NOW.plus(Duration.ofDays(2));
    Facts facts =
        facts(
            collateral(
                c -> c.withTcbInfo(d -> d.withCertificate(s -> s.withValidity(ISSUED, until)))));

    assertEquals(until, facts.validUntil());
  }

  @Test
  void examine_expired_isStillAuthentic() {
    assertFalse(facts(Situation.tdx().at(Instant.MAX)).issuerRevoked());
  }

  @ParameterizedTest
  @EnumSource(
      value = Authority.class,
      names = {"TCB_SIGNING", "PLATFORM_CA", "ROOT"})
  void examine_issuerRevokedByItsOwnRootCrl_isAuthenticAndSaysSo(Authority revoked) {
    assertTrue(
        facts(
                collateral(
                    c -> c.withRootCrl(crl -> crl.withRevoked(Situation.VENDOR.serial(revoked)))))
            .issuerRevoked());
  }

  @Test
  void examine_forgedDocument_isAFault() {
    assertFault(
        Reason.TCB_INFO_SIGNATURE_INVALID,
        c -> c.withTcbInfo(d -> d.withSignature(s -> Bytes.zero(64))));
  }

  @Test
  void examine_missingMember_isAFault() {
    assertFault(
        Reason.COLLATERAL_MISSING,
        c ->
            c.withMembers(members -> {
              members.remove("pck_crl");
              return members;
            }));
  }

  @Test
  void examine_identityOfTheOtherTechnology_isAFault() {
    assertFault(
        Reason.QE_IDENTITY_MISMATCH, c -> c.withQeIdentity(d -> Situation.SGX.qeIdentity()));
  }

  @Test
  void examine_otherRoot_isAFault() {
    Collateral foreign = parsed(Situation.OTHER_VENDOR.collateral(Situation.TDX));

    assertEquals(Reason.UNTRUSTED_ROOT, assertInstanceOf(Fault.class, examine(foreign)).reason());
  }

  @Test
  void withPckCertificateChain_added_isAMemberLikeOthers() throws Exception {
    Collateral plain = tdx().parsed();
    Collateral more = plain.withPckCertificateChain("chain");

    assertEquals(Collateral.parse(more.toJson()), more);
    assertEquals(more.toJson().sha256(), more.digest());
    assertEquals(more.digest(), more.inputDigest());
    assertFalse(plain.equals(more));
    assertEquals(examine(plain), examine(more));
  }

  private static void assertFault(Reason reason, UnaryOperator<CollateralRecipe> change) {
    Fault fault = assertInstanceOf(Fault.class, examine(collateral(change).parsed()));
    assertEquals(reason, fault.reason(), fault.detail());
  }

  private static Facts facts(Situation situation) {
    return assertInstanceOf(Facts.class, examine(situation.parsed()));
  }

  private static CollateralExamination examine(Collateral collateral) {
    return Situation.VERIFIER.examine(collateral);
  }

  private static Collateral parsed(Bytes json) {
    try {
      return Collateral.parse(json);
    } catch (dev.holdfast.codec.MalformedException e) {
      throw new AssertionError(e);
    }
  }
}
