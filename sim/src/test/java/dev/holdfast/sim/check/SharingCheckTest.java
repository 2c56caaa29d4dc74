package dev.holdfast.sim.check;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.holdfast.codec.Bytes;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.crypto.Sharing;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class SharingCheckTest {
  private static final Bytes KEY = Bytes.utf8("root key").sha256();

  private static Map<Integer, Bytes> shares(int k, int n) throws Exception {
    SecureRandom random = SecureRandom.getInstance("SHA1PRNG");
    random.setSeed(1);
    Map<Integer, Bytes> shares = new TreeMap<>();
    Sharing.split(SecretBytes.copyOf(KEY.toArray()), k, n, random)
        .forEach(share -> shares.put(share.index(), share.value().apply(Bytes::copyOf)));
    return shares;
  }

  @Test
  void sharing_ofThatThreshold_holds() throws Exception {
    Map<Integer, Bytes> three = shares(2, 3);
    Map<Integer, Bytes> five = shares(3, 5);

    assertDoesNotThrow(() -> SharingCheck.check(KEY, three, 2));
    assertDoesNotThrow(() -> SharingCheck.check(KEY, five, 3));
  }

  @Test
  void sharing_thatFewerCombine_isFound() throws Exception {
    Map<Integer, Bytes> shares = shares(2, 5);

    assertThrows(Violation.class, () -> SharingCheck.check(KEY, shares, 3));
  }

  @Test
  void share_oneBitOff_isFound() throws Exception {
    Map<Integer, Bytes> shares = shares(3, 5);
    byte[] wrong = Optional.ofNullable(shares.get(4)).orElseThrow().toArray();
    wrong[9] ^= 1;
    shares.put(4, Bytes.copyOf(wrong));

    assertThrows(Violation.class, () -> SharingCheck.check(KEY, shares, 3));
  }
}
