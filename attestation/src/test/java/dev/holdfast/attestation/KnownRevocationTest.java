package dev.holdfast.attestation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.holdfast.simulator.CollateralRecipe;
import dev.holdfast.simulator.pki.Authority;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/// Whoever presents a quote brings the CRL from before its revocation. Spec:
/// docs/spec/attestation.md#crls
class KnownRevocationTest {
  private static final Situation GOOD = Situation.tdx();

  @Test
  void quote_revokedByAKnownCrl_isRefused() {
    assertRevoked(known(c -> c.withPckCrl(crl -> crl.withRevoked(Situation.PLATFORM.serial()))));
    for (Authority issuer : new Authority[] {Authority.PLATFORM_CA, Authority.TCB_SIGNING}) {
      assertRevoked(
          known(c -> c.withRootCrl(crl -> crl.withRevoked(Situation.VENDOR.serial(issuer)))));
    }
  }

  @Test
  void quote_revokedByAKnownCrlThatIsExpired_isRefused() {
    assertRevoked(
        known(c ->
            c.withPckCrl(crl ->
                crl.withRevoked(Situation.PLATFORM.serial())
                    .withUpdates(
                        Situation.NOW.minusSeconds(200_000),
                        Situation.NOW.minusSeconds(100_000)))));
  }

  @Test
  void quote_onNoKnownCrl_isAccepted() {
    assertAccepted(known(c -> c));
    assertAccepted(Optional.of(Collateral.none()));
  }

  @Test
  void serial_onAKnownCrlOfTheOtherCa_meansNothing() {
    assertAccepted(
        known(c ->
            c.withCa(Authority.PROCESSOR_CA)
                .withPckCrl(crl -> crl.withRevoked(Situation.PLATFORM.serial()))));
  }

  @Test
  void serial_onACrlThatIsNotAuthentic_meansNothing() {
    assertAccepted(
        known(c ->
            c.withPckCrl(crl ->
                crl.withRevoked(Situation.PLATFORM.serial())
                    .withSigner(Situation.VENDOR.key(Authority.TCB_SIGNING)))));
  }

  private static Optional<Collateral> known(UnaryOperator<CollateralRecipe> change) {
    return Optional.of(Situation.collateral(change).parsed());
  }

  private static Verdict judge(Optional<Collateral> known) {
    return Situation.VERIFIER
        .appraise(GOOD.quote(), GOOD.parsed(), known, GOOD.at())
        .judge(GOOD.policy());
  }

  private static void assertAccepted(Optional<Collateral> known) {
    assertInstanceOf(Verdict.Accepted.class, judge(known));
  }

  private static void assertRevoked(Optional<Collateral> known) {
    assertEquals(
        Reason.CERTIFICATE_REVOKED,
        assertInstanceOf(Verdict.Rejected.class, judge(known)).reason());
  }
}
