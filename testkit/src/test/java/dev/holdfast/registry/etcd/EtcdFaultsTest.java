package dev.holdfast.registry.etcd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.Endpoint;
import dev.holdfast.registry.MembershipRegistry;
import dev.holdfast.registry.MembershipView;
import dev.holdfast.registry.RegistryException;
import dev.holdfast.registry.RegistryException.Kind;
import dev.holdfast.registry.etcd.EtcdOptions.Login;
import dev.holdfast.testkit.EtcdServer;
import dev.holdfast.testkit.Records;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Servers that die, lose their data, or ask who is there.
final class EtcdFaultsTest {
  private static final Duration HANG = Duration.ofMinutes(2);
  private static final EtcdOptions.Timing TIMING = EtcdRegistryTest.TIMING;

  @TempDir private Path folder;
  private final List<AutoCloseable> opened = new ArrayList<>();

  @BeforeEach
  void requireEtcd() {
    assumeTrue(EtcdServer.isInstalled(), EtcdServer::missing);
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable one : opened.reversed()) {
      one.close();
    }
  }

  @Test
  void server_killedAndRestarted_keepsWhatWasPublished() throws Exception {
    EtcdServer server = keep(EtcdServer.start(folder));
    EtcdRegistry publisher = open(List.of(server), Optional.empty(), Optional.empty());
    EtcdRegistry reader = open(List.of(server), Optional.empty(), Optional.empty());
    AccountId account = Records.account();
    for (int instance = 1; instance <= 3; instance++) {
      Bytes record = Records.record(account, instance);
      publisher.publish(record);

      server.kill();
      for (EtcdRegistry one : List.of(publisher, reader)) {
        await(one, view -> view.stale().isPresent());
      }
      server.start();

      for (EtcdRegistry one : List.of(publisher, reader)) {
        await(one, view -> view.stale().isEmpty() && shows(view, account, record));
        assertEquals(Optional.of(record), one.record(account));
      }
    }
  }

  @Test
  void server_backWithoutItsData_isLoadedAgainAndPublishedAgain() throws Exception {
    EtcdServer server = keep(EtcdServer.start(folder));
    EtcdRegistry publisher = open(List.of(server), Optional.empty(), Optional.empty());
    EtcdRegistry reader = open(List.of(server), Optional.empty(), Optional.empty());
    AccountId gone = Records.account();
    AccountId account = Records.account();
    EtcdRegistry leaver = open(List.of(server), Optional.empty(), Optional.empty());
    leaver.publish(Records.record(gone, 1));
    Bytes record = Records.record(account, 1);
    publisher.publish(record);
    await(reader, view -> view.listings().size() == 2);

    server.kill();
    leaver.close();
    delete(folder.resolve("data"));
    server.start();

    await(reader, view -> view.find(gone).isEmpty());
    await(reader, view -> view.stale().isEmpty() && shows(view, account, record));
  }

  @Test
  void cluster_losingOneServer_goesOn() throws Exception {
    List<EtcdServer> servers = EtcdServer.startCluster(folder, 3);
    opened.addAll(servers);
    EtcdRegistry publisher = open(servers, Optional.empty(), Optional.empty());
    EtcdRegistry reader = open(servers.reversed(), Optional.empty(), Optional.empty());
    AccountId account = Records.account();
    publisher.publish(Records.record(account, 1));
    await(reader, view -> view.find(account).isPresent());

    for (int round = 0; round < 3; round++) {
      EtcdServer victim = servers.get(round);
      victim.kill();

      Bytes record = Records.record(account, 2 + round);
      publishAtLast(publisher, record);
      await(reader, view -> view.stale().isEmpty() && shows(view, account, record));
      victim.start();
    }
  }

  @Test
  void tls_serverOfTheNamedAuthority_isTaken() throws Exception {
    Certificates good = Certificates.make(folder.resolve("ca"), "127.0.0.1");
    EtcdServer server = keep(EtcdServer.start(folder, "https", good.serverArguments()));
    EtcdRegistry registry = open(List.of(server), Optional.of(good.context()), Optional.empty());

    registry.publish(Records.record(Records.account(), 1));

    assertEquals(1, registry.view().listings().size());
  }

  @Test
  void tls_otherAuthority_isRefused() throws Exception {
    Certificates good = Certificates.make(folder.resolve("ca"), "127.0.0.1");
    Certificates other = Certificates.make(folder.resolve("other"), "127.0.0.1");
    EtcdServer server = keep(EtcdServer.start(folder, "https", good.serverArguments()));

    assertRefused(server, other.context());
  }

  @Test
  void tls_otherName_isRefused() throws Exception {
    Certificates named = Certificates.make(folder.resolve("ca"), "127.0.0.2");
    EtcdServer server = keep(EtcdServer.start(folder, "https", named.serverArguments()));

    assertRefused(server, named.context());
  }

  @Test
  void login_everyMistake_isRefusedAndTheRightOneIsNot() throws Exception {
    Certificates tls = Certificates.make(folder.resolve("ca"), "127.0.0.1");
    EtcdServer server = keep(EtcdServer.start(folder, "https", tls.serverArguments()));
    enableAuthentication(server, tls.context());
    Login right = new Login("member", "right horse");
    Bytes record = Records.record(Records.account(), 1);

    for (Optional<Login> wrong :
        List.of(
            Optional.<Login>empty(),
            Optional.of(new Login("member", "wrong")),
            Optional.of(new Login("nobody", "right horse")),
            Optional.of(new Login("stranger", "other horse")))) {
      EtcdRegistry refused =
          keep(EtcdRegistry.open(options(List.of(server), Optional.of(tls.context()), wrong)));
      RegistryException e = assertThrows(RegistryException.class, () -> refused.publish(record));
      assertSame(Kind.REGISTRY_UNAVAILABLE, e.kind());
      await(refused, view -> view.stale().orElse("").contains("etcd"));
      assertEquals(List.of(), refused.view().listings());
    }

    EtcdRegistry registry = open(List.of(server), Optional.of(tls.context()), Optional.of(right));
    registry.publish(record);
    assertEquals(1, registry.view().listings().size());
  }

  @Test
  void login_tokensLostByARestart_areRenewed() throws Exception {
    Certificates tls = Certificates.make(folder.resolve("ca"), "127.0.0.1");
    EtcdServer server = keep(EtcdServer.start(folder, "https", tls.serverArguments()));
    enableAuthentication(server, tls.context());
    EtcdRegistry registry =
        open(
            List.of(server),
            Optional.of(tls.context()),
            Optional.of(new Login("member", "right horse")));
    AccountId account = Records.account();
    registry.publish(Records.record(account, 1));

    server.kill();
    await(registry, view -> view.stale().isPresent());
    server.start();

    await(registry, view -> view.stale().isEmpty());
    registry.publish(Records.record(account, 2));
  }

  /// `root`; `member`, who may use the prefix; `stranger`, who may use another.
  private static void enableAuthentication(EtcdServer server, SSLContext tls) throws Exception {
    try (EtcdClient client =
        new EtcdClient(options(List.of(server), Optional.of(tls), Optional.empty()))) {
      EtcdKeys mine = new EtcdKeys(EtcdOptions.DEFAULT_PREFIX);
      addUser(client, "root", "root horse", Optional.empty());
      addUser(client, "member", "right horse", Optional.of(mine));
      addUser(client, "stranger", "other horse", Optional.of(new EtcdKeys("/elsewhere/")));
      client.call("auth/enable", JsonWriter.object());
    }
  }

  private static void addUser(
      EtcdClient client, String name, String password, Optional<EtcdKeys> keys) throws Exception {
    client.call("auth/user/add", JsonWriter.object().put("name", name).put("password", password));
    client.call("auth/role/add", JsonWriter.object().put("name", name));
    if (keys.isPresent()) {
      client.call(
          "auth/role/grant",
          JsonWriter.object()
              .put("name", name)
              .put(
                  "perm",
                  EtcdJson.range(
                          Bytes.utf8(keys.get().prefix()),
                          Bytes.utf8(keys.get().prefix().replaceFirst("/$", "0")))
                      .put("permType", "READWRITE")));
    }
    client.call("auth/user/grant", JsonWriter.object().put("user", name).put("role", name));
  }

  private void assertRefused(EtcdServer server, SSLContext tls) throws Exception {
    EtcdRegistry registry =
        keep(EtcdRegistry.open(options(List.of(server), Optional.of(tls), Optional.empty())));
    await(registry, view -> view.stale().orElse("").contains("no secure connection"));
    RegistryException e =
        assertThrows(
            RegistryException.class, () -> registry.publish(Records.record(Records.account(), 1)));
    assertTrue(String.valueOf(e.getMessage()).contains("no secure connection"), e.getMessage());
  }

  /// An election may be under way.
  private static void publishAtLast(MembershipRegistry registry, Bytes record) throws Exception {
    for (int attempt = 0; ; attempt++) {
      try {
        registry.publish(record);
        return;
      } catch (RegistryException e) {
        if (e.kind() != Kind.REGISTRY_UNAVAILABLE || attempt == 20) {
          throw e;
        }
        registry.awaitChange(registry.view().revision(), Duration.ofMillis(500));
      }
    }
  }

  private static boolean shows(MembershipView view, AccountId account, Bytes record) {
    return view.find(account).map(one -> one.tag().equals(record.sha256())).orElse(false);
  }

  private static void await(MembershipRegistry registry, Predicate<MembershipView> wanted)
      throws Exception {
    MembershipView view = registry.view();
    while (!wanted.test(view)) {
      MembershipView next = registry.awaitChange(view.revision(), HANG);
      assertNotEquals(view.revision(), next.revision(), "never came; the last was " + view);
      view = next;
    }
  }

  private EtcdRegistry open(
      List<EtcdServer> servers, Optional<SSLContext> tls, Optional<Login> login) throws Exception {
    EtcdRegistry registry = keep(EtcdRegistry.open(options(servers, tls, login)));
    await(registry, view -> view.stale().isEmpty());
    return registry;
  }

  private <T extends AutoCloseable> T keep(T one) {
    opened.add(one);
    return one;
  }

  private static EtcdOptions options(
      List<EtcdServer> servers, Optional<SSLContext> tls, Optional<Login> login) throws Exception {
    List<Endpoint> endpoints = new ArrayList<>();
    for (EtcdServer server : servers) {
      endpoints.add(Endpoint.parse(server.endpoint()));
    }
    EtcdOptions.Timing timing =
        new EtcdOptions.Timing(
            TIMING.call(), Duration.ofSeconds(6), TIMING.watch(), TIMING.retry());
    return new EtcdOptions(endpoints, EtcdOptions.DEFAULT_PREFIX, tls, login, timing, 100);
  }

  private static void delete(Path tree) throws Exception {
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path path : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
