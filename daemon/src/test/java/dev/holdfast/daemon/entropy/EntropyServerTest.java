package dev.holdfast.daemon.entropy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Json;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.daemon.log.LibraryLog;
import dev.holdfast.entropy.account.Account;
import dev.holdfast.entropy.account.Ss58;
import dev.holdfast.entropy.chain.ChainEndpoint;
import dev.holdfast.entropy.chain.ChainServer;
import dev.holdfast.entropy.development.ChainStub;
import dev.holdfast.entropy.development.DevelopmentChain;
import dev.holdfast.entropy.server.Quoting;
import dev.holdfast.entropy.server.V1Answer;
import dev.holdfast.entropy.server.V1Node;
import dev.holdfast.entropy.server.V1State;
import dev.holdfast.entropy.v1.DevelopmentAccount;
import dev.holdfast.entropy.v1.EncryptedSignedMessage;
import dev.holdfast.entropy.v1.JsonBytes;
import dev.holdfast.entropy.v1.MockQuote;
import dev.holdfast.entropy.v1.ProviderDetails;
import dev.holdfast.entropy.v1.Quote;
import dev.holdfast.entropy.v1.QuoteContext;
import dev.holdfast.entropy.v1.RecoveryRequest;
import dev.holdfast.entropy.v1.ServerInfo;
import dev.holdfast.entropy.v1.SignedMessage;
import dev.holdfast.entropy.v1.TssKeys;
import dev.holdfast.entropy.v1.X25519Key;
import dev.holdfast.protocol.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.hpke.HPKE;
import org.bouncycastle.crypto.params.X25519PrivateKeyParameters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Servers over real sockets that back each other up, and what they refuse.
final class EntropyServerTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Bytes KEY = filled(7);
  private static final V1Node.Options OPTIONS =
      new V1Node.Options(Duration.ofMillis(20), Duration.ofMillis(50), Duration.ofSeconds(10), 100);

  private final DevelopmentChain chain = new DevelopmentChain();
  private final Map<String, Running> running = new LinkedHashMap<>();
  private final List<Account> validators = new ArrayList<>();
  private ChainStub stub;
  private boolean believing;

  @TempDir Path folder;

  private record Running(EntropyServer server, Thread life, List<Throwable> ends) {}

  @BeforeAll
  static void silence() {
    LibraryLog.silence();
  }

  @BeforeEach
  void startChain() throws Exception {
    stub = ChainStub.start(chain, 0);
    accept(mockMeasurement());
  }

  @AfterEach
  void stop() throws Exception {
    for (String name : List.copyOf(running.keySet())) {
      stop(name);
    }
    stub.close();
  }

  @Test
  void backup_ofRegisteredAccount_isKeptOnceAndForAll() throws Exception {
    EntropyServer provider = start("alice");
    await(() -> provider.node().state() == V1State.READ_ONLY_CHAIN_CONNECTION);
    try (TssKeys charlie = DevelopmentAccount.CHARLIE.keys()) {
      assertRefused("not registered", backup(provider, charlie, KEY));
      chain
          .server(stash("charlie"), new ChainServer(charlie.account(), KEY, KEY, Bytes.EMPTY))
          .produce()
          .finalise();
      assertRefused("not 32 bytes", backup(provider, charlie, KEY.slice(0, 31)));
      assertEquals(200, backup(provider, charlie, KEY).status());
      assertEquals(200, backup(provider, charlie, KEY).status());
      assertRefused("Another key is held", backup(provider, charlie, filled(8)));
      Bytes toAnother = message(charlie, KEY, charlie.encryption().publicKey());
      assertRefused("does not open", post(provider, "backup_encryption_key", toAnother));
      assertEquals(400, post(provider, "backup_encryption_key", Bytes.utf8("{}")).status());
    }
  }

  @Test
  void nonceAndRecovery_beforeReady_areRefused() throws Exception {
    EntropyServer server = start("alice");
    await(() -> server.node().state() == V1State.READ_ONLY_CHAIN_CONNECTION);
    Bytes numbers = Bytes.utf8(JsonBytes.numbers(filled(1)));
    assertRefused("not yet", post(server, "backup_provider_quote_nonce", numbers));
    assertRefused("not yet", post(server, "recover_encryption_key", Bytes.utf8("{}")));
    assertEquals(200, server.node().routes().answer("GET", "/healthz", "", Bytes.EMPTY).status());
    assertEquals(404, server.node().routes().answer("GET", "/v1/ws", "", Bytes.EMPTY).status());
    await(() -> server.node().progress().startsWith("WAITING_ADMISSION"));
    assertTrue(server.node().progress().contains("has 0 of 10000000000 units"));
  }

  @Test
  void recovery_oneThingWrong_isRefused() throws Exception {
    EntropyServer provider = readyPair();
    try (TssKeys charlie = DevelopmentAccount.CHARLIE.keys();
        X25519Key response = X25519Key.generate(RANDOM);
        X25519Key other = X25519Key.generate(RANDOM)) {
      chain
          .server(stash("charlie"), new ChainServer(charlie.account(), KEY, KEY, Bytes.EMPTY))
          .produce()
          .finalise();
      assertEquals(200, backup(provider, charlie, KEY).status());
      Account account = charlie.account();
      Bytes nonce = nonce(provider, response);
      Bytes good = quote(QuoteContext.ENCRYPTION_KEY_RECOVERY_REQUEST, account, response, nonce);

      assertEquals(KEY, recovered(provider, account, response, good));
      assertEquals(KEY, recovered(provider, account, response, good));
      assertRefused("nonce", recover(provider, account, other, good));
      assertRefused(
          "nonce",
          recover(
              provider,
              account,
              response,
              quote(QuoteContext.ENCRYPTION_KEY_RECOVERY_REQUEST, account, response, filled(9))));
      assertRefused("input data", recover(provider, stash("bob"), response, good));
      assertRefused(
          "input data",
          recover(
              provider, account, response, quote(QuoteContext.VALIDATE, account, response, nonce)));
      assertRefused("Quote parse", recover(provider, account, response, good.slice(0, 600)));
      assertRefused("Quote verify", recover(provider, account, response, changed(good, 640)));
      Account stranger = stash("eve");
      assertRefused(
          "not present",
          recover(
              provider,
              stranger,
              response,
              quote(QuoteContext.ENCRYPTION_KEY_RECOVERY_REQUEST, stranger, response, nonce)));
      believing = true;
      assertRefused("debug", recover(provider, account, response, changed(good, 168)));
      accept(filled(3));
      assertRefused("measurement", recover(provider, account, response, good));
      assertEquals(400, post(provider, "recover_encryption_key", Bytes.utf8("{}")).status());
      assertEquals(
          400, post(provider, "backup_provider_quote_nonce", Bytes.utf8("[1,2]")).status());
    }
  }

  /// G5: a nonce that Bob signed for anybody is a well-signed deposit of Bob.
  @Test
  void backup_replayedNonceOfTheDepositor_doesNotReplaceItsKey() throws Exception {
    EntropyServer alice = readyPair();
    EntropyServer bob = running("bob").server();
    byte[] secret = filled(5).toArray();
    Bytes responseKey =
        Bytes.copyOf(new X25519PrivateKeyParameters(secret).generatePublicKey().getEncoded());
    V1Answer answer =
        post(bob, "backup_provider_quote_nonce", Bytes.utf8(JsonBytes.numbers(responseKey)));
    byte[] inner = open(answer.body(), secret);
    Bytes forged = sealed(inner, key("alice"));

    assertRefused("Another key is held", post(alice, "backup_encryption_key", forged));
    stop("bob");
    EntropyServer again = start("bob");
    await(() -> again.node().state() == V1State.READY);
  }

  @Test
  void restart_answersOfAnotherSigner_areNotBelievedAndNothingStartsFresh() throws Exception {
    readyPair();
    stop("bob");
    ProviderDetails right = details("bob");
    ServerInfo provider = right.provider();
    write(
        new ProviderDetails(
            new ServerInfo(provider.x25519Key(), provider.endpoint(), stash("eve")),
            right.account()));
    EntropyServer wrong = start("bob");
    await(() -> wrong.node().progress().contains("another than the recorded provider"));
    assertEquals(V1State.NO_CHAIN_CONNECTION, wrong.node().state());
    stop("bob");

    write(right);
    EntropyServer again = start("bob");
    await(() -> again.node().state() == V1State.READY);
    assertEquals(right.account(), details("bob").account());
  }

  @Test
  void restart_otherAccountInFile_doesNotOpenTheStore() throws Exception {
    EntropyServer alice = readyPair();
    stop("bob");
    ProviderDetails right = details("bob");
    try (TssKeys charlie = DevelopmentAccount.CHARLIE.keys()) {
      chain
          .server(stash("charlie"), new ChainServer(charlie.account(), KEY, KEY, Bytes.EMPTY))
          .produce()
          .finalise();
      assertEquals(200, backup(alice, charlie, KEY).status());
      write(new ProviderDetails(right.provider(), charlie.account()));
    }
    EntropyServer wrong = start("bob");
    await(() -> wrong.node().progress().matches("RECOVERING: .*(account|store).*"));
    assertEquals(V1State.NO_CHAIN_CONNECTION, wrong.node().state());
  }

  @Test
  void restart_withoutProviderFile_isRefusedAndKeepsTheStore() throws Exception {
    readyPair();
    stop("bob");
    Files.delete(folder.resolve("bob").resolve(ProviderDetails.FILE));
    start("bob");
    Running bob = running("bob");
    bob.life().join(PATIENCE);
    assertTrue(String.valueOf(bob.ends().getFirst().getMessage()).contains("there is a store"));
    assertTrue(Files.isDirectory(folder.resolve("bob").resolve("store")));
  }

  @Test
  void restart_storeWhoseKeyNobodyHolds_isPutAside() throws Exception {
    EntropyServer first = start("alice");
    await(() -> first.node().progress().startsWith("WAITING_ADMISSION"));
    stop("alice");
    EntropyServer again = start("alice");
    await(() -> again.node().progress().startsWith("WAITING_ADMISSION"));
    assertTrue(Files.isDirectory(folder.resolve("alice").resolve("store-unconfirmed")));
  }

  @Test
  void provider_leavesTheValidators_isReplaced() throws Exception {
    readyPair();
    assertEquals(endpoint("alice"), details("bob").provider().endpoint());
    register("dave", start("dave"));
    await(() -> running("dave").server().node().state() == V1State.READY);
    validators.remove(stash("alice"));
    chain.validators(validators).produce().finalise();
    await(() -> details("bob").provider().endpoint().equals(endpoint("dave")));
    stop("bob");
    EntropyServer again = start("bob");
    await(() -> again.node().state() == V1State.READY);
  }

  /// Alice and Bob, ready; Bob's key is with Alice.
  private EntropyServer readyPair() throws Exception {
    EntropyServer alice = start("alice");
    EntropyServer bob = start("bob");
    register("alice", alice);
    register("bob", bob);
    await(() -> alice.node().state() == V1State.READY && bob.node().state() == V1State.READY);
    return alice;
  }

  private EntropyServer start(String name) throws Exception {
    int port =
        Files.exists(folder.resolve(name + ".port"))
            ? Integer.parseInt(Files.readString(folder.resolve(name + ".port")))
            : 0;
    EntropyServer server =
        EntropyServer.start(
            new EntropyServer.Settings(
                folder.resolve(name),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                List.of(ChainEndpoint.parse("ws://127.0.0.1:" + stub.port())),
                chain.genesis(),
                () -> DevelopmentAccount.valueOf(name.toUpperCase(Locale.ROOT)).keys(),
                OPTIONS),
            quoting(),
            line -> {},
            bug -> {
              throw new AssertionError(bug);
            });
    Files.writeString(folder.resolve(name + ".port"), Integer.toString(server.port()));
    List<Throwable> ends = new ArrayList<>();
    Thread life =
        Thread.ofVirtual()
            .start(() -> {
              try {
                server.run();
              } catch (Exception e) {
                ends.add(e);
              }
            });
    running.put(name, new Running(server, life, ends));
    return server;
  }

  private void stop(String name) throws Exception {
    Running one = running.remove(name);
    one.server().close();
    one.life().join(PATIENCE);
  }

  private void register(String name, EntropyServer server) throws Exception {
    JsonObject info = info(server);
    Account account = Ss58.parse(info.string("account_id"));
    validators.add(stash(name));
    chain
        .validators(validators)
        .balance(account, V1Node.MIN_BALANCE)
        .server(
            stash(name),
            new ChainServer(account, key(name), Bytes.utf8(endpoint(name).toString()), KEY))
        .produce()
        .finalise();
  }

  private Running running(String name) {
    return Optional.ofNullable(running.get(name)).orElseThrow();
  }

  private JsonObject info(EntropyServer server) throws Exception {
    await(() -> get(server, "/v1/info").status() == 200);
    return Json.parse(get(server, "/v1/info").body()).asObject();
  }

  private Bytes key(String name) throws Exception {
    return JsonBytes.parseKey(info(running(name).server()).member("x25519_public_key"), 32);
  }

  private Endpoint endpoint(String name) throws MalformedException {
    return Endpoint.parse("127.0.0.1:" + running(name).server().port());
  }

  private ProviderDetails details(String name) throws IOException, MalformedException {
    Path file = folder.resolve(name).resolve(ProviderDetails.FILE);
    return ProviderDetails.parse(Bytes.copyOf(Files.readAllBytes(file)));
  }

  private void write(ProviderDetails details) throws IOException {
    Files.write(folder.resolve("bob").resolve(ProviderDetails.FILE), details.toBytes().toArray());
  }

  private void accept(Bytes measurement) {
    chain.accepted(List.of(measurement)).produce().finalise();
  }

  private static Bytes mockMeasurement() throws MalformedException {
    return Quote.parse(MockQuote.create(stash("x"), Bytes.zero(64), RANDOM)).measurement();
  }

  private V1Answer backup(EntropyServer provider, TssKeys depositor, Bytes key) throws Exception {
    Bytes receiver = JsonBytes.parseKey(info(provider).member("x25519_public_key"), 32);
    return post(provider, "backup_encryption_key", message(depositor, key, receiver));
  }

  private static Bytes message(TssKeys sender, Bytes payload, Bytes receiver) throws Exception {
    try (SecretBytes secret = SecretBytes.copyOf(payload.toArray())) {
      return EncryptedSignedMessage.seal(secret, sender.signing(), receiver, RANDOM).toJson();
    }
  }

  private static Bytes nonce(EntropyServer provider, X25519Key response) throws Exception {
    V1Answer answer =
        post(
            provider,
            "backup_provider_quote_nonce",
            Bytes.utf8(JsonBytes.numbers(response.publicKey())));
    assertEquals(200, answer.status());
    try (SignedMessage message = EncryptedSignedMessage.parse(answer.body()).open(response)) {
      return message.payload().apply(Bytes::copyOf);
    }
  }

  private static Bytes quote(
      QuoteContext context, Account account, X25519Key response, Bytes nonce) {
    return MockQuote.create(
        account, context.reportData(account, response.publicKey(), nonce), RANDOM);
  }

  private static V1Answer recover(
      EntropyServer provider, Account account, X25519Key response, Bytes quote) throws Exception {
    return post(
        provider,
        "recover_encryption_key",
        new RecoveryRequest(account, response.publicKey(), quote).toBytes());
  }

  private static Bytes recovered(
      EntropyServer provider, Account account, X25519Key response, Bytes quote) throws Exception {
    V1Answer answer = recover(provider, account, response, quote);
    assertEquals(200, answer.status(), text(answer));
    try (SignedMessage message = EncryptedSignedMessage.parse(answer.body()).open(response)) {
      return message.payload().apply(Bytes::copyOf);
    }
  }

  private static V1Answer post(EntropyServer server, String route, Bytes body) throws Exception {
    return server.node().routes().answer("POST", "/v1/" + route, "", body);
  }

  private static V1Answer get(EntropyServer server, String path) throws Exception {
    return server.node().routes().answer("GET", path, "", Bytes.EMPTY);
  }

  private static void assertRefused(String why, V1Answer answer) {
    assertEquals(500, answer.status(), text(answer));
    assertTrue(text(answer).contains(why), text(answer));
  }

  private static String text(V1Answer answer) {
    return new String(answer.body().toArray(), StandardCharsets.UTF_8);
  }

  private static byte[] open(Bytes message, byte[] secret) throws Exception {
    JsonObject sealed = Json.parse(message).asObject().object("hpke_message");
    X25519PrivateKeyParameters key = new X25519PrivateKeyParameters(secret);
    return hpke()
        .setupBaseR(
            Bytes.parseHex(sealed.string("encapsulation").substring(2)).toArray(),
            new AsymmetricCipherKeyPair(key.generatePublicKey(), key),
            new byte[0])
        .open(new byte[0], Bytes.parseHex(sealed.string("ciphertext").substring(2)).toArray());
  }

  private static Bytes sealed(byte[] inner, Bytes receiver) throws Exception {
    var context = hpke().setupBaseS(hpke().deserializePublicKey(receiver.toArray()), new byte[0]);
    Bytes ciphertext = Bytes.copyOf(context.seal(new byte[0], inner));
    return Bytes.utf8(
        "{\"hpke_message\":{\"ciphertext\":\"0x%s\",\"encapsulation\":\"0x%s\"}}"
            .formatted(ciphertext.toHex(), Bytes.copyOf(context.getEncapsulation()).toHex()));
  }

  private static HPKE hpke() {
    return new HPKE(
        HPKE.mode_base, HPKE.kem_X25519_SHA256, HPKE.kdf_HKDF_SHA256, HPKE.aead_CHACHA20_POLY1305);
  }

  /// Mock quotes; while believing, whatever the signatures.
  private Quoting quoting() {
    Quoting mock = Quoting.mock(RANDOM);
    return new Quoting() {
      @Override
      public Bytes quote(Account account, Bytes reportData)
          throws IOException, InterruptedException {
        return mock.quote(account, reportData);
      }

      @Override
      public void requireGenuine(Quote quote, Bytes bytes) throws MalformedException {
        if (!believing) {
          mock.requireGenuine(quote, bytes);
        }
      }
    };
  }

  private static Account stash(String name) {
    return new Account(Bytes.utf8(name).sha256());
  }

  private static Bytes filled(int octet) {
    byte[] bytes = new byte[32];
    Arrays.fill(bytes, (byte) octet);
    return Bytes.copyOf(bytes);
  }

  private static Bytes changed(Bytes bytes, int offset) {
    byte[] array = bytes.toArray();
    array[offset] ^= 1;
    return Bytes.copyOf(array);
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  private static void await(Condition condition) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.holds()) {
      assertTrue(System.nanoTime() < end, "it does not come");
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }
}
