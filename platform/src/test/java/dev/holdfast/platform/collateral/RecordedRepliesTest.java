package dev.holdfast.platform.collateral;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.attestation.Appraisal;
import dev.holdfast.attestation.AttestationVerifier;
import dev.holdfast.attestation.Collateral;
import dev.holdfast.attestation.CollateralExamination;
import dev.holdfast.attestation.CollateralExamination.Facts;
import dev.holdfast.attestation.Signatures;
import dev.holdfast.attestation.TrustAnchor;
import dev.holdfast.attestation.Verdict;
import dev.holdfast.attestation.policy.AttestationPolicy;
import dev.holdfast.attestation.quote.Tee;
import dev.holdfast.codec.Bytes;
import java.io.IOException;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Real quotes judged with what Intel's service said, over a socket.
final class RecordedRepliesTest {
  private static final AttestationVerifier VERIFIER = AttestationVerifier.of(TrustAnchor.intel());

  private MockPccs pccs;

  @BeforeEach
  void startServer() throws IOException {
    Recordings.assumePresent();
    pccs = MockPccs.start();
  }

  @AfterEach
  void stopServer() {
    if (pccs != null) {
      pccs.close();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "intel-2025-05-27, tdx-v4-google-cos113, STANDARD, 17, 17",
    "intel-2025-05-27, sgx-v3-zkdcap, STANDARD, 17, 17",
  })
  void realQuote_fetchedCollateral_isJudgedByIt(
      String recording, String quote, TcbUpdate.Channel update, int tcbNumber, int qeNumber)
      throws Exception {
    Instant at = Recordings.serve(pccs, recording);
    Bytes bytes = Recordings.quote(quote);
    try (CollateralService service = service(at)) {
      QuoteNeed need = QuoteNeed.of(bytes, update, service).orElseThrow();
      Collateral collateral = service.collateral(need.key());

      Facts facts = assertInstanceOf(Facts.class, VERIFIER.examine(collateral));
      assertEquals(tcbNumber, facts.tcbInfo().evaluationNumber());
      assertEquals(qeNumber, facts.qeIdentity().evaluationNumber());
      assertTrue(facts.isValidAt(at), facts::toString);
      assertTrue(need.key().fits(facts), facts::toString);
      assertJudged(VERIFIER.appraise(bytes, collateral, at));
    }
  }

  private static void assertJudged(Appraisal appraisal) {
    switch (appraisal.judge(AttestationPolicy.defaults())) {
      case Verdict.Accepted accepted -> assertTrue(accepted.tcb().evaluationNumber() > 0);
      case Verdict.Rejected rejected -> {
        assertEquals(Signatures.VALID, rejected.signatures(), rejected::toString);
        assertTrue(rejected.tcb().isPresent(), rejected::toString);
      }
    }
  }

  @Test
  void rootCrl_ofIntelsOtherHost_isTheOneOfTheCache() throws Exception {
    Instant at = Recordings.serve(pccs, "intel-2023-06-18");
    pccs.put(MockPccs.ROOT_CRL, pccs.answer("/IntelSGXRootCA.der"));
    Bytes bytes = Recordings.quote("tdx-v4-openenclave-2023");
    try (CollateralService service = service(at)) {
      QuoteNeed need = QuoteNeed.of(bytes, TcbUpdate.Channel.STANDARD, service).orElseThrow();

      Collateral collateral = service.collateral(need.key());

      assertInstanceOf(Facts.class, VERIFIER.examine(collateral));
      assertJudged(VERIFIER.appraise(bytes, collateral, at));
    }
  }

  @Test
  void collateral_oldInterface_isReadToo() throws Exception {
    Instant at = Recordings.serve(pccs, "intel-2025-05-27");
    for (String path : new String[] {"rootcacrl", "pckcrl?ca=processor&encoding=der"}) {
      pccs.put("/sgx/certification/v3/" + path, pccs.answer("/sgx/certification/v4/" + path));
    }
    try (CollateralService service =
        new CollateralService(
            pccs.url("/sgx/certification/v3/"),
            CollateralService.Options.defaults(),
            () -> at,
            Vendor.realTicker())) {
      Bytes bytes = Recordings.quote("sgx-v3-zkdcap");
      QuoteNeed need = QuoteNeed.of(bytes, TcbUpdate.Channel.STANDARD, service).orElseThrow();

      CollateralExamination examined = VERIFIER.examine(service.collateral(need.key()));

      assertEquals(Tee.SGX, assertInstanceOf(Facts.class, examined).tee());
    }
  }

  @Test
  void evaluationNumbers_recorded_areRead() throws Exception {
    Instant at = Recordings.serve(pccs, "intel-2025-05-27");
    try (CollateralService service = service(at)) {
      for (Tee tee : Tee.values()) {
        String text = service.evaluationNumbers(tee).text();
        assertTrue(text.startsWith("{\"id\":\"" + tee + "\""), text);
      }
    }
  }

  private CollateralService service(Instant at) {
    return new CollateralService(
        pccs.url(), CollateralService.Options.defaults(), () -> at, Vendor.realTicker());
  }
}
