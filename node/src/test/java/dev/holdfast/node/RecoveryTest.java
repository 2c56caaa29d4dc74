package dev.holdfast.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.attestation.AttestationVerifier;
import dev.holdfast.attestation.tcb.TcbStatus;
import dev.holdfast.codec.Bytes;
import dev.holdfast.node.model.Event;
import dev.holdfast.node.model.HttpReply;
import dev.holdfast.node.model.NodeState;
import dev.holdfast.node.model.ProviderStatus;
import dev.holdfast.node.model.Setback;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.EvidenceFloor;
import dev.holdfast.protocol.Posture;
import dev.holdfast.protocol.Problem;
import dev.holdfast.protocol.ProblemCode;
import dev.holdfast.protocol.Threshold;
import dev.holdfast.protocol.posture.Safeguards;
import dev.holdfast.simulator.DevelopmentVendor;
import dev.holdfast.simulator.PlatformRecipe;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

final class RecoveryTest {
  private static final Duration LONG = Duration.ofMinutes(3);

  /// A fleet of four, all ready, in which `a` was killed.
  private static Fleet withoutA(long seed) {
    Fleet fleet = Fleet.ready(seed, 4);
    fleet.get("a").kill();
    return fleet;
  }

  private static void assertStillRecovering(TestNode node) {
    assertEquals(NodeState.RECOVERING, node.snapshot().state());
    assertFalse(node.snapshot().storeOpen());
    assertFalse(node.snapshot().acceptsUserWrites());
    assertTrue(node.disk.manifest.isPresent());
    assertTrue(node.disk.store.isPresent());
    assertEquals(0, node.disk.setAside);
  }

  private static Optional<ProviderStatus> status(TestNode node, TestNode provider) {
    AccountId account = provider.account();
    return node.snapshot().providers().stream()
        .filter(status -> status.account().equals(account))
        .findFirst();
  }

  private static String code(TestNode node, TestNode provider) {
    return status(node, provider)
        .flatMap(ProviderStatus::setback)
        .map(Setback::code)
        .orElse("none");
  }

  private static Duration timeToOpen(Fleet fleet, TestNode node) {
    Instant start = fleet.now();
    fleet.runUntil(() -> node.snapshot().storeOpen());
    return Duration.between(start, fleet.now());
  }

  @Test
  void tamperedImage_withTheDiskOfAnother_isRefusedByAllWithTheReason() {
    Fleet fleet = withoutA(1);
    TestNode thief = fleet.node("x");
    thief.disk = fleet.get("a").disk.copy();
    thief.image = "tampered";
    thief.start();
    fleet.runFor(LONG);
    assertStillRecovering(thief);
    String sentence = thief.snapshot().sentence();
    assertTrue(sentence.contains("node-b refused: measurement-mismatch"), sentence);
    for (ProviderStatus provider : thief.snapshot().providers()) {
      Setback setback = provider.setback().orElseThrow();
      assertEquals(ProblemCode.EVIDENCE_REFUSED.code(), setback.code());
      assertTrue(setback.detail().startsWith("measurement-mismatch"), setback.detail());
    }
  }

  @Test
  void wrongShare_fromOneProvider_isNamedAndTheOthersGoOn() {
    Fleet fleet = withoutA(2);
    TestNode a = fleet.get("a");
    TestNode b = fleet.get("b");
    AccountId account = a.disk.store.orElseThrow().name.account();
    b.disk.store.orElseThrow().spoilShare(account);
    fleet.get("c").kill();
    a.start();
    fleet.runUntil(() -> code(a, b).equals(Setback.WRONG_SHARE));
    assertStillRecovering(a);
    assertTrue(a.snapshot().sentence().contains("node-b failed: wrong-share"));
    AccountId liar = b.account();
    assertTrue(
        a.reported(event ->
            event instanceof Event.ProviderFailed failed
                && failed.provider().equals(liar)
                && failed.setback().code().equals(Setback.WRONG_SHARE)));
    fleet.get("c").start();
    fleet.runUntil(() -> a.snapshot().storeOpen());
    fleet.runUntil(() -> a.snapshot().state() == NodeState.READY);
    a.kill();
    fleet.get("d").kill();
    a.start();
    fleet.runUntil(() -> a.snapshot().storeOpen());
  }

