package dev.holdfast.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.Crypto;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.crypto.Share;
import dev.holdfast.crypto.Sharing;
import dev.holdfast.node.context.Backoff;
import dev.holdfast.node.context.NodeRecord;
import dev.holdfast.node.context.Timings;
import dev.holdfast.node.model.NodeState;
import dev.holdfast.node.provider.ReleaseRates;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.Limits;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

final class UnitsTest {
  private static final Instant NOW = Fleet.START;

  private final SecureRandom random = Fleet.seeded(1);

  private Bytes bytes(int size) {
    byte[] array = new byte[size];
    random.nextBytes(array);
    return Bytes.copyOf(array);
  }

  private AccountId account() {
    return new AccountId(Crypto.bouncyCastle(random).generateSigningKey().publicKey());
  }

  private NodeRecord record(int shares) {
    List<Share> all = new ArrayList<>();
    for (int index = 1; index <= shares; index++) {
      all.add(new Share(index, SecretBytes.generate(Sharing.SECRET_SIZE, random)));
    }
    NodeRecord.Facts facts = new NodeRecord.Facts(7, 3, bytes(32), bytes(32));
    NodeRecord.Shared one = new NodeRecord.Shared(2, List.of(all.getFirst()));
    return new NodeRecord(
        facts, SecretBytes.generate(32, random), List.of(one, new NodeRecord.Shared(3, all)));
  }

  @Test
  void nodeRecord_writtenAndRead_isTheSame() throws MalformedException {
    for (int shares : new int[] {1, 3, 16}) {
      NodeRecord before = record(shares);
      NodeRecord after = NodeRecord.parse(before.toSecret());
      assertEquals(before.facts(), after.facts());
      assertTrue(before.seed().sameAs(after.seed()));
      assertEquals(1, after.of(2).orElseThrow().shares().size());
      List<Share> sharesBefore = before.of(3).orElseThrow().shares();
      List<Share> sharesAfter = after.of(3).orElseThrow().shares();
      assertEquals(shares, sharesAfter.size());
      for (int i = 0; i < shares; i++) {
        assertEquals(i + 1, sharesAfter.get(i).index());
        assertTrue(sharesBefore.get(i).value().sameAs(sharesAfter.get(i).value()));
      }
    }
  }

  @Test
  void nodeRecord_cutLengthenedOrOfAnotherVersion_isMalformed() {
    Bytes good = Disk.plain(record(3).toSecret());
    for (int size = 0; size < good.size(); size++) {
      assertMalformed(good.slice(0, size).toArray());
    }
    byte[] longer = Arrays.copyOf(good.toArray(), good.size() + 1);
    assertMalformed(longer);
    byte[] other = good.toArray();
    other[0] = 1;
    assertMalformed(other);
  }

  private static void assertMalformed(byte[] bytes) {
    assertThrows(MalformedException.class, () -> NodeRecord.parse(SecretBytes.take(bytes)));
  }

  @Test
  void backoff_doublesUpToItsLimitAndStaysWithinItsHalf() {
    Backoff backoff = new Backoff(Timings.DEFAULT, random);
    long expected = Timings.DEFAULT.retryFirst().toMillis();
    for (int i = 0; i < 20; i++) {
      long pause = Duration.between(NOW, backoff.next(NOW)).toMillis();
      assertTrue(pause >= expected / 2 && pause <= expected, pause + " of " + expected);
      expected = Math.min(2 * expected, Timings.DEFAULT.retryMost().toMillis());
    }
    backoff.reset();
    long pause = Duration.between(NOW, backoff.next(NOW)).toMillis();
    assertTrue(pause <= Timings.DEFAULT.retryFirst().toMillis());
  }

  @Test
  void platformRate_atItsLimit_refusesOtherAccountsOnThatMachineToo() {
    ReleaseRates rates = new ReleaseRates();
    List<Bytes> machine = List.of(bytes(16), bytes(16));
    for (int i = 0; i < Limits.RELEASES_PER_PLATFORM_AND_HOUR; i++) {
      assertEquals(ReleaseRates.Answer.FIRST, rates.take(account(), machine, bytes(32), NOW));
    }
    assertEquals(ReleaseRates.Answer.TOO_MANY, rates.take(account(), machine, bytes(32), NOW));
    assertEquals(
        ReleaseRates.Answer.TOO_MANY, rates.take(account(), machine.subList(1, 2), bytes(32), NOW));
    assertEquals(
        ReleaseRates.Answer.FIRST, rates.take(account(), List.of(bytes(16)), bytes(32), NOW));
    assertEquals(
        ReleaseRates.Answer.FIRST,
        rates.take(account(), machine, bytes(32), NOW.plus(Duration.ofHours(1))));
  }

  @Test
  void release_givenBack_costsNothingAndCountsAnewWhenItIsAskedForAgain() {
    ReleaseRates rates = new ReleaseRates();
    AccountId account = account();
    List<Bytes> machine = List.of(bytes(16));
    Bytes request = bytes(32);
    assertEquals(ReleaseRates.Answer.FIRST, rates.take(account, machine, request, NOW));
    rates.giveBack(account, machine, request);
    rates.giveBack(account, machine, request);
    assertEquals(ReleaseRates.Answer.FIRST, rates.take(account, machine, request, NOW));
    assertEquals(ReleaseRates.Answer.AGAIN, rates.take(account, machine, request, NOW));
    for (int i = 1; i < Limits.RELEASES_PER_ACCOUNT_AND_HOUR; i++) {
      assertEquals(ReleaseRates.Answer.FIRST, rates.take(account, machine, bytes(32), NOW));
    }
    assertEquals(ReleaseRates.Answer.TOO_MANY, rates.take(account, machine, bytes(32), NOW));
  }

  @Test
  void states_goOnlyWhereTheTableSays() {
    assertTrue(NodeState.STARTING.mayBecome(NodeState.RECOVERING));
    assertTrue(NodeState.READY.mayBecome(NodeState.DEGRADED));
    assertTrue(NodeState.DEGRADED.mayBecome(NodeState.READY));
    assertFalse(NodeState.RECOVERING.mayBecome(NodeState.STARTING));
    assertTrue(NodeState.READY.mayBecome(NodeState.BACKING_UP));
    assertTrue(NodeState.DEGRADED.mayBecome(NodeState.BACKING_UP));
    assertFalse(NodeState.READY.mayBecome(NodeState.RECOVERING));
    for (NodeState state : EnumSet.allOf(NodeState.class)) {
      assertTrue(state.mayBecome(NodeState.STOPPING));
      assertTrue(state.mayBecome(state));
      assertEquals(state == NodeState.STOPPING, NodeState.STOPPING.mayBecome(state));
    }
  }
}
