package dev.holdfast.node;

import dev.holdfast.attestation.AttestationVerifier;
import dev.holdfast.attestation.Collateral;
import dev.holdfast.attestation.TrustAnchor;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.Crypto;
import dev.holdfast.crypto.EnvelopeKeys;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.crypto.SigningKey;
import dev.holdfast.node.model.HttpAsk;
import dev.holdfast.node.model.HttpReply;
import dev.holdfast.node.model.NodeState;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.Endpoint;
import dev.holdfast.protocol.EvidenceFloor;
import dev.holdfast.protocol.Posture;
import dev.holdfast.protocol.Threshold;
import dev.holdfast.protocol.custody.CustodianKey;
import dev.holdfast.protocol.posture.Fencing;
import dev.holdfast.protocol.posture.KeyQuorum;
import dev.holdfast.protocol.posture.Safeguards;
import dev.holdfast.protocol.posture.Witnessing;
import dev.holdfast.simulator.CollateralRecipe;
import dev.holdfast.simulator.DevelopmentVendor;
import dev.holdfast.simulator.PlatformRecipe;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// A fleet of nodes in one thread and in virtual time: real cryptography, real quotes of a
/// development vendor, the real verifier; network, disks and registry are fakes with faults. One
/// seed decides everything.
final class Fleet {
  static final Instant START = Instant.parse("2026-11-23T12:00:00Z");

  private static final DevelopmentVendor VENDOR = vendor();
  private static final AttestationVerifier VERIFIER = verifier();
  private static final int MOST_EVENTS = 200_000;

  final SecureRandom random;
  final Crypto crypto;
  final Map<String, TestNode> nodes = new TreeMap<>();
  final Map<AccountId, Bytes> registry = new TreeMap<>();
  private final PriorityQueue<Scheduled> queue =
      new PriorityQueue<>(Comparator.comparing(Scheduled::at).thenComparingLong(Scheduled::order));

  /// Looks at the fleet after everything that happens.
  Runnable watch = () -> {};

  private Instant now = START;
  private long order;
  private int events;

  private record Scheduled(Instant at, long order, Runnable action) {}

  Fleet(long seed) {
    this.random = seeded(seed);
    this.crypto = Crypto.bouncyCastle(random);
  }

