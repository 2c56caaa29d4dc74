package dev.holdfast.testkit;

import static dev.holdfast.testkit.Records.NOON;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.codec.Bytes;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.Limits;
import dev.holdfast.registry.MembershipRegistry;
import dev.holdfast.registry.MembershipView;
import dev.holdfast.registry.MembershipView.Ignored;
import dev.holdfast.registry.MembershipView.Listing;
import dev.holdfast.registry.RegistryException;
import dev.holdfast.registry.RegistryException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// What every registry does. An implementation extends this class and says how to open one.
///
/// Waits end when what is awaited has happened; their limits only keep a broken build from hanging.
public abstract class MembershipRegistryContract {
  protected static final Duration HANG = Duration.ofMinutes(2);

  private final List<MembershipRegistry> opened = new ArrayList<>();
  private MembershipRegistry registry;

  /// Opens one more object over the storage of this test, empty at first.
  protected abstract MembershipRegistry connect() throws Exception;

  /// Puts something under a name that is no member's, behind the registry's back.
  protected abstract void plantForeign() throws Exception;

  /// Puts something that is no record in the place of the record of `account`, behind the
  /// registry's back.
  protected abstract void plantMalformed(AccountId account) throws Exception;

  /// Makes the storage unreachable for everybody; what is in it stays.
  protected abstract void takeAway() throws Exception;

  /// Undoes [#takeAway].
  protected abstract void bringBack() throws Exception;

  /// Makes `registry` look now where it would look by itself only from time to time.
  protected void look(MembershipRegistry registry) throws Exception {}

  protected final MembershipRegistry open() throws Exception {
    MembershipRegistry one = connect();
    opened.add(one);
    return one;
  }

  protected final MembershipRegistry registry() {
    return registry;
  }

  @BeforeEach
  void openFirst() throws Exception {
    registry = open();
  }

  @AfterEach
  void closeAll() {
    opened.forEach(MembershipRegistry::close);
  }

  @Test
  void view_nothingPublished_isEmptyAndFresh() {
    assertEquals(List.of(), registry.view().listings());
    assertEquals(Optional.empty(), registry.view().stale());
  }

  @Test
  void publish_newRecord_isListedAndReadBackExactly() throws Exception {
    AccountId account = Records.account();
    Bytes record = Records.record(account, 1);
    long before = registry.view().revision();

    registry.publish(record);

    MembershipView view = registry.view();
    assertTrue(view.revision() > before);
    assertEquals(List.of(account), accounts(view));
    assertEquals(Optional.of(record), registry.record(account));
  }

  @Test
  void publish_manyAccounts_areListedInAscendingOrder() throws Exception {
    List<AccountId> accounts = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      accounts.add(Records.account());
      registry.publish(Records.record(accounts.get(i), 1));
    }

