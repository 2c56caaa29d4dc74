package dev.holdfast.registry.etcd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.Endpoint;
import dev.holdfast.protocol.Limits;
import dev.holdfast.registry.MembershipRegistry;
import dev.holdfast.registry.MembershipView;
import dev.holdfast.registry.MembershipView.Ignored;
import dev.holdfast.registry.MembershipView.Listing;
import dev.holdfast.registry.RegistryException.Kind;
import dev.holdfast.testkit.EtcdServer;
import dev.holdfast.testkit.MembershipRegistryContract;
import dev.holdfast.testkit.Records;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Over one real server; each test has a prefix of its own.
final class EtcdRegistryTest extends MembershipRegistryContract {
  static final EtcdOptions.Timing TIMING =
      new EtcdOptions.Timing(
          Duration.ofSeconds(20),
          Duration.ofSeconds(30),
          Duration.ofMinutes(5),
          Duration.ofMillis(50));

  private static final AtomicInteger TESTS = new AtomicInteger();

  @TempDir private static Path folder;
  private static EtcdServer server;

  private final String prefix = "/test-" + TESTS.incrementAndGet() + "/";
  private final EtcdKeys keys = new EtcdKeys(prefix);
  private EtcdClient raw;

  @BeforeAll
  static void startServer() throws Exception {
    assumeTrue(EtcdServer.isInstalled(), EtcdServer::missing);
    server = EtcdServer.start(folder);
  }

