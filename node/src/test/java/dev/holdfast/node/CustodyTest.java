package dev.holdfast.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.codec.Bytes;
import dev.holdfast.crypto.EnvelopeKeys;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.node.model.CustodyStatus;
import dev.holdfast.node.model.Event;
import dev.holdfast.node.model.Input;
import dev.holdfast.node.model.NodeState;
import dev.holdfast.node.model.Setback;
import dev.holdfast.node.work.CustodianReview;
import dev.holdfast.node.work.CustodianReview.Remembered;
import dev.holdfast.protocol.custody.Custody;
import dev.holdfast.protocol.custody.CustodyApproval;
import dev.holdfast.protocol.custody.CustodyRequest;
import dev.holdfast.protocol.manifest.Manifest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// All nodes are down at once, and custodians open as many as it takes for them to open the others.
final class CustodyTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  private static Fleet fleet(long seed) {
    return Fleet.ready(seed, 4, Fleet.custodianPosture());
  }

  private static void blackout(Fleet fleet) {
    fleet.nodes.values().forEach(TestNode::kill);
    fleet.nodes.values().forEach(TestNode::start);
    fleet.runFor(SOON);
    fleet.nodes.values().forEach(CustodyTest::assertLocked);
  }

  private static void assertLocked(TestNode node) {
    assertEquals(NodeState.RECOVERING, node.snapshot().state(), node.snapshot().sentence());
    assertFalse(node.snapshot().storeOpen());
  }

  private static CustodyStatus custody(TestNode node) {
    return node.snapshot().custody().orElseThrow();
  }

  private static CustodyRequest request(TestNode node) {
    long before = custody(node).requested();
    node.post(new Input.CustodyRequested());
    node.fleet.runUntil(() -> custody(node).requested() > before);
    return custody(node).request().orElseThrow();
  }

  static CustodyApproval approval(Fleet fleet, CustodyRequest request, int custodian) {
    try (EnvelopeKeys keys = Fleet.custodian(custodian)) {
      CustodyRequest carried = CustodyRequest.parse(request.toBytes());
      CustodianReview review = new CustodianReview(fleet.crypto, Fleet.theVerifier(), carried);
      review.evidence(fleet.now(), Remembered.NOTHING, false);
      return CustodyApproval.parse(review.approve(keys).toBytes());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static void bring(TestNode node, CustodyApproval approval) {
    Optional<Long> before = node.snapshot().custody().map(CustodyStatus::judged);
    node.post(new Input.CustodyApproved(approval));
    node.fleet.runUntil(() -> !node.snapshot().custody().map(CustodyStatus::judged).equals(before));
  }

  private static void open(TestNode node) {
    CustodyRequest request = request(node);
    bring(node, approval(node.fleet, request, 1));
    bring(node, approval(node.fleet, request, 3));
    node.fleet.runUntil(() -> node.snapshot().storeOpen());
  }

  /// A copy of the disk from before a write.
  private static Disk outdated(TestNode node) {
    Disk copy = node.disk.copy();
    node.put("name", "new");
    node.fleet.runFor(SOON);
    return copy;
  }

  private static void assertRefused(TestNode node, String words) {
    Setback why = custody(node).refusal().orElseThrow();
    assertEquals(Setback.APPROVAL_REFUSED, why.code());
    assertTrue(why.detail().contains(words), why.detail());
    assertEquals(0, custody(node).accepted());
  }

  @Test
  void blackout_twoNodesOpenedByCustodians_everybodyComesBack() {
    Fleet fleet = fleet(401);
    fleet.get("c").put("name", "value");
    fleet.runFor(SOON);
    blackout(fleet);
    open(fleet.get("a"));
    open(fleet.get("b"));
    fleet.runUntil(() ->
        fleet.nodes.values().stream().allMatch(node -> node.snapshot().state() == NodeState.READY));
    assertEquals("value", fleet.get("c").disk.store.orElseThrow().users.get("name"));
    assertTrue(fleet.get("a").reported(Event.OpenedByCustodians.class::isInstance));
    assertFalse(fleet.get("c").reported(Event.OpenedByCustodians.class::isInstance));
  }

  @Test
  void nodeOpenedByCustodians_alone_servesNoUsersUntilItsProvidersConfirm() {
    Fleet fleet = fleet(402);
    blackout(fleet);
    TestNode a = fleet.get("a");
    open(a);
    fleet.runFor(SOON);
    assertEquals(NodeState.UNCONFIRMED, a.snapshot().state());
    assertFalse(a.serves());
    assertFalse(a.snapshot().acceptsUserWrites());
  }

  @Test
  void approval_fewerThanTheThreshold_opensNothing() {
    Fleet fleet = fleet(403);
    blackout(fleet);
    TestNode a = fleet.get("a");
    CustodyApproval first = approval(fleet, request(a), 2);
    bring(a, first);
    bring(a, first);
    fleet.runFor(SOON);
    assertLocked(a);
    assertEquals(1, custody(a).accepted());
    assertTrue(
        a.snapshot().sentence().contains("2 of 3 custodians open it, 1 did"),
        a.snapshot().sentence());
    bring(a, approval(fleet, request(a), 1));
    fleet.runUntil(() -> a.snapshot().storeOpen());
  }

  @Test
  void approval_forAnEarlierRun_isRefused() {
    Fleet fleet = fleet(404);
    blackout(fleet);
    TestNode a = fleet.get("a");
    CustodyApproval earlier = approval(fleet, request(a), 1);
    a.kill();
    a.start();
    fleet.runFor(SOON);
    request(a);
    bring(a, earlier);
    assertRefused(a, "another request");
  }

  @Test
  void approval_forAnotherNode_isRefused() {
    Fleet fleet = fleet(405);
    blackout(fleet);
    CustodyApproval other = approval(fleet, request(fleet.get("b")), 1);
    TestNode a = fleet.get("a");
    request(a);
    bring(a, other);
    assertRefused(a, "another request");
  }

  @Test
  void approval_changedOrOfAStranger_isRefused() {
    Fleet fleet = fleet(406);
    blackout(fleet);
    TestNode a = fleet.get("a");
    CustodyApproval good = approval(fleet, request(a), 1);
    byte[] flipped = good.sealed().toArray();
    flipped[flipped.length - 1] ^= 1;
    bring(a, new CustodyApproval(good.to(), good.custodian(), Bytes.copyOf(flipped)));
    assertRefused(a, "was changed");
    bring(a, new CustodyApproval(good.to(), Bytes.zero(32), good.sealed()));
    assertRefused(a, "no custodian");
  }

  @Test
  void approval_ofAShareThatWasNotCommittedTo_isRefused() {
    Fleet fleet = fleet(407);
    blackout(fleet);
    TestNode a = fleet.get("a");
    CustodyRequest request = request(a);
    Bytes custodian = request.custody().custodians().getFirst();
    try (SecretBytes other = SecretBytes.generate(32, fleet.random)) {
      bring(a, CustodyApproval.seal(fleet.crypto, request, custodian, other));
    }
    assertRefused(a, "committed to");
  }

  @Test
  void disk_swappedAfterTheRequest_isNotOpened() {
    Fleet fleet = fleet(408);
    TestNode a = fleet.get("a");
    Disk old = outdated(a);
    blackout(fleet);
    CustodyRequest request = request(a);
    bring(a, approval(fleet, request, 1));
    a.disk.store = old.store;
    bring(a, approval(fleet, request, 2));
    fleet.runUntil(() -> a.snapshot().state() == NodeState.ROLLED_BACK);
    assertTrue(a.snapshot().sentence().contains("custodians were shown"), a.snapshot().sentence());
    assertFalse(a.snapshot().storeOpen());
  }

  /// The second request is under way when the last approval of the first arrives: whichever comes
  /// first, what was approved opens nothing but what was shown.
  @Test
  void disk_swappedWhileARequestIsUnderWay_isNotOpened() {
    Fleet fleet = fleet(413);
    TestNode a = fleet.get("a");
    Disk old = outdated(a);
    Disk present = a.disk.copy();
    fleet.nodes.values().forEach(TestNode::kill);
    for (int attempt = 0; attempt < 20; attempt++) {
      a.kill();
      a.disk = present.copy();
      a.start();
      fleet.runUntil(() -> a.snapshot().custody().isPresent());
      CustodyRequest request = request(a);
      bring(a, approval(fleet, request, 1));
      CustodyApproval last = approval(fleet, request, 2);
      a.disk.store = old.copy().store;
      a.post(new Input.CustodyRequested());
      a.post(new Input.CustodyApproved(last));
      fleet.runFor(Duration.ofSeconds(5));
      assertFalse(a.snapshot().storeOpen(), a.snapshot().sentence());
    }
  }

  @Test
  void disk_swappedBeforeAnotherRequest_needsAllApprovalsAnew() {
    Fleet fleet = fleet(409);
    TestNode a = fleet.get("a");
    Disk old = outdated(a);
    blackout(fleet);
    CustodyRequest first = request(a);
    bring(a, approval(fleet, first, 1));
    a.disk.store = old.store;
    CustodyRequest second = request(a);
    assertFalse(first.asked().requestId().equals(second.asked().requestId()));
    assertEquals(0, custody(a).accepted());
    bring(a, approval(fleet, first, 2));
    assertRefused(a, "another request");
  }

  /// The host writes shares of a key that it knows into the manifest, sealed to the custodians.
  @Test
  void custody_ofAKeyThatTheHostKnows_opensNothing() throws Exception {
    Fleet fleet = fleet(410);
    TestNode a = fleet.get("a");
    Manifest genuine = Manifest.parse(a.disk.manifest.orElseThrow()).manifest();
    try (SecretBytes known = SecretBytes.generate(32, fleet.random)) {
      Custody planted =
          Custody.seal(
              fleet.crypto,
              known,
              genuine.terms(),
              a.posture.safeguards().custodians(),
              Fleet.custodians(),
              fleet.random);
      a.disk.manifest =
          Optional.of(
              new Manifest(
                      genuine.terms(),
                      genuine.token(),
                      genuine.originCollateral(),
                      Optional.of(planted),
                      genuine.holders(),
                      genuine.former(),
                      true)
                  .toBytes(known));
    }
    blackout(fleet);
    CustodyRequest request = request(a);
    for (int custodian : List.of(1, 2)) {
      bring(a, approval(fleet, request, custodian));
    }
    fleet.runFor(SOON);
    assertLocked(a);
    assertTrue(
        a.reported(event ->
            event instanceof Event.Failed failed
                && failed.setback().code().equals("origin-refused")));
    assertEquals(0, custody(a).accepted());
  }

  @Test
  void rotation_nextGeneration_isSharedWithCustodiansToo() {
    Fleet fleet = fleet(411);
    TestNode a = fleet.get("a");
    a.post(new Input.RotationRequested());
    fleet.runUntil(
        () -> a.snapshot().self().generation() == 2 && a.snapshot().state() == NodeState.READY);
    blackout(fleet);
    assertEquals(2, request(a).terms().generation());
    open(a);
  }

  @Test
  void request_ofANodeWithoutCustodians_isNotMade() {
    Fleet fleet = Fleet.ready(412, 4);
    fleet.nodes.values().forEach(TestNode::kill);
    TestNode a = fleet.get("a");
    a.start();
    fleet.runFor(SOON);
    a.post(new Input.CustodyRequested());
    fleet.runFor(SOON);
    assertLocked(a);
    assertEquals(Optional.empty(), a.snapshot().custody());
  }
}
