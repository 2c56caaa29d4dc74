package dev.holdfast.platform.collateral;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.codec.Bytes;
import dev.holdfast.platform.collateral.CollateralCache.Held;
import dev.holdfast.platform.collateral.CollateralServiceException.Kind;
import dev.holdfast.platform.collateral.MockPccs.Answer;
import dev.holdfast.simulator.CollateralRecipe;
import dev.holdfast.simulator.pki.Authority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CollateralCacheTest {
  private static final CollateralCache.Options OPTIONS =
      CollateralCache.Options.defaults(Duration.ofMinutes(10));
  private static final Duration FRESH = OPTIONS.period().plus(OPTIONS.jitter());
  private static final int DOCUMENTS = 4;

  @TempDir private Path parent;
  private Path folder;
  private MockPccs pccs;
  private CollateralService service;
  private CollateralCache cache;
  private volatile Instant now = Vendor.NOW;

  @BeforeEach
  void startServer() throws IOException {
    folder = parent.resolve("data").resolve("collateral");
    pccs = MockPccs.start();
    serve(Vendor.NOW);
    service =
        new CollateralService(
            pccs.url(),
            new CollateralService.Options(
                Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(60)),
            () -> now,
            Vendor.realTicker());
    restart();
  }

  @AfterEach
  void stopServer() {
    service.close();
    pccs.close();
  }

  private void restart() {
    cache = new CollateralCache(folder, service, Vendor.VERIFIER, OPTIONS, () -> now);
  }

  private void serve(Instant issued) {
    serve(issued, UnaryOperator.identity());
  }

  private void serve(Instant issued, UnaryOperator<CollateralRecipe> change) {
    pccs.serve(Vendor.KEY, Vendor.collateral(issued, change));
  }

  private Held find() throws Exception {
    return cache.find(Vendor.KEY);
  }

  private CollateralServiceException failure() {
    return assertThrows(CollateralServiceException.class, this::find);
  }

  // Freshness

  @Test
  void find_fresh_asksOnce() throws Exception {
    Held first = find();
    now = now.plus(FRESH).minusSeconds(1);
    Held second = find();

    assertEquals(first, second);
    assertEquals(Optional.empty(), second.problem());
    assertEquals(DOCUMENTS, pccs.requests().size());
  }

  @Test
  void find_periodAndJitterOver_asksAgain() throws Exception {
    find();
    now = now.plus(FRESH);
    serve(now);

    assertEquals(now.minus(CollateralRecipe.BACKDATED), find().facts().validFrom());
    assertEquals(2 * DOCUMENTS, pccs.requests().size());
  }

  @Test
  void find_nearTheEnd_asksMoreOften() throws Exception {
    Instant end = find().facts().validUntil();
    now = end.minus(OPTIONS.nearEnd()).plusSeconds(1);
    find();
    int before = pccs.requests().size();

    now = now.plus(OPTIONS.shortPeriod()).plus(OPTIONS.jitter()).minusSeconds(1);
    find();
    assertEquals(before, pccs.requests().size());
    now = now.plusSeconds(1);
    find();
    assertEquals(before + DOCUMENTS, pccs.requests().size());
  }

  @Test
  void find_clockSetBack_asksAgain() throws Exception {
    find();
    now = now.minusSeconds(1);
    find();

    assertEquals(2 * DOCUMENTS, pccs.requests().size());
  }

  @Test
  void find_manyAtOnce_isOneFetch() throws Exception {
    List<Future<Held>> running = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 50; i++) {
        running.add(threads.submit(this::find));
      }
    }

    for (Future<Held> each : running) {
      assertEquals(find(), each.get());
    }
    assertEquals(DOCUMENTS, pccs.requests().size(), pccs.requests()::toString);
    assertEquals(DOCUMENTS, pccs.requests().stream().distinct().count());
  }

  @Test
  void find_manyAtOnceAndTheServiceFails_isOneRequest() throws Exception {
    pccs.putEverywhere(Answer.of(500));
    List<Future<CollateralServiceException>> running = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 50; i++) {
        running.add(threads.submit(this::failure));
      }
    }

    for (Future<CollateralServiceException> each : running) {
      assertEquals(Kind.FAILED, each.get().kind());
    }
    assertEquals(1, pccs.requests().size(), pccs.requests()::toString);
  }

  // Stale if error

  @Test
  void find_serviceDown_servesWhatIsValidAndSaysSo() throws Exception {
    Held first = find();
    pccs.close();
    now = first.facts().validUntil();

    Held stale = find();

    assertEquals(first.collateral(), stale.collateral());
    assertEquals(Kind.UNREACHABLE, stale.problem().orElseThrow().kind());
  }

  @Test
  void find_serviceDownAndADocumentEnded_fails() throws Exception {
    Held first = find();
    pccs.close();
    now = first.facts().validUntil().plusSeconds(1);

    CollateralServiceException e = failure();

    assertEquals(Kind.UNREACHABLE, e.kind());
    assertTrue(String.valueOf(e.getMessage()).contains("what is cached holds from"), e::toString);
  }

  @Test
  void find_clockBeforeTheDocuments_servesNothing() throws Exception {
    Held first = find();
    pccs.close();
    now = first.facts().validFrom().minusSeconds(1);

    assertEquals(Kind.UNREACHABLE, failure().kind());
  }

  @Test
  void find_afterAFailure_waitsBeforeItAsksAgain() throws Exception {
    pccs.putEverywhere(Answer.of(500));
    failure();
    now = now.plus(OPTIONS.pause()).minusSeconds(1);
    failure();
    assertEquals(1, pccs.requests().size());

    now = now.plusSeconds(1);
    serve(Vendor.NOW);

    assertEquals(Optional.empty(), find().problem());
  }

  @Test
  void find_serviceAsksToWait_waitsSoLong() throws Exception {
    pccs.putEverywhere(Answer.of(429).with("Retry-After", "3600"));
    failure();
    serve(Vendor.NOW);
    now = now.plusSeconds(3599);
    assertEquals(Kind.BUSY, failure().kind());
    now = now.plusSeconds(1);

    assertEquals(Optional.empty(), find().problem());
  }

  @Test
  void find_serviceAsksToWaitForDays_isAskedAfterThePeriod() throws Exception {
    pccs.putEverywhere(Answer.of(503).with("Retry-After", "999999999"));
    failure();
    serve(Vendor.NOW);
    now = now.plus(OPTIONS.period());

    assertEquals(Optional.empty(), find().problem());
  }

  // What may be kept

  @Test
  void find_forgedDocument_isRefusedAndTheOldServed() throws Exception {
    Held first = find();
    now = now.plus(FRESH);
    serve(now, c -> c.withTcbInfo(d -> d.withSignature(s -> Bytes.zero(64))));

    Held stale = find();

    assertEquals(first.collateral(), stale.collateral());
    CollateralServiceException problem = stale.problem().orElseThrow();
    assertEquals(Kind.NOT_AUTHENTIC, problem.kind());
    assertTrue(String.valueOf(problem.getMessage()).contains("tcb-info-signature-invalid"));
  }

  @Test
  void find_forgedNewerDocument_raisesNothing() throws Exception {
    serve(
        now.plus(Duration.ofDays(1)),
        c -> c.withEvaluationNumber(99).withTcbInfo(d -> d.withSignature(s -> Bytes.zero(64))));
    failure();
    now = now.plus(OPTIONS.pause());
    serve(Vendor.NOW);

    assertEquals(Optional.empty(), find().problem());
  }

  @Test
  void find_ofAnotherRoot_isRefused() {
    pccs.serve(
        Vendor.KEY,
        Vendor.OTHER.collateral(CollateralRecipe.defaults(Vendor.KEY.fmspc(), Vendor.NOW)));

    assertEquals(Kind.NOT_AUTHENTIC, failure().kind());
    assertFalse(Files.exists(folder));
  }

  @Test
  void find_ofAnotherPlatform_isRefused() throws Exception {
    Bytes other = Bytes.parseHex("00906ed50000");
    pccs.serve(Vendor.KEY, Vendor.VENDOR.collateral(CollateralRecipe.defaults(other, Vendor.NOW)));

    assertEquals(Kind.WRONG_DOCUMENT, failure().kind());
  }

  @Test
  void find_crlOfTheOtherCa_isRefused() {
    serve(Vendor.NOW, c -> c.withCa(dev.holdfast.simulator.pki.Authority.PROCESSOR_CA));

    assertEquals(Kind.WRONG_DOCUMENT, failure().kind());
  }

  @Test
  void find_servedAlreadyExpired_isRefused() {
    serve(Vendor.NOW.minus(Duration.ofDays(31)));

    assertEquals(Kind.OUT_OF_DATE, failure().kind());
  }

  // Floors

  /// Each makes one document older than before, the others newer.
  enum Older {
    TCB_NUMBER("tcb-info-tdx-") {
      @Override
      CollateralRecipe change(CollateralRecipe recipe) {
        return recipe.withTcbInfo(d -> d.withEvaluationNumber(18));
      }
    },
    QE_NUMBER("qe-identity-tdx-") {
      @Override
      CollateralRecipe change(CollateralRecipe recipe) {
        return recipe.withQeIdentity(d -> d.withEvaluationNumber(18));
      }
    },
    TCB_DATE("tcb-info-tdx-") {
      @Override
      CollateralRecipe change(CollateralRecipe recipe) {
        return recipe.withTcbInfo(d -> d.withDates(BEFORE, UNTIL));
      }
    },
    QE_DATE("qe-identity-tdx-") {
      @Override
      CollateralRecipe change(CollateralRecipe recipe) {
        return recipe.withQeIdentity(d -> d.withDates(BEFORE, UNTIL));
      }
    },
    PCK_CRL("pck-crl-platform") {
      @Override
      CollateralRecipe change(CollateralRecipe recipe) {
        return recipe.withPckCrl(crl -> crl.withUpdates(BEFORE, UNTIL));
      }
    },
    ROOT_CRL("root-crl") {
      @Override
      CollateralRecipe change(CollateralRecipe recipe) {
        return recipe.withRootCrl(crl -> crl.withUpdates(BEFORE, UNTIL));
      }
    };

    private static final Instant BEFORE =
        Vendor.NOW.minus(CollateralRecipe.BACKDATED).minusSeconds(1);
    private static final Instant UNTIL = BEFORE.plus(Duration.ofDays(30));
    private final String named;

    Older(String named) {
      this.named = named;
    }

    abstract CollateralRecipe change(CollateralRecipe recipe);
  }

  @ParameterizedTest
  @EnumSource
  void find_oneDocumentOlderThanHeld_isRefusedByName(Older older) throws Exception {
    serve(Vendor.NOW, c -> c.withEvaluationNumber(19));
    Held first = find();
    now = now.plus(FRESH);
    serve(now, c -> older.change(c.withEvaluationNumber(19)));

    Held stale = find();

    assertEquals(first.collateral(), stale.collateral());
    assertOlder(older, stale.problem().orElseThrow());
  }

  @ParameterizedTest
  @EnumSource
  void find_olderThanWhatWasHeldBeforeARestart_isRefused(Older older) throws Exception {
    serve(Vendor.NOW, c -> c.withEvaluationNumber(19));
    find();
    Files.delete(folder.resolve(Vendor.KEY + ".json"));
    restart();
    serve(now.plus(Duration.ofMinutes(5)), c -> older.change(c.withEvaluationNumber(19)));

    assertOlder(older, failure());
  }

  private static void assertOlder(Older older, CollateralServiceException e) {
    String message = String.valueOf(e.getMessage());
    assertEquals(Kind.OLDER, e.kind(), message);
    assertTrue(message.contains(": " + older.named), message);
    assertFalse(message.contains("; tcb") || message.contains("; qe"), message);
  }

  @Test
  void find_sameDocumentsAgain_areTaken() throws Exception {
    find();
    now = now.plus(FRESH);

    assertEquals(Optional.empty(), find().problem());
  }

  @Test
  void find_folderEmptiedWhileRunning_stillRefusesOlder() throws Exception {
    serve(Vendor.NOW, c -> c.withEvaluationNumber(19));
    find();
    Files.delete(folder.resolve("floors.json"));
    now = now.plus(FRESH);
    serve(now, c -> c.withEvaluationNumber(18));

    assertEquals(Kind.OLDER, find().problem().orElseThrow().kind());
  }

  /// A leaked key, revoked already, must not make genuine documents look old.
  @Test
  void find_issuerRevokedByItsOwnRootCrl_raisesThatCrlAloneAndIsAskedForAgain() throws Exception {
    find();
    now = now.plus(FRESH);
    serve(
        now,
        c ->
            c.withEvaluationNumber(99)
                .withRootCrl(crl -> crl.withRevoked(Vendor.VENDOR.serial(Authority.TCB_SIGNING))));
    assertTrue(find().facts().issuerRevoked());

    now = now.plusSeconds(1);
    serve(now);
    Held genuine = find();
    assertFalse(genuine.facts().issuerRevoked());
    assertEquals(Optional.empty(), genuine.problem());
    assertFalse(Files.readString(folder.resolve("floors.json")).contains("99"));
  }

  @Test
  void find_earlyAndStandard_haveFloorsOfTheirOwn() throws Exception {
    pccs.serve(Vendor.EARLY, Vendor.collateral(Vendor.NOW, c -> c.withEvaluationNumber(30)));
    assertEquals(30, cache.find(Vendor.EARLY).facts().tcbInfo().evaluationNumber());

    assertEquals(Optional.empty(), find().problem());
  }

  @Test
  void floors_ofAnotherProcess_countHereToo() throws Exception {
    serve(Vendor.NOW, c -> c.withEvaluationNumber(17));
    find();
    now = now.plus(FRESH);
    serve(now, c -> c.withEvaluationNumber(19));
    new CollateralCache(folder, service, Vendor.VERIFIER, OPTIONS, () -> now).find(Vendor.KEY);
    serve(now, c -> c.withEvaluationNumber(18));

    assertEquals(Kind.OLDER, find().problem().orElseThrow().kind());
  }

  // The folder

  @Test
  void restart_serviceDown_servesFromDisk() throws Exception {
    Held first = find();
    pccs.close();
    restart();

    assertEquals(first, find());
    now = now.plus(FRESH);
    Held stale = find();
    assertEquals(first.collateral(), stale.collateral());
    assertTrue(stale.problem().isPresent());
  }

  @Test
  void folder_written_isOwnerOnlyAndHoldsNoLeftovers() throws Exception {
    find();

    assertEquals("rwx------", permissions(folder));
    try (var files = Files.list(folder)) {
      List<String> names = files.map(file -> file.getFileName().toString()).sorted().toList();
      assertEquals(List.of("floors.json", "lock", Vendor.KEY + ".json"), names);
    }
    assertEquals("rw-------", permissions(folder.resolve("floors.json")));
    assertEquals("rw-------", permissions(folder.resolve(Vendor.KEY + ".json")));
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "{\"version\":1}", "[]", "half", "far"})
  void restart_damagedFile_isNotServedAndReplaced(String content) throws Exception {
    Held first = find();
    Path file = folder.resolve(Vendor.KEY + ".json");
    String whole = Files.readString(file);
    Files.writeString(
        file,
        switch (content) {
          case "half" -> whole.substring(0, whole.length() / 2);
          case "far" -> whole.replace(Vendor.NOW.toString(), Instant.MAX.toString());
          default -> content;
        });
    restart();
    pccs.putEverywhere(Answer.of(500));

    CollateralServiceException e = failure();
    assertTrue(
        String.valueOf(e.getMessage()).contains("what is cached cannot be used"), e::toString);

    serve(Vendor.NOW);
    now = now.plus(OPTIONS.pause());
    assertEquals(Kind.CACHE_DAMAGED, find().problem().orElseThrow().kind());
    assertEquals(Optional.empty(), find().problem());
    assertEquals(first.collateral(), find().collateral());
  }

  @Test
  void restart_forgedFileOfHigherNumber_isNotServedAndRaisesNothing() throws Exception {
    find();
    Bytes forged =
        Vendor.collateral(
            now.plus(Duration.ofDays(1)),
            c ->
                c.withEvaluationNumber(99)
                    .withQeIdentity(d -> d.withSignature(s -> Bytes.zero(64))));
    put(new CacheEntry(now, Vendor.parsed(forged)));
    restart();

    assertEquals(Kind.CACHE_DAMAGED, find().problem().orElseThrow().kind());
    assertEquals(Optional.empty(), find().problem());
    assertFalse(Files.readString(folder.resolve("floors.json")).contains("99"));
  }

  @Test
  void restart_olderFilePutBack_isNotServed() throws Exception {
    find();
    byte[] old = Files.readAllBytes(folder.resolve(Vendor.KEY + ".json"));
    now = now.plus(FRESH);
    serve(now);
    find();
    Files.write(folder.resolve(Vendor.KEY + ".json"), old);
    restart();
    pccs.close();

    String message = String.valueOf(failure().getMessage());
    assertTrue(message.contains("what is cached cannot be used: older"), message);
  }

  @Test
  void restart_fileOfAnotherKey_isNotServed() throws Exception {
    find();
    Bytes other = Bytes.parseHex("00906ed50000");
    put(
        new CacheEntry(
            now,
            Vendor.parsed(Vendor.VENDOR.collateral(CollateralRecipe.defaults(other, Vendor.NOW)))));
    restart();
    pccs.close();

    String message = String.valueOf(failure().getMessage());
    assertTrue(message.contains("wrong-document"), message);
  }

  @Test
  void restart_claimsToBeFetchedInTheFuture_isAskedForAgain() throws Exception {
    Held held = find();
    put(new CacheEntry(now.plusSeconds(1), held.collateral()));
    restart();
    find();

    assertEquals(2 * DOCUMENTS, pccs.requests().size());
  }

  private void put(CacheEntry entry) throws IOException {
    Files.write(folder.resolve(Vendor.KEY + ".json"), entry.toJson().toArray());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "{\"version\":1,\"anchor\":\"00\",\"floors\":{}}"})
  void floors_damaged_nothingIsServed(String content) throws Exception {
    find();
    Files.writeString(folder.resolve("floors.json"), content);
    restart();

    assertEquals(Kind.CACHE_DAMAGED, failure().kind());
  }

  @Test
  void floors_ofAnotherTrustAnchor_nothingIsServed() throws Exception {
    find();
    cache =
        new CollateralCache(
            folder,
            service,
            dev.holdfast.attestation.AttestationVerifier.of(Vendor.anchor(Vendor.OTHER)),
            OPTIONS,
            () -> now);

    CollateralServiceException e = failure();

    assertEquals(Kind.CACHE_DAMAGED, e.kind());
    assertTrue(String.valueOf(e.getMessage()).contains("trust anchor"), e::toString);
  }

  @Test
  void folder_isNone_nothingIsServed() throws Exception {
    Files.createDirectories(parent.resolve("data"));
    Files.writeString(folder, "no folder");

    assertEquals(Kind.CACHE_FAILED, failure().kind());
  }

  @Test
  void folder_cannotBeWritten_servesAndSaysSo() throws Exception {
    Files.createDirectories(folder.resolve(Vendor.KEY + ".json"));

    assertEquals(Kind.CACHE_DAMAGED, find().problem().orElseThrow().kind());
    assertEquals(Kind.CACHE_FAILED, find().problem().orElseThrow().kind());
    assertEquals(DOCUMENTS, pccs.requests().size());
  }

  @Test
  void keys_atLimitAndOnePast_areRememberedAndTheLeastUsedIsNot() {
    List<CollateralKey> keys = new ArrayList<>();
    for (int i = 0; i <= CollateralCache.MAX_KEYS; i++) {
      Bytes fmspc = new dev.holdfast.codec.ByteWriter().u16be(0).u32be(i).toBytes();
      keys.add(
          new CollateralKey(Vendor.KEY.tee(), fmspc, Vendor.KEY.ca(), TcbUpdate.Channel.STANDARD));
    }
    keys.subList(0, CollateralCache.MAX_KEYS).forEach(this::askInVain);
    askInVain(keys.getFirst());
    assertEquals(CollateralCache.MAX_KEYS, pccs.requests().size());

    askInVain(keys.getLast());
    askInVain(keys.getFirst());
    assertEquals(CollateralCache.MAX_KEYS + 1, pccs.requests().size());
    askInVain(keys.get(1));
    assertEquals(CollateralCache.MAX_KEYS + 2, pccs.requests().size());
  }

  private void askInVain(CollateralKey key) {
    assertEquals(
        Kind.UNKNOWN_PLATFORM,
        assertThrows(CollateralServiceException.class, () -> cache.find(key)).kind());
  }

  @Test
  void floors_atLimitAndOnePast_areKeptAndRefused() {
    Floors full = Floors.NONE;
    java.util.Map<String, Floors.Floor> many = new java.util.TreeMap<>();
    for (int i = 0; i < Floors.MAX_DOCUMENTS; i++) {
      many.put("document-" + i, new Floors.Floor(1, Vendor.NOW));
    }
    full = full.with(many);

    assertEquals(Floors.MAX_DOCUMENTS, full.byDocument().size());
    assertTrue(full.hasRoomFor(many));
    assertFalse(full.hasRoomFor(java.util.Map.of("one more", new Floors.Floor(1, Vendor.NOW))));
    assertTrue(full.toJson(Bytes.zero(32)).size() <= Floors.MAX_FILE_BYTES);
  }
}
