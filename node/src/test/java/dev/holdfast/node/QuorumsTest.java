package dev.holdfast.node;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.node.backup.Quorums;
import dev.holdfast.protocol.Threshold;
import org.junit.jupiter.api.Test;

/// Every threshold of up to eight providers, every number of them that a manifest may name, every
/// two sets.
final class QuorumsTest {
  private static final int MOST = 8;

  private interface Check {
    void of(Threshold threshold, int holders);
  }

  private static void each(Check check) {
    for (int n = 1; n <= MOST; n++) {
      for (int k = 1; k <= n; k++) {
        if (Threshold.isValid(k, n)) {
          for (int holders = k; holders <= n; holders++) {
            check.of(new Threshold(k, n), holders);
          }
        }
      }
    }
  }

  @Test
  void claims_anyTwoQuorums_shareAProvider() {
    each((threshold, holders) -> {
      int quorum = Quorums.claim(threshold, holders);
      assertTrue(quorum <= holders, "possible at all");
      for (int one = 0; one < 1 << holders; one++) {
        for (int other = 0; other < 1 << holders; other++) {
          if (Integer.bitCount(one) >= quorum && Integer.bitCount(other) >= quorum) {
            assertTrue((one & other) != 0, threshold + " of " + holders);
          }
        }
      }
    });
  }

  @Test
  void claims_afterTheManifestGrewByOne_stillShareAProvider() {
    each((threshold, holders) -> {
      if (holders < threshold.n()) {
        int before = Quorums.claim(threshold, holders);
        int after = Quorums.claim(threshold, holders + 1);
        assertTrue(before + after > holders + 1, threshold + " of " + holders);
      }
    });
  }

  @Test
  void witnesses_ofAQuorum_areSeenByAnyThatRelease() {
    each((threshold, holders) -> {
      for (int faults = 0; faults < threshold.k(); faults++) {
        int quorum = Quorums.witness(threshold, holders, faults);
        assertTrue(quorum <= holders, "possible at all");
        for (int told = 0; told < 1 << holders; told++) {
          for (int read = 0; read < 1 << holders; read++) {
            if (Integer.bitCount(told) >= quorum && Integer.bitCount(read) >= threshold.k()) {
              assertTrue(Integer.bitCount(told & read) > faults, threshold + " of " + holders);
            }
          }
        }
      }
    });
  }
}
