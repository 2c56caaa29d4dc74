package dev.holdfast.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class ByteReaderTest {
  @Test
  void reads_everyWidth_matchWhatTheWriterWrote() throws MalformedException {
    Bytes written =
        new ByteWriter()
            .u8(0xfe)
            .u16le(0xfedc)
            .u16be(0xfedc)
            .u32le(0xfedcba98L)
            .u32be(0xfedcba98L)
            .u64le(0xfedcba9876543210L)
            .u64be(0xfedcba9876543210L)
            .bytes(Bytes.parseHex("0102"))
            .toBytes();
    ByteReader reader = ByteReader.of("test", written);

    assertEquals(0xfe, reader.u8("a"));
    assertEquals(0xfedc, reader.u16le("b"));
    assertEquals(0xfedc, reader.u16be("c"));
    assertEquals(0xfedcba98L, reader.u32le("d"));
    assertEquals(0xfedcba98L, reader.u32be("e"));
    assertEquals(0xfedcba9876543210L, reader.u64le("f"));
    assertEquals(0xfedcba9876543210L, reader.u64be("g"));
    assertEquals(Bytes.parseHex("0102"), reader.bytes(2, "h"));
    reader.requireEnd("end");
  }

  @Test
  void reads_pastTheLimit_nameFieldAndOffset() throws MalformedException {
    ByteReader reader = ByteReader.of("test", Bytes.parseHex("010203"));
    reader.u16be("first");

    MalformedException failure =
        assertThrows(MalformedException.class, () -> reader.bytes(2, "second"));

    assertEquals("second", failure.field());
    assertEquals(2, failure.offset());
    assertThrows(MalformedException.class, () -> reader.bytes(-1, "negative"));
    assertThrows(MalformedException.class, () -> reader.slice(0xffffffffL, "huge"));
    assertThrows(MalformedException.class, () -> reader.requireEnd("end"));
  }

  @Test
  void slice_readToItsEnd_leavesTheRestAndKeepsOuterOffsets() throws MalformedException {
    ByteReader reader = ByteReader.of("test", Bytes.parseHex("01020304"));
    reader.u8("skipped");

    ByteReader slice = reader.slice(2, "slice");

    assertEquals(0x0203, slice.u16be("inner"));
    MalformedException failure = assertThrows(MalformedException.class, () -> slice.u8("past"));
    assertEquals(3, failure.offset());
    assertEquals(4, reader.u8("last"));
  }

  @Test
  void skipIf_otherBytesOrTooFew_staysInPlace() throws MalformedException {
    ByteReader reader = ByteReader.of("test", Bytes.parseHex("0102"));

    assertFalse(reader.skipIf(new byte[] {2}));
    assertFalse(reader.skipIf(new byte[] {1, 2, 3}));
    assertTrue(reader.skipIf(new byte[] {1}));
    assertEquals(Bytes.parseHex("02"), reader.rest());
  }

  @Test
  void onlyLeft_inASlice_looksNoFurtherAndStaysInPlace() throws MalformedException {
    ByteReader reader = ByteReader.of("test", Bytes.parseHex("01ffff00"));
    reader.u8("skipped");

    assertFalse(reader.onlyLeft(0xff));
    ByteReader slice = reader.slice(2, "slice");
    assertTrue(slice.onlyLeft(0xff));
    assertFalse(slice.onlyLeft(0));
    assertEquals(0xffff, slice.u16le("read again"));
    assertTrue(slice.onlyLeft(7), "nothing is left");
    assertTrue(reader.onlyLeft(0));
  }
}
