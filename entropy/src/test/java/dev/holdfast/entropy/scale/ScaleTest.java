package dev.holdfast.entropy.scale;

import static dev.holdfast.entropy.Vectors.hex;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ScaleTest {
  /// From the format's description, and the edges of each form.
  private static final Map<String, String> COMPACT =
      Map.ofEntries(
          Map.entry("0", "00"),
          Map.entry("1", "04"),
          Map.entry("42", "a8"),
          Map.entry("63", "fc"),
          Map.entry("64", "0101"),
          Map.entry("69", "1501"),
          Map.entry("16383", "fdff"),
          Map.entry("16384", "02000100"),
          Map.entry("65535", "feff0300"),
          Map.entry("1073741823", "feffffff"),
          Map.entry("1073741824", "0300000040"),
          Map.entry("4294967296", "070000000001"),
          Map.entry("100000000000000", "0b00407a10f35a"),
          Map.entry(
              "340282366920938463463374607431768211455", "33ffffffffffffffffffffffffffffffff"));

  @Test
  void compact_edgesOfForms_areReadAndWritten() throws Exception {
    for (Map.Entry<String, String> row : COMPACT.entrySet()) {
      BigInteger value = new BigInteger(row.getKey());
      assertEquals(row.getValue(), new ScaleWriter().compact(value).toBytes().toHex());
      ScaleReader in = reader(row.getValue());
      assertEquals(value, in.compact("value"));
      in.requireEnd("value");
    }
  }

  @Test
  void compact_longerFormsOrTooLarge_areRefused() {
    for (String form :
        List.of(
            "0100", // 0 in two bytes
            "fd00", // 63 in two bytes
            "02000000",
            "feff0000", // 16383 in four bytes
            "03ffffff3f", // 1073741823 in five bytes
            "070000004000", // a leading zero byte
            "37" + "ff".repeat(17), // 136 bits
            "")) {
      assertThrows(MalformedException.class, () -> reader(form).compact("value"), form);
    }
  }

  @Test
  void lists_pastLimitOrInput_areRefused() throws Exception {
    assertEquals(List.of(1, 2), reader("080102").list(2, "list", in -> in.u8("item")));
    assertThrows(
        MalformedException.class, () -> reader("080102").list(1, "list", in -> in.u8("item")));
    assertThrows(
        MalformedException.class, () -> reader("0c0102").list(9, "list", in -> in.u8("item")));
    assertEquals(hex("0102"), reader("080102").byteList(2, "bytes"));
    assertThrows(MalformedException.class, () -> reader("080102").byteList(1, "bytes"));
    assertThrows(
        MalformedException.class, () -> reader("feffffff").byteList(Integer.MAX_VALUE, "bytes"));
  }

  @Test
  void tags_otherThanZeroAndOne_areRefused() throws Exception {
    assertEquals(Optional.empty(), reader("00").option("o", in -> in.u8("item")));
    assertEquals(Optional.of(7), reader("0107").option("o", in -> in.u8("item")));
    assertThrows(MalformedException.class, () -> reader("0207").option("o", in -> in.u8("item")));
    assertThrows(MalformedException.class, () -> reader("02").bool("flag"));
  }

  @Test
  void text_notUtf8_isRefused() throws Exception {
    assertEquals("ü", reader("08c3bc").text(9, "text"));
    assertThrows(MalformedException.class, () -> reader("08c328").text(9, "text"));
  }

  @Test
  void integers_littleEndian_areReadAndWritten() throws Exception {
    BigInteger large = new BigInteger("ff00000000000000000000000000000f", 16);
    Bytes bytes = new ScaleWriter().u8(1).u16(0x203).u32(0x4050607L).u128(large).toBytes();
    assertEquals("01030207060504" + "0f0000000000000000000000000000ff", bytes.toHex());
    ScaleReader in = ScaleReader.of("test", bytes);
    assertEquals(1, in.u8("a"));
    assertEquals(0x203, in.u16("b"));
    assertEquals(0x4050607L, in.u32("c"));
    assertEquals(large, in.u128("d"));
    in.requireEnd("end");
  }

  @Test
  void requireEnd_bytesLeft_isRefused() {
    assertThrows(MalformedException.class, () -> reader("00").requireEnd("end"));
  }

  private static ScaleReader reader(String hex) {
    return ScaleReader.of("test", hex(hex));
  }
}
