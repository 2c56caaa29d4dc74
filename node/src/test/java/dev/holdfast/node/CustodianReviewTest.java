package dev.holdfast.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.holdfast.attestation.AttestationVerifier;
import dev.holdfast.attestation.policy.Measurement;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.Crypto;
import dev.holdfast.crypto.EnvelopeKeys;
import dev.holdfast.crypto.Labels;
import dev.holdfast.node.model.CustodyStatus;
import dev.holdfast.node.model.Input;
import dev.holdfast.node.work.CustodianReview;
import dev.holdfast.node.work.CustodianReview.Evidence;
import dev.holdfast.node.work.CustodianReview.RefusedException;
import dev.holdfast.node.work.CustodianReview.Remembered;
import dev.holdfast.protocol.Origin;
import dev.holdfast.protocol.ReleasePolicy;
import dev.holdfast.protocol.SharingTerms;
import dev.holdfast.protocol.custody.CustodianKey;
import dev.holdfast.protocol.custody.Custody;
import dev.holdfast.protocol.custody.CustodyRequest;
import dev.holdfast.protocol.run.StoreMark;
import dev.holdfast.protocol.statement.ReleaseStatement;
import dev.holdfast.protocol.statement.SignedStatement;
import dev.holdfast.simulator.DevelopmentVendor;
import dev.holdfast.simulator.TdRecipe;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Every check of a custodian, each with a request in which only that one thing is wrong and a
/// genuine VM has quoted the rest anew.
final class CustodianReviewTest {
  private static Fleet fleet;
  private static TestNode node;
  private static CustodyRequest good;

  @BeforeAll
  static void aLockedNodeAsks() {
    fleet = Fleet.ready(421, 4, Fleet.custodianPosture());
    node = fleet.get("a");
    fleet.nodes.values().forEach(TestNode::kill);
    node.start();
    fleet.runFor(Duration.ofSeconds(10));
    node.post(new Input.CustodyRequested());
    fleet.runFor(Duration.ofSeconds(10));
    good = node.snapshot().custody().flatMap(CustodyStatus::request).orElseThrow();
  }

  /// A request of the same VM, with another part, and a quote over it all.
  private static CustodyRequest quoted(
      SharingTerms terms, Custody custody, CustodyRequest.Asked asked, String image) {
    Bytes quote =
        node.platform.quote(
            TdRecipe.ofImage(image), CustodyRequest.reportData(terms, custody, asked));
    return new CustodyRequest(
        good.posture(),
        terms,
        custody,
        good.originCollateral(),
        asked,
        new CustodyRequest.Shown(quote, good.shown().collateral(), Optional.empty()));
  }

  private static CustodyRequest quoted(SharingTerms terms) {
    return quoted(terms, good.custody(), good.asked(), "app");
  }

  private static CustodyRequest shown(Optional<Bytes> statement) {
    return unquoted(
        good.asked(),
        new CustodyRequest.Shown(good.shown().quote(), good.shown().collateral(), statement));
  }

  /// The request with other parts, under evidence that was not made for them.
  private static CustodyRequest unquoted(CustodyRequest.Asked asked, CustodyRequest.Shown shown) {
    return new CustodyRequest(
        good.posture(), good.terms(), good.custody(), good.originCollateral(), asked, shown);
  }

  private static SharingTerms terms(ReleasePolicy policy, Origin origin) {
    SharingTerms t = good.terms();
    return new SharingTerms(
        t.depositor(),
        t.generation(),
        t.storeId(),
        t.threshold(),
        t.commitments(),
        policy,
        t.posture(),
        t.tokenKey(),
        origin);
  }

  private static CustodianReview review(CustodyRequest request) {
    return new CustodianReview(fleet.crypto, Fleet.theVerifier(), request);
  }

  private static Evidence evidence(CustodyRequest request) throws RefusedException {
    return review(request).evidence(fleet.now(), Remembered.NOTHING, false);
  }

  private static String code(CustodyRequest request) {
    return assertThrows(RefusedException.class, () -> evidence(request)).code();
  }

  private static String approvalCode(CustodyRequest request, int custodian) throws Exception {
    evidence(request);
    try (EnvelopeKeys keys = Fleet.custodian(custodian)) {
      return assertThrows(RefusedException.class, () -> review(request).approve(keys)).code();
    }
  }

