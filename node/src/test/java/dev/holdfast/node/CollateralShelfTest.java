package dev.holdfast.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.attestation.Collateral;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.node.work.CollateralShelf;
import dev.holdfast.protocol.Limits;
import org.junit.jupiter.api.Test;

final class CollateralShelfTest {
  private static Collateral document(int number) throws MalformedException {
    Bytes json = JsonWriter.object().put("tcb_info", "document " + number).toBytes();
    return Collateral.parse(json);
  }

  @Test
  void documentsBroughtByPeers_pastTheLimit_pushOutOnlyEachOther() throws MalformedException {
    CollateralShelf shelf = new CollateralShelf();
    Collateral own = document(0);
    shelf.pin(own);
    for (int i = 1; i <= Limits.COLLATERAL_DOCUMENTS; i++) {
      shelf.put(document(i));
    }
    assertEquals(Limits.COLLATERAL_DOCUMENTS + 1, shelf.size());
    assertTrue(shelf.find(document(1).digest()).isPresent());
    shelf.put(document(1000));
    assertEquals(Limits.COLLATERAL_DOCUMENTS + 1, shelf.size());
    assertTrue(shelf.find(document(2).digest()).isEmpty());
    assertTrue(shelf.find(document(1).digest()).isPresent());
    assertTrue(shelf.find(own.digest()).isPresent());
  }
}