  @Test
  void provider_down_costsNothing() {
    Fleet fleet = withoutA(3);
    fleet.get("c").kill();
    fleet.get("a").start();
    Duration time = timeToOpen(fleet, fleet.get("a"));
    assertTrue(time.toMillis() < 200, time.toString());
  }

  @Test
  void provider_silent_costsTheHedgeOnly() {
    Fleet fleet = withoutA(4);
    fleet.get("c").fault = _ -> Optional.empty();
    fleet.get("a").start();
    Duration time = timeToOpen(fleet, fleet.get("a"));
    assertTrue(time.toMillis() < 300, time.toString());
  }

  @Test
  void provider_refusing_costsNothing() {
    assertRecoversWith(5, _ -> Optional.of(problem(ProblemCode.BUSY)));
  }

  @Test
  void provider_answeringGarbage_costsNothing() {
    Bytes garbage = Bytes.copyOf("<html>".getBytes(StandardCharsets.US_ASCII));
    assertRecoversWith(6, _ -> Optional.of(new HttpReply.Answered(200, garbage)));
    assertRecoversWith(7, _ -> Optional.of(new HttpReply.Answered(500, garbage)));
    assertRecoversWith(8, _ -> Optional.of(new HttpReply.Answered(302, Bytes.EMPTY)));
  }

  private static void assertRecoversWith(long seed, UnaryOperator<Optional<HttpReply>> fault) {
    Fleet fleet = withoutA(seed);
    fleet.get("c").fault = fault;
    fleet.get("a").start();
    Duration time = timeToOpen(fleet, fleet.get("a"));
    assertTrue(time.toMillis() < 200, time.toString());
  }

  private static HttpReply problem(ProblemCode code) {
    return new HttpReply.Answered(code.status(), Problem.of(code).toBytes());
  }

  @Test
  void provider_sealingToAnother_isNamed() {
    Fleet fleet = withoutA(9);
    TestNode c = fleet.get("c");
    c.fault =
        reply ->
            reply.map(r ->
                r instanceof HttpReply.Answered answered
                        && text(answered.body()).contains("release-answer")
                    ? new HttpReply.Answered(200, spoil(answered.body()))
                    : r);
    fleet.get("b").kill();
    TestNode a = fleet.get("a");
    a.start();
    fleet.runUntil(() -> code(a, c).equals(Setback.ANSWER_MALFORMED));
    assertStillRecovering(a);
    c.fault = UnaryOperator.identity();
    fleet.runUntil(() -> a.snapshot().storeOpen());
  }

  private static String text(Bytes bytes) {
    return new String(bytes.toArray(), StandardCharsets.UTF_8);
  }

  /// Changes a byte in the middle of the sealed text.
  private static Bytes spoil(Bytes json) {
    byte[] array = json.toArray();
    int middle = array.length / 2;
    array[middle] = (byte) (array[middle] == 'A' ? 'B' : 'A');
    return Bytes.copyOf(array);
  }

  @Test
  void allProviders_silentForLong_areAskedAgainUntilTheyAnswer() {
    Fleet fleet = withoutA(10);
    for (String name : List.of("b", "c", "d")) {
      fleet.get(name).fault = _ -> Optional.empty();
    }
    TestNode a = fleet.get("a");
    a.start();
    fleet.runFor(Duration.ofMinutes(20));
    assertStillRecovering(a);
    assertEquals(Setback.SILENT, code(a, fleet.get("b")));
    for (String name : List.of("b", "c", "d")) {
      fleet.get(name).fault = UnaryOperator.identity();
    }
    assertTrue(timeToOpen(fleet, a).toSeconds() < 30);
  }

