package dev.holdfast.node.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.crypto.Crypto;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.node.backup.Upkeep.Cause;
import dev.holdfast.node.backup.Upkeep.Health;
import dev.holdfast.node.backup.Upkeep.View;
import dev.holdfast.node.context.NodeConfig;
import dev.holdfast.protocol.AccountId;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// When shares are placed anew: 2 of 3, a provider may fail for ten minutes, a rotation every hour
/// at most.
final class UpkeepTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant LONG_AGO = NOW.minus(Duration.ofDays(2));
  private static final Duration REPAIR_AFTER = Duration.ofMinutes(10);
  private static final Duration AT_LEAST = Duration.ofHours(1);

  private final AccountId one = account(1);
  private final AccountId other = account(2);

  private static AccountId account(int number) {
    byte[] seed = new byte[32];
    seed[0] = (byte) number;
    return new AccountId(
        Crypto.bouncyCastle(new SecureRandom()).signingKey(SecretBytes.take(seed)).publicKey());
  }

  private static Upkeep upkeep(Duration every, double spread) {
    return new Upkeep(new NodeConfig.Upkeep(every, REPAIR_AFTER, AT_LEAST), spread);
  }

  private static Health well(AccountId account) {
    return new Health(account, "well", Optional.empty(), Optional.empty());
  }

  private static Health failing(AccountId account, Duration since) {
    return new Health(account, "node-x", Optional.of(NOW.minus(since)), Optional.empty());
  }

  private static Health leaving(AccountId account, Duration since) {
    return new Health(account, "node-y", Optional.empty(), Optional.of(NOW.minus(since)));
  }

  private static View view(Instant drawnAt, boolean commanded, Health... providers) {
    return new View(NOW, drawnAt, false, List.of(providers), 1, commanded);
  }

  private static Optional<Cause> decide(View view) {
    return upkeep(Duration.ZERO, 0).decide(view);
  }

  @Test
  void allWell_forever_startsNothing() {
    assertEquals(Optional.empty(), decide(view(LONG_AGO, false, well(one), well(other))));
  }

  @Test
  void leaving_isReplacedAtOnce_unlessAKeyWasJustReplaced() {
    Optional<Cause> cause = Optional.of(new Cause("node-y is leaving", Set.of(one)));
    Health leaving = leaving(one, Duration.ZERO);
    assertEquals(cause, decide(view(LONG_AGO, false, leaving, well(other))));
    Instant resting = NOW.minus(AT_LEAST).plusMillis(1);
    View tooSoon = view(resting, false, leaving, well(other));
    assertEquals(Optional.empty(), decide(tooSoon));
    assertEquals(Optional.of(NOW.plusMillis(1)), upkeep(Duration.ZERO, 0).wakeAt(tooSoon));
    assertEquals(cause, decide(view(NOW.minus(AT_LEAST), false, leaving, well(other))));
    View first = new View(NOW, NOW, true, List.of(leaving, well(other)), 1, false);
    assertEquals(cause, decide(first));
  }

  @Test
  void leaving_ofManyDepositors_isSpread() {
    View view = view(LONG_AGO, false, leaving(one, Duration.ZERO), well(other));
    Upkeep late = upkeep(Duration.ZERO, 1);
    assertEquals(Optional.empty(), late.decide(view));
    assertEquals(Optional.of(NOW.plus(REPAIR_AFTER.dividedBy(4))), late.wakeAt(view));
  }

  @Test
  void leaving_thatFails_isWaitedForLikeOthers() {
    Health both =
        new Health(
            one, "node-y", Optional.of(NOW.minusMillis(1)), Optional.of(NOW.minus(AT_LEAST)));
    assertEquals(Optional.empty(), decide(view(LONG_AGO, false, both, well(other))));
  }

  @Test
  void failing_atAndBeforeItsTime_isToldApart() {
    View before = view(LONG_AGO, false, failing(one, REPAIR_AFTER.minusMillis(1)), well(other));
    assertEquals(Optional.empty(), decide(before));
    assertEquals(Optional.of(NOW.plusMillis(1)), upkeep(Duration.ZERO, 0).wakeAt(before));
    assertEquals(
        Optional.of(new Cause("node-x failed for too long", Set.of(one))),
        decide(view(LONG_AGO, false, failing(one, REPAIR_AFTER), well(other))));
  }

  @Test
  void moreFailing_thanMayFail_startNothing() {
    assertEquals(
        Optional.empty(),
        decide(view(LONG_AGO, false, failing(one, AT_LEAST), failing(other, Duration.ZERO))));
  }

  @Test
  void failing_soonAfterTheLastRotation_waits() {
    Health gone = failing(one, REPAIR_AFTER);
    Instant lately = NOW.minus(AT_LEAST).plusMillis(1);
    assertEquals(Optional.empty(), decide(view(lately, false, gone, well(other))));
  }

  @Test
  void command_startsAtOnce_withoutThoseThatFail() {
    assertEquals(
        Optional.of(new Cause("it was asked for", Set.of(one))),
        decide(view(NOW, true, failing(one, Duration.ZERO), well(other))));
  }

  @Test
  void schedule_whenTheKeyIsOld_starts() {
    Duration every = Duration.ofDays(1);
    View fresh = view(NOW.minus(every).plusMillis(1), false, well(one));
    View old = view(NOW.minus(every), false, well(one));
    assertEquals(Optional.empty(), upkeep(every, 0).decide(fresh));
    assertEquals(
        Optional.of(new Cause("the root key is old", Set.of())), upkeep(every, 0).decide(old));
  }

  @Test
  void spread_stretchesEveryWaitByUpToAQuarter() {
    View gone = view(LONG_AGO, false, failing(one, REPAIR_AFTER), well(other));
    assertEquals(Optional.empty(), upkeep(Duration.ZERO, 1).decide(gone));
    assertEquals(
        Optional.of(NOW.plus(REPAIR_AFTER.dividedBy(4))), upkeep(Duration.ZERO, 1).wakeAt(gone));
  }
}