  static SecureRandom seeded(long seed) {
    try {
      SecureRandom random = SecureRandom.getInstance("SHA1PRNG");
      random.setSeed(seed);
      return random;
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static DevelopmentVendor vendor() {
    return DevelopmentVendor.generate(seeded(1), START.minus(Duration.ofDays(30)));
  }

  private static AttestationVerifier verifier() {
    return AttestationVerifier.of(anchor(VENDOR));
  }

  static TrustAnchor anchor(DevelopmentVendor of) {
    try {
      return TrustAnchor.parsePem(of.rootPem());
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  /// One of the fleet's three release keys, two of which must sign.
  static SigningKey releaseKey(int number) {
    byte[] seed = new byte[SigningKey.SEED_SIZE];
    seed[0] = (byte) number;
    return Crypto.bouncyCastle(seeded(1)).signingKey(SecretBytes.take(seed));
  }

  private static KeyQuorum releaseKeys() {
    return new KeyQuorum(
        2,
        IntStream.of(1, 2, 3)
            .mapToObj(number -> releaseKey(number).publicKey().encoded())
            .toList());
  }

  /// The keys of one of the fleet's three custodians, two of whom must approve.
  static EnvelopeKeys custodian(int number) {
    byte[] seed = new byte[EnvelopeKeys.SEED_SIZE];
    seed[0] = (byte) number;
    return Crypto.bouncyCastle(seeded(1)).envelopeKeys(SecretBytes.take(seed));
  }

  /// Their public keys, in the order of the posture.
  static List<CustodianKey> custodians() {
    return IntStream.of(1, 2, 3)
        .mapToObj(number -> new CustodianKey(custodian(number).publicKey()))
        .sorted(Comparator.comparing(CustodianKey::fingerprint))
        .toList();
  }

  /// 2 of 3 at providers, and 2 of 3 custodians.
  static Posture custodianPosture() {
    Posture usual = posture(2, 3);
    Safeguards safeguards = usual.safeguards();
    return new Posture(
        usual.trustAnchor(),
        usual.insecureSimulatedPlatform(),
        usual.threshold(),
        usual.floor(),
        usual.pinRtmr0(),
        usual.pinRtmr3(),
        new Safeguards(
            safeguards.releaseKeys(),
            new KeyQuorum(2, custodians().stream().map(CustodianKey::fingerprint).toList()),
            safeguards.fencing(),
            safeguards.witnessing(),
            safeguards.tcbGraceDays()));
  }

  static DevelopmentVendor theVendor() {
    return VENDOR;
  }

  static AttestationVerifier theVerifier() {
    return VERIFIER;
  }

  static Collateral collateral() {
    return collateral(CollateralRecipe.defaults(PlatformRecipe.DEFAULT_FMSPC, START));
  }

  static Collateral collateral(CollateralRecipe recipe) {
    try {
      return Collateral.parse(VENDOR.collateral(recipe));
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  static Collateral collateral(DevelopmentVendor of) {
    try {
      return Collateral.parse(
          of.collateral(CollateralRecipe.defaults(PlatformRecipe.DEFAULT_FMSPC, START)));
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  static Posture posture(int k, int n) {
    return posture(k, n, Fencing.DEFAULT, Witnessing.DEFAULT);
  }

  static Posture posture(int k, int n, Fencing fencing, Witnessing witnessing) {
    return new Posture(
        anchor(VENDOR).digest(),
        true,
        new Threshold(k, n),
        EvidenceFloor.defaults(),
        false,
        false,
        new Safeguards(releaseKeys(), KeyQuorum.NONE, fencing, witnessing, 30));
  }

  /// A node on a machine of its own, not started yet.
  TestNode node(String name) {
    TestNode node = new TestNode(this, name, nodes.size() + 1);
    nodes.put(name, node);
    return node;
  }

  /// So many nodes `a`, `b`, …, started, all ready.
  static Fleet ready(long seed, int size) {
    return ready(seed, size, posture(2, 3));
  }

  static Fleet ready(long seed, int size, Posture posture) {
    Fleet fleet = new Fleet(seed);
    List<TestNode> started = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      TestNode node = fleet.node(String.valueOf((char) ('a' + i)));
      node.posture = posture;
      if (!posture.safeguards().custodians().isNone()) {
        node.custodians = custodians();
      }
      started.add(node);
    }
    started.forEach(TestNode::start);
    fleet.runUntil(() -> started.stream().allMatch(n -> n.snapshot().state() == NodeState.READY));
    return fleet;
  }

  TestNode get(String name) {
    return Optional.ofNullable(nodes.get(name)).orElseThrow();
  }

  Instant now() {
    return now;
  }

  void after(Duration delay, Runnable action) {
    at(now.plus(delay), action);
  }

  void at(Instant time, Runnable action) {
    queue.add(new Scheduled(time.isBefore(now) ? now : time, order++, action));
  }

  /// A short time that differs from call to call.
  Duration latency() {
    return Duration.ofMillis(1 + random.nextInt(4));
  }

  void publish(AccountId account, Bytes record) {
    registry.put(account, record);
    showRegistry();
  }

  boolean isListed(AccountId account) {
    return registry.containsKey(account);
  }

  void withdraw(AccountId account) {
    registry.remove(account);
    showRegistry();
  }

  void showRegistry() {
    nodes.values().forEach(TestNode::showRegistry);
  }

  /// Runs until `condition` holds; fails when it does not within ten virtual minutes.
  void runUntil(BooleanSupplier condition) {
    Instant limit = now.plus(Duration.ofMinutes(10));
    while (!condition.getAsBoolean()) {
      Scheduled next = queue.poll();
      if (next == null || next.at().isAfter(limit)) {
        throw new AssertionError("nothing more happens:\n" + describe());
      }
      run(next);
    }
  }

  void runFor(Duration time) {
    Instant limit = now.plus(time);
    while (!queue.isEmpty() && !queue.peek().at().isAfter(limit)) {
      run(queue.poll());
    }
    now = limit;
  }

  private void run(Scheduled next) {
    if (++events > MOST_EVENTS) {
      throw new AssertionError("too many events:\n" + describe());
    }
    now = next.at();
    next.action().run();
    watch.run();
  }

  String describe() {
    StringBuilder out = new StringBuilder("at ").append(now).append('\n');
    nodes.forEach((name, node) ->
        out.append(name)
            .append(": ")
            .append(
                node.isUp() ? node.snapshot().state() + ", " + node.snapshot().sentence() : "down")
            .append('\n'));
    return out.toString();
  }

  /// Carries one request to whoever listens at its endpoint, and the reply back.
  void carry(HttpAsk ask, Duration deadline, Consumer<HttpReply> back) {
    Optional<TestNode> target =
        nodes.values().stream()
            .filter(node -> node.isUp() && node.endpoint().equals(ask.endpoint()))
            .findFirst();
    if (target.isEmpty()) {
      after(latency(), () -> back.accept(new HttpReply.Unreachable("nobody listens there")));
      return;
    }
    boolean[] answered = new boolean[1];
    after(
        deadline,
        () -> {
          if (!answered[0]) {
            answered[0] = true;
            back.accept(new HttpReply.Silent());
          }
        });
    TestNode node = target.get();
    after(
        latency(),
        () ->
            node.receive(
                ask,
                reply ->
                    after(
                        latency(),
                        () -> {
                          if (!answered[0]) {
                            answered[0] = true;
                            back.accept(reply);
                          }
                        })));
  }

  static Endpoint endpoint(int number) {
    try {
      return Endpoint.parse("10.0.0." + number + ":7400");
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }
}