  @Test
  void latecomer_comesIntoASecondQuote() {
    Fleet fleet = withoutA(11);
    fleet.get("b").kill();
    fleet.get("c").fault = _ -> Optional.empty();
    TestNode a = fleet.get("a");
    int before = a.quotes;
    a.start();
    TestNode d = fleet.get("d");
    fleet.runUntil(() ->
        status(a, d).filter(s -> s.progress() == ProviderStatus.Progress.RELEASED).isPresent());
    assertStillRecovering(a);
    assertEquals(before + 1, a.quotes);
    fleet.get("c").fault = UnaryOperator.identity();
    fleet.runUntil(() -> a.snapshot().storeOpen());
    assertEquals(before + 2, a.quotes);
  }

  @Test
  void twoNodes_killedTogether_recoverTogether() {
    Fleet fleet = withoutA(12);
    fleet.get("b").kill();
    fleet.get("a").start();
    fleet.get("b").start();
    fleet.runUntil(
        () -> fleet.nodes.values().stream().allMatch(n -> n.snapshot().state() == NodeState.READY));
    assertEquals(2, fleet.get("a").snapshot().self().instance());
    assertEquals(2, fleet.get("b").snapshot().self().instance());
  }

  @Test
  void movedProvider_isFoundThroughTheRegistry() {
    Fleet fleet = withoutA(13);
    TestNode c = fleet.get("c");
    c.kill();
    c.endpoint = Fleet.endpoint(99);
    c.start();
    fleet.runUntil(() -> c.snapshot().storeOpen());
    fleet.runFor(Duration.ofSeconds(1));
    fleet.get("b").kill();
    TestNode a = fleet.get("a");
    a.start();
    fleet.runUntil(() -> a.snapshot().storeOpen());
    assertEquals(c.endpoint, status(a, c).orElseThrow().endpoint());
  }

  @Test
  void registry_withoutAnybody_stopsNoRecovery() {
    Fleet fleet = withoutA(14);
    fleet.registry.clear();
    fleet.showRegistry();
    TestNode a = fleet.get("a");
    a.start();
    assertTrue(timeToOpen(fleet, a).toMillis() < 300);
  }

  @Test
  void lowerThreshold_isRefusedAsAnotherPosture() {
    assertPostureRefused(15, Fleet.posture(1, 1));
  }

  @Test
  void widerFloor_isRefusedAsAnotherPosture() {
    Posture own = Fleet.posture(2, 3);
    EvidenceFloor wider =
        new EvidenceFloor(List.of(TcbStatus.UP_TO_DATE, TcbStatus.OUT_OF_DATE), List.of(), 0);
    assertPostureRefused(
        16,
        new Posture(
            own.trustAnchor(), true, own.threshold(), wider, false, false, Safeguards.DEFAULT));
  }

  private static void assertPostureRefused(long seed, Posture posture) {
    Fleet fleet = withoutA(seed);
    TestNode a = fleet.get("a");
    a.posture = posture;
    a.start();
    fleet.runFor(LONG);
    assertStillRecovering(a);
    for (String name : List.of("b", "c", "d")) {
      assertEquals(ProblemCode.POSTURE_MISMATCH.code(), code(a, fleet.get(name)));
    }
  }

  @Test
  void otherVendorsAnchor_isRefusedAsAnotherPosture() {
    Fleet fleet = withoutA(17);
    DevelopmentVendor other =
        DevelopmentVendor.generate(Fleet.seeded(99), Fleet.START.minus(Duration.ofDays(30)));
    TestNode a = fleet.get("a");
    a.verifier = AttestationVerifier.of(Fleet.anchor(other));
    a.posture =
        new Posture(
            Fleet.anchor(other).digest(),
            true,
            Threshold.DEFAULT,
            EvidenceFloor.defaults(),
            false,
            false,
            Safeguards.DEFAULT);
    a.platform = other.platform(PlatformRecipe.of("machine-a"));
    a.collateral = Fleet.collateral(other);
    a.start();
    fleet.runFor(LONG);
    assertStillRecovering(a);
    assertEquals(ProblemCode.POSTURE_MISMATCH.code(), code(a, fleet.get("b")));
  }