    assertEquals(accounts.stream().sorted().toList(), accounts(registry.view()));
    for (AccountId account : accounts) {
      assertEquals(account, registry.view().find(account).orElseThrow().account());
      assertEquals(Optional.of(Records.record(account, 1)), registry.record(account));
    }
    assertEquals(Optional.empty(), registry.view().find(Records.account()));
  }

  @Test
  void publish_greaterInstance_replacesAndChangesTheTag() throws Exception {
    AccountId account = Records.account();
    registry.publish(Records.record(account, 1, NOON));
    Bytes tag = tag(account);

    // The clock may have gone back between two runs; the instance counts.
    Bytes newer = Records.record(account, 2, NOON.minusSeconds(3600));
    registry.publish(newer);

    assertEquals(List.of(account), accounts(registry.view()));
    assertNotEquals(tag, tag(account));
    assertEquals(Optional.of(newer), registry.record(account));
  }

  @Test
  void publish_laterOfTheSameInstance_replaces() throws Exception {
    AccountId account = Records.account();
    registry.publish(Records.record(account, 1, NOON));

    Bytes newer = Records.record(account, 1, NOON.plusMillis(1));
    registry.publish(newer);

    assertEquals(Optional.of(newer), registry.record(account));
  }

  @Test
  void publish_notNewer_isRefusedAndKeepsTheNewer() throws Exception {
    AccountId account = Records.account();
    Bytes record = Records.record(account, 2, NOON);
    registry.publish(record);
    MembershipView before = registry.view();

    List<Bytes> older =
        List.of(
            Records.record(account, 1, NOON.plusSeconds(1)),
            Records.record(account, 2, NOON.minusMillis(1)),
            Records.record(account, 2, NOON, 999));
    for (Bytes one : older) {
      assertFails(Kind.RECORD_NOT_NEWER, () -> registry.publish(one));
    }

    assertEquals(Optional.of(record), registry.record(account));
    assertEquals(before.listings(), registry.view().listings());
  }

  @Test
  void publish_sameBytesAgain_changesNothing() throws Exception {
    AccountId account = Records.account();
    registry.publish(Records.record(account, 1));
    MembershipView before = registry.view();

    registry.publish(Records.record(account, 1));

    assertEquals(before.listings(), registry.view().listings());
  }

  @Test
  void publish_noRecord_isRefused() throws Exception {
    Bytes record = Records.record(Records.account(), 1);
    for (Bytes bytes : List.of(Bytes.EMPTY, Bytes.zero(100), record.slice(0, record.size() - 1))) {
      assertFails(Kind.RECORD_MALFORMED, () -> registry.publish(bytes));
    }
    assertEquals(List.of(), registry.view().listings());
  }

  @Test
  void publish_atTheSizeLimit_isTaken() throws Exception {
    AccountId account = Records.account();
    Bytes largest = padded(Records.record(account, 1), Limits.EVIDENCE_BODY_MAX_BYTES);

    registry.publish(largest);

    assertEquals(Optional.of(largest), registry.record(account));
  }

  @Test
  void publish_oneOverTheSizeLimit_isRefused() {
    Bytes tooLarge =
        padded(Records.record(Records.account(), 1), Limits.EVIDENCE_BODY_MAX_BYTES + 1);

    assertFails(Kind.RECORD_MALFORMED, () -> registry.publish(tooLarge));
  }

  @Test
  void publish_byOneMember_isSeenByAnother() throws Exception {
    MembershipRegistry other = open();
    AccountId account = Records.account();
    Bytes record = Records.record(account, 1);

    registry.publish(record);

    awaitAccounts(other, List.of(account));
    assertEquals(Optional.of(record), other.record(account));
    assertEquals(tag(account), other.view().find(account).orElseThrow().tag());
  }

  @Test
  void publish_before_isSeenByThoseWhoComeLater() throws Exception {
    AccountId account = Records.account();
    registry.publish(Records.record(account, 1));

    MembershipRegistry later = open();

    awaitAccounts(later, List.of(account));
  }

  @Test
  void publish_notNewerThanAnothers_isRefused() throws Exception {
    MembershipRegistry other = open();
    AccountId account = Records.account();
    registry.publish(Records.record(account, 2));

    assertFails(Kind.RECORD_NOT_NEWER, () -> other.publish(Records.record(account, 1)));
  }

  @Test
  void withdraw_listed_disappearsEverywhere() throws Exception {
    MembershipRegistry other = open();
    AccountId stays = Records.account();
    AccountId leaves = Records.account();
    registry.publish(Records.record(stays, 1));
    registry.publish(Records.record(leaves, 1));
    awaitAccounts(other, List.of(stays, leaves).stream().sorted().toList());

    registry.withdraw(leaves);

    assertEquals(List.of(stays), accounts(registry.view()));
    assertEquals(Optional.empty(), registry.record(leaves));
    awaitAccounts(other, List.of(stays));
    assertEquals(Optional.empty(), other.record(leaves));
  }

  @Test
  void withdraw_unknownAccount_isNoError() throws Exception {
    MembershipView before = registry.view();

    registry.withdraw(Records.account());

    assertEquals(before.listings(), registry.view().listings());
  }

  @Test
  void record_unknownAccount_isEmpty() throws Exception {
    assertEquals(Optional.empty(), registry.record(Records.account()));
  }

  @Test
  void awaitChange_alreadyChanged_returnsAtOnce() throws Exception {
    long known = registry.view().revision();
    registry.publish(Records.record(Records.account(), 1));

    assertEquals(registry.view(), registry.awaitChange(known, HANG));
  }

  @Test
  void awaitChange_nothingHappens_returnsTheSameView() throws Exception {
    MembershipView view = registry.view();

    assertEquals(view, registry.awaitChange(view.revision(), Duration.ofMillis(1)));
  }

  @Test
  void awaitChange_interrupted_ends() {
    Thread.currentThread().interrupt();

    assertThrows(
        InterruptedException.class, () -> registry.awaitChange(registry.view().revision(), HANG));
  }

  @Test
  void awaitChange_closed_ends() throws Exception {
    long known = registry.view().revision();
    FutureTask<MembershipView> waiting = new FutureTask<>(() -> registry.awaitChange(known, HANG));
    Thread.ofVirtual().start(waiting);

    registry.close();

    ExecutionException e = assertThrows(ExecutionException.class, waiting::get);
    RegistryException cause = (RegistryException) e.getCause();
    assertSame(Kind.REGISTRY_CLOSED, cause == null ? null : cause.kind());
  }

  @Test
  void close_lastView_staysReadableAndTheRestFails() throws Exception {
    AccountId account = Records.account();
    registry.publish(Records.record(account, 1));

    registry.close();
    registry.close();

    assertEquals(List.of(account), accounts(registry.view()));
    assertFails(Kind.REGISTRY_CLOSED, () -> registry.record(account));
    assertFails(Kind.REGISTRY_CLOSED, () -> registry.publish(Records.record(account, 2)));
    assertFails(Kind.REGISTRY_CLOSED, () -> registry.withdraw(account));
  }

  @Test
  void revision_everyChange_onlyGrows() throws Exception {
    AccountId account = Records.account();
    long last = registry.view().revision();
    for (int instance = 1; instance <= 5; instance++) {
      registry.publish(Records.record(account, instance));
      long now = registry.view().revision();
      assertTrue(now > last, now + " after " + last);
      last = now;
    }
  }

  @Test
  void publish_concurrentlyByMany_losesNobody() throws Exception {
    MembershipRegistry other = open();
    List<AccountId> accounts = new ArrayList<>();
    List<FutureTask<Void>> tasks = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      AccountId account = Records.account();
      accounts.add(account);
      MembershipRegistry publisher = i % 2 == 0 ? registry : other;
      FutureTask<Void> task =
          new FutureTask<>(() -> {
            for (int instance = 1; instance <= 3; instance++) {
              publisher.publish(Records.record(account, instance));
            }
            return null;
          });
      tasks.add(task);
      Thread.ofVirtual().start(task);
    }
    for (FutureTask<Void> task : tasks) {
      task.get();
    }

    List<AccountId> expected = accounts.stream().sorted().toList();
    for (MembershipRegistry one : List.of(registry, other)) {
      awaitAccounts(one, expected);
      for (AccountId account : accounts) {
        Bytes last = Records.record(account, 3);
        Listing listing = new Listing(account, last.sha256());
        awaitView(one, view -> view.find(account).equals(Optional.of(listing)));
        assertEquals(Optional.of(last), one.record(account));
      }
    }
  }

  @Test
  void foreignEntry_isIgnoredAndNamed() throws Exception {
    AccountId account = Records.account();
    registry.publish(Records.record(account, 1));

    plantForeign();
    look(registry);

    MembershipView view = awaitView(registry, one -> one.ignoredCount() > 0);
    assertEquals(List.of(Ignored.Kind.FOREIGN), ignored(view));
    assertEquals(List.of(account), accounts(view));
  }

  @Test
  void malformedEntry_isIgnoredAndNamedUntilARealOneReplacesIt() throws Exception {
    AccountId account = Records.account();
    Bytes record = Records.record(account, 1);

    plantMalformed(account);
    look(registry);

    MembershipView view = awaitView(registry, one -> one.ignoredCount() > 0);
    assertEquals(List.of(Ignored.Kind.MALFORMED), ignored(view));
    assertTrue(view.ignored().getFirst().where().contains(account.toString()));
    assertEquals(List.of(), accounts(view));

    registry.publish(record);

    assertEquals(Optional.of(record), registry.record(account));
    awaitView(registry, one -> one.ignoredCount() == 0 && accounts(one).equals(List.of(account)));
  }

  @Test
  void storage_away_keepsTheLastViewMarkedStaleAndGoesOnWhenItIsBack() throws Exception {
    MembershipRegistry other = open();
    AccountId account = Records.account();
    registry.publish(Records.record(account, 1));
    awaitAccounts(other, List.of(account));

    takeAway();
    for (MembershipRegistry one : List.of(registry, other)) {
      look(one);
      MembershipView stale = awaitView(one, view -> view.stale().isPresent());
      assertEquals(List.of(account), accounts(stale));
      assertFails(Kind.REGISTRY_UNAVAILABLE, () -> one.publish(Records.record(account, 2)));
      assertFails(Kind.REGISTRY_UNAVAILABLE, () -> one.record(account));
      assertFails(Kind.REGISTRY_UNAVAILABLE, () -> one.withdraw(account));
    }

    bringBack();
    for (MembershipRegistry one : List.of(registry, other)) {
      look(one);
      awaitView(one, view -> view.stale().isEmpty() && accounts(view).equals(List.of(account)));
    }
    Bytes newer = Records.record(account, 2);
    registry.publish(newer);
    Listing listing = new Listing(account, newer.sha256());
    awaitView(other, view -> view.listings().equals(List.of(listing)));
  }

  private static List<Ignored.Kind> ignored(MembershipView view) {
    return view.ignored().stream().map(Ignored::kind).toList();
  }

  private Bytes tag(AccountId account) {
    return registry.view().find(account).orElseThrow().tag();
  }

  protected static List<AccountId> accounts(MembershipView view) {
    return view.listings().stream().map(Listing::account).toList();
  }

  protected static void awaitAccounts(MembershipRegistry registry, List<AccountId> expected)
      throws Exception {
    awaitView(registry, view -> accounts(view).equals(expected));
  }

  /// Waits until the view is as wanted.
  protected static MembershipView awaitView(
      MembershipRegistry registry, Predicate<MembershipView> wanted) throws Exception {
    MembershipView view = registry.view();
    while (!wanted.test(view)) {
      MembershipView next = registry.awaitChange(view.revision(), HANG);
      assertNotEquals(view.revision(), next.revision(), "what was awaited never came");
      view = next;
    }
    return view;
  }

  protected static Bytes padded(Bytes json, int size) {
    byte[] padded = new byte[size];
    Arrays.fill(padded, (byte) ' ');
    System.arraycopy(json.toArray(), 0, padded, 0, json.size());
    return Bytes.copyOf(padded);
  }

  protected static void assertFails(Kind kind, Executable call) {
    RegistryException e = assertThrows(RegistryException.class, call);
    assertSame(kind, e.kind(), e.getMessage());
    assertTrue(String.valueOf(e.getMessage()).startsWith(kind.code() + ": "), e.getMessage());
  }
}