  @AfterAll
  static void stopServer() throws Exception {
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void openRaw() throws Exception {
    raw = new EtcdClient(options(prefix, 100));
  }

  @AfterEach
  void closeRaw() {
    raw.close();
  }

  @Override
  protected MembershipRegistry connect() throws Exception {
    return fresh(EtcdRegistry.open(options(prefix, 100)));
  }

  @Override
  protected void plantForeign() throws Exception {
    put(Bytes.utf8(prefix + "index/README"), Bytes.utf8("hello"));
  }

  @Override
  protected void plantMalformed(AccountId account) throws Exception {
    put(keys.index(account), Bytes.utf8("1 2"));
  }

  @Override
  protected void takeAway() throws Exception {
    server.kill();
  }

  @Override
  protected void bringBack() throws Exception {
    server.start();
  }

  @Override
  protected void look(MembershipRegistry registry) {}

  // What is in etcd.

  @Test
  void prefixes_other_areNotSeen() throws Exception {
    registry().publish(Records.record(Records.account(), 1));

    try (MembershipRegistry other = fresh(EtcdRegistry.open(options("/other/", 100)))) {
      assertEquals(List.of(), other.view().listings());
    }
    try (MembershipRegistry longer = fresh(EtcdRegistry.open(options(prefix + "x/", 100)))) {
      assertEquals(List.of(), longer.view().listings());
    }
  }

  @Test
  void close_publisher_takesItsRecordsBack() throws Exception {
    MembershipRegistry other = open();
    AccountId account = Records.account();
    other.publish(Records.record(account, 1));
    awaitAccounts(registry(), List.of(account));

    other.close();

    awaitAccounts(registry(), List.of());
    assertEquals(Optional.empty(), registry().record(account));
  }

  @Test
  void close_ofAnEarlierRun_leavesTheRecordOfTheLater() throws Exception {
    MembershipRegistry later = open();
    MembershipRegistry earlier = open();
    AccountId account = Records.account();
    earlier.publish(Records.record(account, 1));
    Bytes second = Records.record(account, 2);
    later.publish(second);

    earlier.close();

    registry().publish(Records.record(Records.account(), 1));
    assertEquals(Optional.of(second.sha256()), registry().view().find(account).map(Listing::tag));
    assertEquals(Optional.of(second), registry().record(account));
  }

  @Test
  void publish_sameBytesAfterTheirPublisherClosed_staysListed() throws Exception {
    MembershipRegistry first = open();
    AccountId account = Records.account();
    Bytes record = Records.record(account, 1);
    first.publish(record);
    registry().publish(record);

    first.close();

    registry().publish(Records.record(Records.account(), 1));
    assertTrue(registry().view().find(account).isPresent());
  }

  @Test
  void lease_expired_isPublishedAgain() throws Exception {
    EtcdOptions.Timing brief =
        new EtcdOptions.Timing(
            TIMING.call(), Duration.ofSeconds(2), TIMING.watch(), TIMING.retry());
    AccountId account = Records.account();
    Bytes record = Records.record(account, 1);
    try (MembershipRegistry publisher = fresh(EtcdRegistry.open(options(prefix, 100, brief)))) {
      publisher.publish(record);
      awaitAccounts(registry(), List.of(account));

      // As when the machine stood still: the lease is gone, and the key with it.
      raw.call("lease/revoke", JsonWriter.object().put("ID", leaseOf(account)));

      awaitAccounts(registry(), List.of());
      awaitAccounts(registry(), List.of(account));
      assertEquals(Optional.of(record), registry().record(account));
    }
  }

  @Test
  void lease_expiredAndALaterRunPublished_isNotPublishedAgain() throws Exception {
    EtcdOptions.Timing brief =
        new EtcdOptions.Timing(
            TIMING.call(), Duration.ofSeconds(2), TIMING.watch(), TIMING.retry());
    AccountId account = Records.account();
    Bytes later = Records.record(account, 2);
    AccountId sign = Records.account();
    try (MembershipRegistry publisher = fresh(EtcdRegistry.open(options(prefix, 100, brief)))) {
      publisher.publish(Records.record(account, 1));
      publisher.publish(Records.record(sign, 1));
      String lease = leaseOf(account);
      registry().publish(later);

      raw.call("lease/revoke", JsonWriter.object().put("ID", lease));

      // The other record of the lease came back: so all of them were tried.
      awaitView(registry(), view -> view.find(sign).isEmpty());
      awaitView(registry(), view -> view.find(sign).isPresent());
      assertEquals(Optional.of(later.sha256()), registry().view().find(account).map(Listing::tag));
    }
  }

  @Test
  void recordOfAnotherAccount_isNotHandedOut() throws Exception {
    AccountId account = Records.account();
    registry().publish(Records.record(account, 1));

    put(keys.record(account), Records.record(Records.account(), 1));

    assertEquals(Optional.empty(), registry().record(account));
  }

  @Test
  void recordOverTheLimit_isNotHandedOut() throws Exception {
    AccountId account = Records.account();
    Bytes record = Records.record(account, 1);
    for (int size : List.of(Limits.EVIDENCE_BODY_MAX_BYTES + 1, 1_000_000)) {
      put(keys.record(account), padded(record, size));

      assertEquals(Optional.empty(), registry().record(account));
    }
  }

  @Test
  void largeLine_isIgnoredAndTheOthersAreRead() throws Exception {
    AccountId account = Records.account();
    registry().publish(Records.record(account, 1));
    put(keys.index(Records.account()), Bytes.zero(EtcdKeys.MAX_LINE_BYTES + 1));
    for (int i = 0; i < 4; i++) {
      put(keys.index(Records.account()), Bytes.zero(1_000_000));
    }

    for (MembershipRegistry one : List.of(registry(), open())) {
      MembershipView view = awaitView(one, seen -> seen.ignoredCount() == 5);
      assertEquals(List.of(account), accounts(view));
      for (Ignored ignored : view.ignored()) {
        assertEquals(Ignored.Kind.TOO_LARGE, ignored.kind());
      }
    }
  }

  @Test
  void members_oneOverTheLimit_isRefusedAndFindsAPlaceLater() throws Exception {
    List<AccountId> accounts = new ArrayList<>();
    try (MembershipRegistry limited = fresh(EtcdRegistry.open(options(prefix, 3)))) {
      for (int i = 0; i < 3; i++) {
        accounts.add(Records.account());
        limited.publish(Records.record(accounts.get(i), 1));
      }
      AccountId fourth = Records.account();
      assertFails(Kind.REGISTRY_FULL, () -> limited.publish(Records.record(fourth, 1)));
      limited.publish(Records.record(accounts.getFirst(), 2));

      registry().publish(Records.record(fourth, 1));
      MembershipView full = awaitView(limited, view -> view.ignoredCount() == 1);
      assertEquals(Ignored.Kind.FULL, full.ignored().getFirst().kind());
      assertEquals(3, full.listings().size());

      limited.withdraw(accounts.getLast());
      assertTrue(limited.view().find(fourth).isPresent());
    }
  }

  @Test
  void entries_overTwiceTheLimit_keepTheLastViewMarkedStale() throws Exception {
    AccountId account = Records.account();
    try (MembershipRegistry limited = fresh(EtcdRegistry.open(options(prefix, 3)))) {
      limited.publish(Records.record(account, 1));
      for (int i = 0; i < 6; i++) {
        put(Bytes.utf8(prefix + "index/junk-" + i), Bytes.EMPTY);
      }

      MembershipView view = awaitView(limited, seen -> seen.stale().isPresent());
      assertEquals(List.of(account), accounts(view));
      assertTrue(view.stale().orElseThrow().contains("at most 6 entries"));

      raw.call("kv/deleterange", EtcdJson.key(Bytes.utf8(prefix + "index/junk-0")));
      awaitView(limited, seen -> seen.stale().isEmpty());
    }
  }

  @Test
  void line_ofTheLargestRecordNumbers_fits() throws Exception {
    AccountId account = Records.account();
    registry().publish(Records.record(account, (1L << 53) - 1));

    assertTrue(registry().view().find(account).isPresent());
  }

  // Compaction.

  @Test
  void compaction_underASlowWatcher_isSurvived() throws Exception {
    AccountId leaves = Records.account();
    AccountId stays = Records.account();
    AccountId comes = Records.account();
    MembershipRegistry publisher = open();
    publisher.publish(Records.record(leaves, 1));
    publisher.publish(Records.record(stays, 1));
    try (TcpProxy proxy = TcpProxy.start(server.port());
        MembershipRegistry slow = fresh(EtcdRegistry.open(through(proxy)))) {
      proxy.cut();
      awaitView(slow, view -> view.stale().isPresent());
      publisher.withdraw(leaves);
      publisher.publish(Records.record(comes, 1));
      publisher.publish(Records.record(stays, 2));
      compact();

      proxy.mend();

      List<AccountId> expected = List.of(stays, comes).stream().sorted().toList();
      awaitView(slow, view -> view.stale().isEmpty() && accounts(view).equals(expected));
      assertEquals(Records.record(stays, 2).sha256(), slow.view().find(stays).orElseThrow().tag());
    }
  }

  // Partition.

  @Test
  void partition_silent_isNoticedAndHealed() throws Exception {
    AccountId account = Records.account();
    EtcdOptions.Timing brief =
        new EtcdOptions.Timing(
            Duration.ofSeconds(2), Duration.ofSeconds(2), TIMING.watch(), TIMING.retry());
    try (TcpProxy proxy = TcpProxy.start(server.port());
        MembershipRegistry cut =
            fresh(
                EtcdRegistry.open(
                    new EtcdOptions(
                        List.of(Endpoint.parse("127.0.0.1:" + proxy.port())),
                        prefix,
                        Optional.empty(),
                        Optional.empty(),
                        brief,
                        100)))) {
      cut.publish(Records.record(account, 1));
      awaitAccounts(registry(), List.of(account));

      proxy.freeze();

      MembershipView stale = awaitView(cut, view -> view.stale().isPresent());
      assertEquals(List.of(account), accounts(stale));
      assertFails(Kind.REGISTRY_UNAVAILABLE, () -> cut.record(account));
      // Nobody keeps the lease alive any more.
      awaitAccounts(registry(), List.of());

      proxy.mend();

      awaitAccounts(registry(), List.of(account));
      awaitView(cut, view -> view.stale().isEmpty() && accounts(view).equals(List.of(account)));
    }
  }

  private void compact() throws Exception {
    long now = EtcdJson.revision(raw.call("kv/range", EtcdJson.key(keys.indexStart())));
    raw.call(
        "kv/compaction",
        JsonWriter.object().put("revision", Long.toString(now)).put("physical", true));
  }

  private String leaseOf(AccountId account) throws Exception {
    String lease =
        Long.toString(
            EtcdJson.number(
                raw.call("kv/range", EtcdJson.key(keys.index(account)))
                    .array("kvs", 1)
                    .items()
                    .getFirst()
                    .asObject(),
                "lease"));
    assertNotEquals("0", lease);
    return lease;
  }

  private void put(Bytes key, Bytes value) throws Exception {
    raw.call("kv/put", EtcdJson.key(key).put("value", EtcdJson.text(value)));
  }

  private static EtcdOptions options(String prefix, int maxMembers) throws Exception {
    return options(prefix, maxMembers, TIMING);
  }

  private static EtcdOptions options(String prefix, int maxMembers, EtcdOptions.Timing timing)
      throws Exception {
    return new EtcdOptions(
        List.of(Endpoint.parse(server.endpoint())),
        prefix,
        Optional.empty(),
        Optional.empty(),
        timing,
        maxMembers);
  }

  private EtcdOptions through(TcpProxy proxy) throws Exception {
    return new EtcdOptions(
        List.of(Endpoint.parse("127.0.0.1:" + proxy.port())),
        prefix,
        Optional.empty(),
        Optional.empty(),
        TIMING,
        100);
  }

  static void awaitNobody(EtcdRegistry registry) throws Exception {
    awaitAccounts(registry, List.of());
  }

  static EtcdRegistry fresh(EtcdRegistry registry) throws Exception {
    awaitView(registry, view -> view.stale().isEmpty());
    return registry;
  }
}