  @Test
  void otherVendorsQuote_underTheRightPosture_isRefusedAsEvidence() {
    Fleet fleet = withoutA(18);
    DevelopmentVendor other =
        DevelopmentVendor.generate(Fleet.seeded(99), Fleet.START.minus(Duration.ofDays(30)));
    TestNode a = fleet.get("a");
    a.verifier = AttestationVerifier.of(Fleet.anchor(other));
    a.platform = other.platform(PlatformRecipe.of("machine-a"));
    a.collateral = Fleet.collateral(other);
    a.start();
    fleet.runFor(LONG);
    assertStillRecovering(a);
    assertEquals(ProblemCode.EVIDENCE_REFUSED.code(), code(a, fleet.get("b")));
  }

  @Test
  void ownQuote_thatOwnVerifierRefuses_isSaid() {
    Fleet fleet = withoutA(19);
    TestNode a = fleet.get("a");
    a.platform =
        Fleet.theVendor()
            .platform(
                PlatformRecipe.of("machine-a")
                    .withFmspc(Bytes.copyOf(new byte[] {1, 2, 3, 4, 5, 6})));
    a.start();
    fleet.runFor(LONG);
    assertStillRecovering(a);
    assertTrue(a.snapshot().sentence().contains("fmspc-mismatch"), a.snapshot().sentence());
  }

  @Test
  void quoteDevice_failingAtFirst_isAskedAgain() {
    Fleet fleet = withoutA(20);
    TestNode a = fleet.get("a");
    a.failQuotes = 3;
    a.start();
    fleet.runUntil(() -> a.snapshot().storeOpen());
    assertEquals(0, a.failQuotes);
  }

  @Test
  void storeOfAnotherAccount_isNotOpened() {
    Fleet fleet = withoutA(21);
    TestNode a = fleet.get("a");
    a.disk.store = fleet.get("b").disk.copy().store;
    a.start();
    fleet.runFor(LONG);
    assertStillRecovering(a);
    Setback setback = a.snapshot().setback().orElseThrow();
    assertEquals(Setback.STORE_FAILED, setback.code());
    assertTrue(setback.detail().startsWith("wrong-account"), setback.detail());
  }

  @Test
  void nodeRecordOfAnotherAccount_isNotUsed() {
    Fleet fleet = withoutA(22);
    TestNode a = fleet.get("a");
    a.disk.store.orElseThrow().nodeRecord = fleet.get("b").disk.store.orElseThrow().nodeRecord;
    a.start();
    fleet.runFor(LONG);
    assertStillRecovering(a);
    String detail = a.snapshot().setback().orElseThrow().detail();
    assertTrue(detail.startsWith("wrong-account"), detail);
  }

  @Test
  void missingStore_isSaidAndNotReplaced() {
    Fleet fleet = withoutA(23);
    TestNode a = fleet.get("a");
    a.disk.store = Optional.empty();
    a.start();
    fleet.runFor(LONG);
    assertEquals(NodeState.RECOVERING, a.snapshot().state());
    assertEquals("missing: fake store", a.snapshot().setback().orElseThrow().detail());
    assertTrue(a.disk.store.isEmpty());
  }

  @Test
  void storeWithoutManifest_isSaidAndNotReplaced() {
    Fleet fleet = withoutA(24);
    TestNode a = fleet.get("a");
    a.disk.manifest = Optional.empty();
    a.start();
    fleet.runFor(LONG);
    assertEquals(NodeState.RECOVERING, a.snapshot().state());
    assertEquals(Setback.MANIFEST_MISSING, a.snapshot().setback().orElseThrow().code());
    assertTrue(a.disk.store.isPresent());
    assertEquals(0, a.disk.setAside);
  }

  @Test
  void manifestOverAStoreWithAnotherKey_isNotOpened() {
    Fleet fleet = withoutA(25);
    TestNode a = fleet.get("a");
    Disk.Store other = fleet.get("b").disk.copy().store.orElseThrow();
    other.name = a.disk.store.orElseThrow().name;
    a.disk.store = Optional.of(other);
    a.start();
    fleet.runFor(LONG);
    assertStillRecovering(a);
    assertTrue(a.snapshot().setback().orElseThrow().detail().startsWith("wrong-key"));
  }
}
