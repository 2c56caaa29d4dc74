package dev.holdfast.sim.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SecretScanTest {
  private static final Bytes SECRET = Bytes.utf8("a secret of thirty-two bytes ...").sha256();

  private static SecretScan scan() {
    SecretScan scan = new SecretScan();
    scan.plant("it", SECRET);
    return scan;
  }

  @Test
  void secret_asItIs_isFound() {
    Bytes bytes =
        new ByteWriter().bytes(Bytes.zero(5)).bytes(SECRET).bytes(Bytes.zero(3)).toBytes();

    assertEquals(Optional.of("it"), scan().find(bytes.toArray()));
  }

  @Test
  void secret_inHexadecimal_isFound() {
    assertTrue(scan().find("key=" + SECRET.toHex() + ";").isPresent());
  }

  @Test
  void secret_anywhereInBase64_isFound() {
    for (int offset = 0; offset < 9; offset++) {
      Bytes around =
          new ByteWriter().bytes(SECRET.slice(0, offset)).bytes(SECRET).u8(0x5a).u8(7).toBytes();

      assertTrue(scan().find("{\"a\":\"" + around.toBase64Url() + "\"}").isPresent());
    }
  }

  @Test
  void otherBytes_oneBitOff_areNot() {
    byte[] other = SECRET.toArray();
    other[31] ^= 1;

    assertTrue(scan().find(other).isEmpty());
    assertTrue(scan().find(Bytes.copyOf(other).toHex()).isEmpty());
    assertTrue(scan().find("").isEmpty());
  }
}
