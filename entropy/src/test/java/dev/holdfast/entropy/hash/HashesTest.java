package dev.holdfast.entropy.hash;

import static dev.holdfast.entropy.Vectors.hex;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.codec.Bytes;
import dev.holdfast.entropy.Vectors;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HashesTest {
  @Test
  void hashes_textsOfManySizes_arePolkadots() throws Exception {
    List<List<String>> rows = Vectors.rows("polkadot-util-crypto.txt", "hash");
    assertEquals(5, rows.size());
    for (List<String> row : rows) {
      Bytes text = hex(row.get(0));
      assertEquals(row.get(1), Blake2.b(16, text).toHex());
      assertEquals(row.get(2), Blake2.b(32, text).toHex());
      assertEquals(row.get(3), TwoX.twox64(text).toHex());
      assertEquals(row.get(4), TwoX.twox128(text).toHex());
    }
  }

  /// RFC 7693, appendix B.
  @Test
  void blake2s_abc_isTheStandards() {
    assertEquals(
        "508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982",
        Blake2.s256(Bytes.utf8("a"), Bytes.utf8("bc")).toHex());
  }
}
