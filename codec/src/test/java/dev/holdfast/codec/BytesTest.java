package dev.holdfast.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BytesTest {
  @Test
  void copyOf_arrayChangedLater_staysAsItWas() {
    byte[] array = {1, 2};
    Bytes bytes = Bytes.copyOf(array);
    array[0] = 9;
    bytes.toArray()[1] = 9;

    assertEquals(Bytes.copyOf(new byte[] {1, 2}), bytes);
  }

  @Test
  void compareTo_bytesOverSignBit_isUnsigned() throws MalformedException {
    assertTrue(Bytes.parseHex("80").compareTo(Bytes.parseHex("7f")) > 0);
    assertTrue(Bytes.parseHex("01").compareTo(Bytes.parseHex("0100")) < 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"AA==", "AB", "A", "A+", "A/", "AA\n", "é"})
  void parseBase64Url_notCanonical_isMalformed(String text) {
    assertThrows(MalformedException.class, () -> Bytes.parseBase64Url(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "0g", "0x00", " 00"})
  void parseHex_notHex_isMalformed(String text) {
    assertThrows(MalformedException.class, () -> Bytes.parseHex(text));
  }

  @Test
  void frame_itemsSplitElsewhere_differ() throws MalformedException {
    Bytes ab = Bytes.parseHex("6162");
    Bytes c = Bytes.parseHex("63");

    assertNotEquals(
        Frame.of("l", ab, c), Frame.of("l", Bytes.parseHex("61"), Bytes.parseHex("6263")));
    assertEquals("000000016c00000002616200000001" + "63", Frame.of("l", ab, c).toHex());
  }
}
