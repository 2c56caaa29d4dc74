package dev.holdfast.node.work;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.attestation.Collateral;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.protocol.Limits;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class CollateralShelfTest {
  private final CollateralShelf shelf = new CollateralShelf();

  private static Collateral numbered(int number) {
    try {
      return Collateral.parse(
          JsonWriter.object().put("tcb_info", Integer.toString(number)).toBytes());
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  private boolean has(int number) {
    Collateral document = numbered(number);
    return shelf.find(document.digest()).equals(Optional.of(document));
  }

  private long kept(int from, int count) {
    return IntStream.range(from, from + count).filter(this::has).count();
  }

  @Test
  void ownAndOrigin_inAFlood_stay() {
    shelf.putOwn(numbered(1));
    shelf.putOrigin(numbered(2));
    IntStream.range(1000, 2000).forEach(i -> shelf.put(numbered(i)));
    IntStream.range(2000, 3000).forEach(i -> shelf.putBrought(numbered(i)));
    assertTrue(has(1));
    assertTrue(has(2));
  }

  @Test
  void fetched_whenManyAreBrought_stays() {
    shelf.put(numbered(1));
    IntStream.range(1000, 2000).forEach(i -> shelf.putBrought(numbered(i)));
    assertTrue(has(1));
    assertEquals(Limits.COLLATERAL_BROUGHT, kept(1000, 1000));
  }

  @Test
  void fetched_atTheLimitAndOnePastIt_losesTheLeastRecentlyUsed() {
    IntStream.range(0, Limits.COLLATERAL_DOCUMENTS).forEach(i -> shelf.put(numbered(i)));
    assertEquals(Limits.COLLATERAL_DOCUMENTS, kept(0, Limits.COLLATERAL_DOCUMENTS));
    assertTrue(has(0));
    shelf.put(numbered(9999));
    assertTrue(has(0));
    assertEquals(Limits.COLLATERAL_DOCUMENTS - 1, kept(0, Limits.COLLATERAL_DOCUMENTS));
  }

  @Test
  void brought_atTheLimitAndOnePastIt_losesTheOldest() {
    IntStream.range(0, Limits.COLLATERAL_BROUGHT).forEach(i -> shelf.putBrought(numbered(i)));
    assertEquals(Limits.COLLATERAL_BROUGHT, kept(0, Limits.COLLATERAL_BROUGHT));
    shelf.putBrought(numbered(9999));
    assertEquals(Limits.COLLATERAL_BROUGHT - 1, kept(0, Limits.COLLATERAL_BROUGHT));
  }

  @Test
  void own_whenReplaced_isStillFoundAsFetched() {
    shelf.putOwn(numbered(1));
    shelf.putOwn(numbered(2));
    assertTrue(has(1));
    assertTrue(has(2));
  }
}