  private static Bytes statement(long serial, int... keys) {
    Measurement all = TestNode.measurement(TdRecipe.ofImage("app"));
    Measurement pinned =
        new Measurement(all.mrTd(), Optional.empty(), all.rtmr1(), all.rtmr2(), Optional.empty());
    ReleaseStatement.Image image =
        new ReleaseStatement.Image("app", "1", ReleaseStatement.Use.RUN, pinned);
    Instant end = Fleet.START.plus(Duration.ofDays(30));
    SignedStatement signed =
        SignedStatement.unsigned(
            new ReleaseStatement(serial, Fleet.START, end, List.of(image)).toBytes());
    for (int key : keys) {
      signed =
          signed.signedBy(fleet.crypto, Fleet.releaseKey(key), Labels.RELEASE_STATEMENT_SIGNATURE);
    }
    return signed.toBytes();
  }

  @Test
  void request_ofALockedNode_isApproved() throws Exception {
    Evidence evidence = evidence(CustodyRequest.parse(good.toBytes()));
    assertEquals(0, evidence.statement());
    assertEquals(good.reportData(), evidence.asking().reportData());
    try (EnvelopeKeys keys = Fleet.custodian(1)) {
      assertEquals(good.asked().requestId(), review(good).approve(keys).to().requestId());
    }
  }

  @Test
  void request_quotedAnew_isAsGoodAsTheNodesOwn() throws Exception {
    evidence(quoted(good.terms()));
  }

  @Test
  void verifier_ofAnotherRoot_refuses() {
    DevelopmentVendor other =
        DevelopmentVendor.generate(Fleet.seeded(9), Fleet.START.minus(Duration.ofDays(30)));
    CustodianReview review =
        new CustodianReview(fleet.crypto, AttestationVerifier.of(Fleet.anchor(other)), good);
    RefusedException refused =
        assertThrows(
            RefusedException.class, () -> review.evidence(fleet.now(), Remembered.NOTHING, false));
    assertEquals("trust-anchor-mismatch", refused.code());
  }

  @Test
  void image_otherThanThePolicys_isRefused() {
    assertEquals(
        "evidence-refused", code(quoted(good.terms(), good.custody(), good.asked(), "evil")));
  }

  @Test
  void responseKey_otherThanTheQuoted_isRefused() {
    try (EnvelopeKeys host = Crypto.bouncyCastle(Fleet.seeded(5)).generateEnvelopeKeys()) {
      CustodyRequest.Asked asked =
          new CustodyRequest.Asked(good.asked().requestId(), host.publicKey(), good.asked().mark());
      assertEquals("evidence-refused", code(unquoted(asked, good.shown())));
    }
  }

  @Test
  void storeMark_otherThanTheQuoted_isRefused() {
    StoreMark mark = good.asked().mark();
    StoreMark later =
        new StoreMark(
            mark.storeVersion() + 1, mark.storeMac(), mark.ledgerVersion(), mark.ledgerMac());
    CustodyRequest.Asked asked =
        new CustodyRequest.Asked(good.asked().requestId(), good.asked().responseKey(), later);
    assertEquals("evidence-refused", code(unquoted(asked, good.shown())));
  }

  @Test
  void collateral_outOfDate_isRefused() {
    RefusedException refused =
        assertThrows(
            RefusedException.class,
            () ->
                review(good)
                    .evidence(fleet.now().plus(Duration.ofDays(400)), Remembered.NOTHING, false));
    assertEquals("evidence-refused", refused.code());
  }

  /// The host's own image, named in the terms beside the genuine one: its evidence is fine then,
  /// and the share was not given under these terms.
  @Test
  void policy_widenedByTheCarrier_getsNoShare() throws Exception {
    List<Measurement> both = new ArrayList<>(good.terms().policy().measurements());
    Measurement evil = TestNode.measurement(TdRecipe.ofImage("evil"));
    both.add(
        new Measurement(
            evil.mrTd(), Optional.empty(), evil.rtmr1(), evil.rtmr2(), Optional.empty()));
    ReleasePolicy policy =
        new ReleasePolicy(both, good.terms().policy().statements(), good.terms().policy().floor());
    SharingTerms widened = terms(policy, good.terms().origin());
    CustodyRequest request = quoted(widened, good.custody(), good.asked(), "evil");
    assertEquals("terms-changed", approvalCode(request, 1));
  }

  @Test
  void origin_ofAnotherImage_isRefused() {
    Origin genuine = good.terms().origin();
    SharingTerms unquoted = terms(good.terms().policy(), genuine);
    Bytes quote = node.platform.quote(TdRecipe.ofImage("evil"), unquoted.originReportData());
    Origin planted = new Origin(genuine.birth(), quote, genuine.collateralDigest());
    assertEquals("origin-refused", code(quoted(terms(good.terms().policy(), planted))));
  }

