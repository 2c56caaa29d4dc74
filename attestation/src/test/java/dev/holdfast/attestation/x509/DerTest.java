package dev.holdfast.attestation.x509;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import java.time.Instant;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DerTest {
  @ParameterizedTest
  @CsvSource({
    "020100, 00",
    "02017f, 7f",
    "02020080, 80",
    "020200ff, ff",
    "02020100, 0100",
  })
  void unsigned_shortestForm_read(String der, String value) throws MalformedException {
    assertEquals(bytes(value), der(der).unsigned("field"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0200", "020180", "0202007f", "02020000", "0202ff80", "030100", "02", ""})
  void unsigned_otherForm_refused(String der) {
    assertThrows(MalformedException.class, () -> der(der).unsigned("field"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0480",
        "04810100",
        "04817f",
        "0482007f",
        "04820080",
        "0483000100",
        "0484000000",
        "0402aa",
        "0401",
        "04ff"
      })
  void length_notDerOrTooLong_refused(String der) {
    assertThrows(MalformedException.class, () -> der(der).content(Der.OCTET_STRING, "field"));
  }

  @Test
  void length_ofOneToThreeBytes_read() throws MalformedException {
    for (int size : new int[] {0, 1, 0x7f, 0x80, 0xff, 0x100, 0xffff, 0x10000}) {
      String length =
          size < 0x80
              ? "%02x".formatted(size)
              : size < 0x100
                  ? "81%02x".formatted(size)
                  : size < 0x10000 ? "82%04x".formatted(size) : "83%06x".formatted(size);
      Bytes content = der("04" + length + "00".repeat(size)).content(Der.OCTET_STRING, "field");
      assertEquals(size, content.size());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"010101", "01020000", "0100", "0101"})
  void bool_otherThanZeroOrAllOnes_refused(String der) {
    assertThrows(MalformedException.class, () -> der(der).bool("field"));
  }

  @ParameterizedTest
  @CsvSource({
    "170d3138303532313130343531305a, 2018-05-21T10:45:10Z",
    "170d3439313233313233353935395a, 2049-12-31T23:59:59Z",
    "170d3530303130313030303030305a, 1950-01-01T00:00:00Z",
    "180f32303530303130313030303030305a, 2050-01-01T00:00:00Z"
  })
  void time_bothForms_read(String der, String expected) throws MalformedException {
    assertEquals(Instant.parse(expected), der(der).time("field"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "170b313830353231313034355a",
        "170d31383035323131303435313058",
        "170d3138313332313130343531305a",
        "170d3138303233303130343531305a",
        "170d31383035323131303435363a5a",
        "1711313830353231313034353130302b303130",
        "180d3138303532313130343531305a"
      })
  void time_otherForm_refused(String der) {
    assertThrows(MalformedException.class, () -> der(der).time("field"));
  }

  @Test
  void bitString_withUnusedBits_refused() {
    assertThrows(MalformedException.class, () -> der("030201ff").bitString("field"));
    assertThrows(MalformedException.class, () -> der("0300").bitString("field"));
  }

  @Test
  void element_read_isItsExactBytes() throws MalformedException {
    Der in = der("30030500010500");
    assertEquals(bytes("3003050001"), in.element(Der.SEQUENCE, "field"));
    assertThrows(MalformedException.class, () -> in.requireEnd("field"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "3006020101020101ff",
        "3007020101020101ff",
        "3006020100020180",
        "300702020001020101",
        "3003020101",
        "3026022101000000000000000000000000000000000000000000000000000000000000000000020101"
      })
  void signature_otherThanTwoIntegers_refused(String der) {
    assertThrows(MalformedException.class, () -> P256.parseSignature("test", bytes(der)));
  }

  @Test
  void signature_ofSmallIntegers_paddedToFixedSize() throws MalformedException {
    assertEquals(
        bytes("00".repeat(31) + "01" + "00".repeat(31) + "ff"),
        P256.parseSignature("test", bytes("3007020101020200ff")));
  }

  private static Der der(String hex) {
    return Der.of("test", bytes(hex));
  }

  private static Bytes bytes(String hex) {
    return Bytes.copyOf(HexFormat.of().parseHex(hex));
  }
}
