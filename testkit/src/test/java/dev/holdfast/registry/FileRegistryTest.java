package dev.holdfast.registry;

import static dev.holdfast.testkit.Records.NOON;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.codec.Bytes;
import dev.holdfast.crypto.SigningKey;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.Limits;
import dev.holdfast.protocol.SignedRecord;
import dev.holdfast.registry.FileRegistry.Options;
import dev.holdfast.registry.MembershipView.Ignored;
import dev.holdfast.registry.MembershipView.Listing;
import dev.holdfast.registry.RegistryException.Kind;
import dev.holdfast.testkit.MembershipRegistryContract;
import dev.holdfast.testkit.Records;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileRegistryTest extends MembershipRegistryContract {
  private static final Options RARELY = new Options(Duration.ofDays(1), 100, 200);

  @TempDir private Path folder;

  @Override
  protected MembershipRegistry connect() {
    return FileRegistry.open(folder, RARELY, Records.RANDOM);
  }

  @Override
  protected void plantForeign() throws IOException {
    write(folder.resolve("README.txt"), Bytes.zero(10));
  }

  @Override
  protected void plantMalformed(AccountId account) throws IOException {
    write(file(account), Records.record(account, 1).slice(0, 100));
  }

  @Override
  protected void takeAway() throws IOException {
    Files.move(folder, moved());
  }

  @Override
  protected void bringBack() throws IOException {
    Files.move(moved(), folder);
  }

  @Override
  protected void look(MembershipRegistry registry) {
    ((FileRegistry) registry).rescan();
  }

  private Path moved() {
    return folder.resolveSibling(folder.getFileName() + "-moved");
  }

  // Writing.

  @Test
  void publish_done_leavesOneFileNamedByTheAccount() throws Exception {
    AccountId account = Records.account();
    Bytes record = Records.record(account, 1);
    registry().publish(record);

    assertEquals(List.of(account + ".json"), names());
    assertEquals(record, Bytes.copyOf(Files.readAllBytes(file(account))));
  }

  @Test
  void publish_afterACrashOfAnEarlierOne_removesWhatItLeft() throws Exception {
    AccountId account = Records.account();
    AccountId other = Records.account();
    Files.writeString(folder.resolve("." + account + ".json.0011223344556677"), "{\"half\":");
    Files.writeString(folder.resolve("." + other + ".json.0011223344556677"), "another's");

    registry().publish(Records.record(account, 1));

    assertEquals(List.of("." + other + ".json.0011223344556677", account + ".json"), names());
  }

  @Test
  void publish_overAHalfWrittenFile_replacesIt() throws Exception {
    AccountId account = Records.account();
    Bytes record = Records.record(account, 1);
    Files.write(file(account), record.slice(0, 100).toArray());

    registry().publish(record);

    assertEquals(Optional.of(record), registry().record(account));
  }

  @Test
  void publish_noFolder_isUnavailableAndCreatesNone() throws Exception {
    Path absent = folder.resolve("absent");
    try (FileRegistry registry = FileRegistry.open(absent, RARELY, Records.RANDOM)) {
      assertFails(
          Kind.REGISTRY_UNAVAILABLE, () -> registry.publish(Records.record(Records.account(), 1)));
      assertTrue(registry.view().stale().orElseThrow().endsWith("there is no such folder"));
      assertFalse(Files.exists(absent));
    }
  }

  @Test
  void publish_interrupted_endsAndLeavesNothing() throws Exception {
    AccountId account = Records.account();
    Thread.currentThread().interrupt();

    assertThrows(InterruptedException.class, () -> registry().publish(Records.record(account, 1)));

    assertEquals(List.of(), names());
  }

  @Test
  void publish_interrupted_keepsWhatWasListed() throws Exception {
    AccountId account = Records.account();
    registry().publish(Records.record(account, 1));
    MembershipView before = registry().view();
    Thread.currentThread().interrupt();

    assertThrows(InterruptedException.class, () -> registry().publish(Records.record(account, 2)));

    assertEquals(before.listings(), registry().view().listings());
  }

  @Test
  void publish_membersAtTheLimit_newcomerIsRefusedAndOldMembersAreNot() throws Exception {
    List<AccountId> accounts = new ArrayList<>();
    try (FileRegistry registry = limited(3)) {
      for (int i = 0; i < 3; i++) {
        accounts.add(Records.account());
        registry.publish(Records.record(accounts.get(i), 1));
      }

      assertFails(Kind.REGISTRY_FULL, () -> registry.publish(Records.record(Records.account(), 1)));
      registry.publish(Records.record(accounts.getFirst(), 2));
      registry.withdraw(accounts.getLast());
      registry.publish(Records.record(Records.account(), 1));

      assertEquals(3, registry.view().listings().size());
    }
  }

  @Test
  void withdraw_withCopies_removesThemToo() throws Exception {
    AccountId account = Records.account();
    write(copy(account), Records.record(account, 1));
    write(file(account), Records.record(account, 2));
    FileRegistry registry = (FileRegistry) registry();
    registry.rescan();

    registry.withdraw(account);

    assertEquals(List.of(), names());
    assertEquals(List.of(), registry.view().listings());
  }

  // What others put into the folder.

  @Test
  void watch_fileWrittenChangedAndDeletedByOthers_isFollowed() throws Exception {
    AccountId account = Records.account();
    write(file(account), Records.record(account, 1));
    awaitAccounts(registry(), List.of(account));

    Bytes newer = Records.record(account, 2);
    write(file(account), newer);
    Listing listing = new Listing(account, newer.sha256());
    awaitView(registry(), view -> view.listings().equals(List.of(listing)));

    Files.delete(file(account));
    awaitAccounts(registry(), List.of());
  }

  @Test
  void watch_silent_rescansFindEverything() throws Exception {
    AccountId account = Records.account();
    try (FileRegistry registry =
        FileRegistry.open(
            folder, new Options(Duration.ofMillis(1), 100, 200), Records.RANDOM, new NoWatch())) {
      write(file(account), Records.record(account, 1));
      awaitAccounts(registry, List.of(account));
      Files.delete(file(account));
      awaitAccounts(registry, List.of());
    }
  }

  @Test
  void halfWritten_isIgnoredAndReportedUntilComplete() throws Exception {
    AccountId account = Records.account();
    Bytes record = Records.record(account, 1);
    write(file(account), record.slice(0, record.size() / 2));

    assertIgnored(Ignored.Kind.MALFORMED, account + ".json");

    write(file(account), record);
    awaitAccounts(registry(), List.of(account));
    assertEquals(0, registry().view().ignoredCount());
  }

  @Test
  void foreignNames_areIgnoredAndReported() throws Exception {
    AccountId account = Records.account();
    for (String name :
        List.of(
            "README.txt",
            account + ".txt",
            account + ".json~",
            account + ".a b.json",
            account.toString().substring(1) + ".json",
            account.toString().toUpperCase(Locale.ROOT).replace('0', 'A') + ".json")) {
      write(folder.resolve(name), Records.record(account, 1));
      assertIgnored(Ignored.Kind.FOREIGN, Ignored.printable(name));
      Files.delete(folder.resolve(name));
    }
    assertEquals(List.of(), rescanned().listings());
  }

  @Test
  void hiddenNames_arePassedOverSilently() throws Exception {
    write(folder.resolve(".hidden"), Bytes.zero(10));

    assertEquals(0, rescanned().ignoredCount());
  }

  @Test
  void namesWithControlCharacters_arePrintedHarmlessly() throws Exception {
    write(folder.resolve("a\u001b[2J\n" + "x".repeat(120)), Bytes.zero(10));

    String where = rescanned().ignored().getFirst().where();

    assertTrue(where.startsWith("a?[2J?xxx"), where);
    assertEquals(96, where.length());
  }

  @Test
  void folderNamedLikeARecord_isNotAFile() throws Exception {
    AccountId account = Records.account();
    Files.createDirectory(file(account));

    assertIgnored(Ignored.Kind.NOT_A_FILE, account + ".json");
  }

  @Test
  void symbolicLink_isNotFollowed() throws Exception {
    AccountId account = Records.account();
    Path outside = folder.resolve(".outside");
    write(outside, Records.record(account, 1));
    Files.createSymbolicLink(file(account), outside);

    assertIgnored(Ignored.Kind.NOT_A_FILE, account + ".json");
    assertEquals(List.of(), registry().view().listings());
  }

  @Test
  void fileAtTheSizeLimit_isTakenAndOneOverIsNot() throws Exception {
    AccountId account = Records.account();
    Bytes record = Records.record(account, 1);
    write(file(account), padded(record, Limits.EVIDENCE_BODY_MAX_BYTES));
    assertEquals(List.of(account), accounts(rescanned()));

    write(file(account), padded(record, Limits.EVIDENCE_BODY_MAX_BYTES + 1));
    assertIgnored(Ignored.Kind.TOO_LARGE, account + ".json");
  }

  @Test
  void recordOfAnotherAccount_isIgnored() throws Exception {
    AccountId account = Records.account();
    write(file(account), Records.record(Records.account(), 1));

    assertIgnored(Ignored.Kind.OTHER_ACCOUNT, account + ".json");
    assertEquals(List.of(), registry().view().listings());
  }

  @Test
  void copiesOfOneAccount_theNewestWinsAndTheOthersAreReported() throws Exception {
    AccountId account = Records.account();
    Bytes newest = Records.record(account, 2, NOON);
    write(file(account), Records.record(account, 1, NOON.plusSeconds(60)));
    write(copy(account), newest);

    MembershipView view = rescanned();

    assertEquals(newest.sha256(), view.find(account).orElseThrow().tag());
    assertEquals(Optional.of(newest), registry().record(account));
    assertIgnored(Ignored.Kind.DUPLICATE, account + ".json");
  }

  @Test
  void publish_olderThanACopy_isRefused() throws Exception {
    AccountId account = Records.account();
    write(copy(account), Records.record(account, 5));
    rescanned();

    assertFails(Kind.RECORD_NOT_NEWER, () -> registry().publish(Records.record(account, 4)));
  }

  @Test
  void changeWithinOneTickAndOfOneSize_isFoundByTheNextRescan() throws Exception {
    AccountId account = Records.account();
    try (FileRegistry registry = FileRegistry.open(folder, RARELY, Records.RANDOM, new NoWatch())) {
      write(file(account), Records.record(account, 1));
      registry.rescan();
      FileTime time = Files.getLastModifiedTime(file(account));
      Bytes newer = Records.record(account, 2);

      write(file(account), newer);
      Files.setLastModifiedTime(file(account), time);
      registry.rescan();

      assertEquals(newer.sha256(), registry.view().find(account).orElseThrow().tag());
    }
  }

  @Test
  void members_oneOverTheLimit_keepsThoseListedBefore() throws Exception {
    List<AccountId> accounts = Stream.generate(Records::account).limit(4).sorted().toList();
    try (FileRegistry registry = limited(3)) {
      for (AccountId account : accounts.subList(1, 4)) {
        registry.publish(Records.record(account, 1));
      }

      write(file(accounts.getFirst()), Records.record(accounts.getFirst(), 1));
      registry.rescan();

      assertEquals(accounts.subList(1, 4), accounts(registry.view()));
      assertEquals(Ignored.Kind.FULL, registry.view().ignored().getFirst().kind());
    }
    try (FileRegistry registry = limited(3)) {
      assertEquals(accounts.subList(0, 3), accounts(registry.view()));
    }
  }

  @Test
  void files_oneOverTheLimit_keepsTheLastViewAndMarksItStale() throws Exception {
    AccountId account = Records.account();
    registry().publish(Records.record(account, 1));
    for (int i = 0; i < RARELY.maxFiles() - 1; i++) {
      write(folder.resolve("f" + i), Bytes.EMPTY);
    }
    assertEquals(Optional.empty(), rescanned().stale());

    write(folder.resolve("one-more"), Bytes.EMPTY);

    MembershipView view = rescanned();
    assertTrue(view.stale().orElseThrow().contains("at most 200 files"));
    assertEquals(List.of(account), accounts(view));
  }

  @Test
  void ignored_many_areAllCountedAndFewNamed() throws Exception {
    for (int i = 0; i < MembershipView.MAX_IGNORED + 1; i++) {
      write(folder.resolve("f" + i), Bytes.EMPTY);
    }

    MembershipView view = rescanned();

    assertEquals(MembershipView.MAX_IGNORED + 1, view.ignoredCount());
    assertEquals(MembershipView.MAX_IGNORED, view.ignored().size());
  }

  @Test
  void folder_goneAndBack_keepsTheLastViewAndGoesOn() throws Exception {
    Path moved = moved();
    AccountId account = Records.account();
    registry().publish(Records.record(account, 1));

    Files.move(folder, moved);
    MembershipView stale = rescanned();
    assertTrue(stale.stale().orElseThrow().endsWith("there is no such folder"));
    assertEquals(List.of(account), accounts(stale));
    assertFails(Kind.REGISTRY_UNAVAILABLE, () -> registry().record(account));

    Files.createDirectory(folder);
    assertEquals(List.of(), accounts(rescanned()));
    AccountId newcomer = Records.account();
    write(file(newcomer), Records.record(newcomer, 1));
    awaitAccounts(registry(), List.of(newcomer));

    for (Path left : List.of(moved.resolve(account + ".json"), moved)) {
      Files.delete(left);
    }
  }

  @Test
  void folder_createdLater_isFound() throws Exception {
    Path late = folder.resolve("late");
    try (FileRegistry registry = FileRegistry.open(late, RARELY, Records.RANDOM)) {
      Files.createDirectory(late);
      AccountId account = Records.account();
      registry.publish(Records.record(account, 1));

      assertEquals(Optional.empty(), registry.view().stale());
      assertEquals(List.of(account), accounts(registry.view()));
    }
  }

  // A registry is never trusted.

  @Test
  void forgedRecord_isHandedOutAndFailsAtItsReader() throws Exception {
    try (SigningKey key = Records.CRYPTO.generateSigningKey()) {
      AccountId account = new AccountId(key.publicKey());
      SignedRecord genuine = signed(key, account, 1);
      SignedRecord forged =
          new SignedRecord(
              Records.body(account, 2, NOON),
              Records.body(account, 2, NOON).toBytes(),
              genuine.quote(),
              genuine.collateralDigest(),
              genuine.signature());
      registry().publish(genuine.toBytes());
      assertTrue(read(account).isSigned(Records.CRYPTO));

      write(file(account), forged.toBytes());
      rescanned();

      assertFalse(read(account).isSigned(Records.CRYPTO));
    }
  }

  @Test
  void load_tenThousandRecords_areAllListedAndChangesFollowed() throws Exception {
    TreeSet<AccountId> accounts = new TreeSet<>();
    while (accounts.size() < 10_000) {
      AccountId account = Records.account();
      accounts.add(account);
      write(file(account), Records.record(account, 1, NOON, 5000));
    }
    Options options = Options.defaults();
    try (FileRegistry registry = FileRegistry.open(folder, options, Records.RANDOM)) {
      assertEquals(List.copyOf(accounts), accounts(registry.view()));
      for (AccountId account : List.copyOf(accounts).subList(0, 100)) {
        Files.delete(file(account));
        accounts.remove(account);
        AccountId newcomer = Records.account();
        accounts.add(newcomer);
        write(file(newcomer), Records.record(newcomer, 1));
      }
      awaitAccounts(registry, List.copyOf(accounts));
    }
  }

  private static SignedRecord signed(SigningKey key, AccountId account, long instance) {
    return SignedRecord.sign(
        Records.CRYPTO,
        key,
        Records.body(account, instance, NOON),
        Bytes.zero(1000),
        Bytes.zero(32));
  }

  private SignedRecord read(AccountId account) throws Exception {
    return SignedRecord.parse(registry().record(account).orElseThrow());
  }

  private void assertIgnored(Ignored.Kind kind, String where) {
    MembershipView view = rescanned();
    assertEquals(
        List.of(kind + " " + where),
        view.ignored().stream().map(one -> one.kind() + " " + one.where()).toList());
    assertEquals(1, view.ignoredCount());
  }

  private MembershipView rescanned() {
    ((FileRegistry) registry()).rescan();
    return registry().view();
  }

  private FileRegistry limited(int maxMembers) {
    return FileRegistry.open(
        folder, new Options(Duration.ofDays(1), maxMembers, 200), Records.RANDOM);
  }

  private Path file(AccountId account) {
    return folder.resolve(account + ".json");
  }

  private Path copy(AccountId account) {
    return folder.resolve(account + ".sync-conflict-20261123-120000-ABCDEFG.json");
  }

  private static void write(Path file, Bytes bytes) throws IOException {
    Files.write(file, bytes.toArray());
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