  @Test
  void threshold_lowered_isRefused() {
    Custody.Terms lower = new Custody.Terms(1, good.custody().terms().commitments());
    Custody custody = new Custody(lower, good.custody().shares());
    assertEquals("custodians-mismatch", code(quoted(good.terms(), custody, good.asked(), "app")));
  }

  @Test
  void custodian_leftOut_isRefused() {
    Custody.Terms fewer = new Custody.Terms(2, good.custody().terms().commitments().subList(0, 2));
    Custody custody = new Custody(fewer, good.custody().shares().subList(0, 2));
    assertEquals("custodians-mismatch", code(quoted(good.terms(), custody, good.asked(), "app")));
  }

  @Test
  void share_ofAnotherCustodian_isRefused() throws Exception {
    List<Custody.Sealed> shares = new ArrayList<>(good.custody().shares());
    Custody.Sealed first = shares.get(0);
    Custody.Sealed second = shares.get(1);
    shares.set(0, new Custody.Sealed(first.custodian(), second.share()));
    shares.set(1, new Custody.Sealed(second.custodian(), first.share()));
    Custody custody = new Custody(good.custody().terms(), shares);
    CustodyRequest request = quoted(good.terms(), custody, good.asked(), "app");
    int swapped = custodianOf(first.custodian());
    assertEquals("share-changed", approvalCode(request, swapped));
  }

  private static int custodianOf(Bytes fingerprint) {
    for (int number = 1; number <= 3; number++) {
      try (EnvelopeKeys keys = Fleet.custodian(number)) {
        if (new CustodianKey(keys.publicKey()).fingerprint().equals(fingerprint)) {
          return number;
        }
      }
    }
    throw new AssertionError("no custodian of the fleet");
  }

  @Test
  void key_ofAStranger_isRefused() throws Exception {
    assertEquals("not-a-custodian", approvalCode(good, 7));
  }

  @Test
  void store_olderThanApprovedBefore_isRefusedUnlessSaidSo() throws Exception {
    StoreMark mark = good.asked().mark();
    for (Remembered later :
        List.of(
            new Remembered(2, 0, 0, 0),
            new Remembered(1, mark.storeVersion() + 1, 0, 0),
            new Remembered(1, 0, mark.ledgerVersion() + 1, 0))) {
      RefusedException refused =
          assertThrows(
              RefusedException.class, () -> review(good).evidence(fleet.now(), later, false));
      assertEquals("store-old", refused.code());
      review(good).evidence(fleet.now(), later, true);
    }
  }

  @Test
  void memory_afterAnApproval_isOfWhatWasApproved() throws Exception {
    Remembered after = Remembered.NOTHING.after(good, evidence(good));
    StoreMark mark = good.asked().mark();
    assertEquals(new Remembered(1, mark.storeVersion(), mark.ledgerVersion(), 0), after);
    review(good).evidence(fleet.now(), after, false);
  }

  @Test
  void statement_signedByTooFew_isRefused() throws Exception {
    assertEquals(5, evidence(shown(Optional.of(statement(5, 1, 2)))).statement());
    assertEquals("statement-refused", code(shown(Optional.of(statement(5, 1)))));
  }

  @Test
  void statement_leftOutOrOlderThanSeen_isRefused() throws Exception {
    Remembered seen = new Remembered(1, 0, 0, 5);
    review(shown(Optional.of(statement(5, 1, 2)))).evidence(fleet.now(), seen, false);
    for (Optional<Bytes> older :
        List.of(Optional.<Bytes>empty(), Optional.of(statement(4, 1, 2)))) {
      RefusedException refused =
          assertThrows(
              RefusedException.class, () -> review(shown(older)).evidence(fleet.now(), seen, true));
      assertEquals("statement-old", refused.code());
    }
  }

  @Test
  void posture_otherThanTheTerms_isNotParsed() {
    CustodyRequest other =
        new CustodyRequest(
            Fleet.posture(2, 3),
            good.terms(),
            good.custody(),
            good.originCollateral(),
            good.asked(),
            good.shown());
    MalformedException refused =
        assertThrows(MalformedException.class, () -> CustodyRequest.parse(other.toBytes()));
    assertEquals("$.posture", refused.field());
  }

  @Test
  void originCollateral_otherThanTheOriginNames_isNotParsed() {
    CustodyRequest other =
        new CustodyRequest(
            good.posture(),
            good.terms(),
            good.custody(),
            Fleet.collateral(
                DevelopmentVendor.generate(
                    Fleet.seeded(9), Fleet.START.minus(Duration.ofDays(30)))),
            good.asked(),
            good.shown());
    MalformedException refused =
        assertThrows(MalformedException.class, () -> CustodyRequest.parse(other.toBytes()));
    assertEquals("$.originCollateral", refused.field());
  }
}
