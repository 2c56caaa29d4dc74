package dev.holdfast.attestation.eventlog;

import static dev.holdfast.attestation.eventlog.TcgLog.ascii;
import static dev.holdfast.attestation.eventlog.TcgLog.filled;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// What people see of event data. Spec: docs/spec/eventlog.md#descriptions
class EventTextTest {
  private static final long SEED = 20261125;
  private static final long VARIABLE = 0x80000001L;
  private static final long APPLICATION = 0x80000003L;
  private static final long BLOB = 0x8000000aL;
  private static final long TAG = 6;
  private static final String GUID = "03020100-0504-0706-0809-0a0b0c0d0e0f";

  private static String describe(long type, Bytes data) {
    Bytes digest = Bytes.zero(48);
    return new Event(1, Register.RTMR0, type, "", digest, data, DigestOfData.NOT_APPLICABLE)
        .description();
  }

  private static Bytes variable(String name, long nameLength, long size, Bytes value) {
    ByteWriter out = new ByteWriter();
    for (int i = 0; i < 16; i++) {
      out.u8(i);
    }
    return out.u64le(nameLength)
        .u64le(size)
        .bytes(name.getBytes(StandardCharsets.UTF_16LE))
        .bytes(value)
        .toBytes();
  }

  private static Bytes variable(String name, Bytes value) {
    return variable(name, name.length(), value.size(), value);
  }

  @Test
  void text_printable_isShownWithoutItsZero() {
    assertEquals("grub_cmd: a b", describe(0xd, ascii("grub_cmd: a\nb\0")));
    assertEquals("0x00", describe(0xd, Bytes.zero(1)));
    assertEquals("", describe(0xd, Bytes.EMPTY));
  }

  @Test
  void text_withOtherBytes_isShownAsBytesOrSize() {
    assertEquals("0x1b5b33316d", describe(0xd, ascii("\u001b[31m")));
    assertEquals("0x6100620000", describe(0xd, ascii("a\0b\0\0")));
    assertEquals("0x" + "80".repeat(32), describe(0xd, filled(0x80, 32)));
    assertEquals("33 bytes", describe(0xd, filled(0x80, 33)));
  }

  @Test
  void text_long_isCut() {
    assertEquals("x".repeat(120), describe(0xd, filled('x', 120)));
    assertEquals("x".repeat(117) + "...", describe(0xd, filled('x', 121)));
    assertEquals("x".repeat(117) + "...", describe(0xd, filled('x', EventLog.MAX_EVENT_DATA)));
  }

  @Test
  void variable_wellFormed_isNameAndValue() {
    assertEquals(
        "SecureBoot = 0x01 (" + GUID + ")",
        describe(VARIABLE, variable("SecureBoot", filled(1, 1))));
    assertEquals("PK is empty (" + GUID + ")", describe(VARIABLE, variable("PK", Bytes.EMPTY)));
    assertEquals(
        "db = 33 bytes (" + GUID + ")", describe(VARIABLE, variable("db", Bytes.zero(33))));
    assertEquals(
        "a?? = x (" + GUID + ")", describe(VARIABLE, variable("a\u001b\u202e", ascii("x"))));
  }

  @Test
  void variable_lengthsWrong_isShownAsItIs() {
    Bytes x = ascii("x");
    for (Bytes data :
        new Bytes[] {
          variable("ab", 3, 1, x),
          variable("ab", 2, 2, x),
          variable("ab", 2, 0, x),
          variable("ab", -1, 1, x),
          variable("ab", Long.MAX_VALUE, 1, x),
          variable("ab", 1L << 63 | 2, 1, x),
          variable("ab", 2, -1, x)
        }) {
      assertEquals("37 bytes", describe(VARIABLE, data));
    }
    assertEquals("0x0102", describe(VARIABLE, Bytes.copyOf(new byte[] {1, 2})));
  }

  private static Bytes image(int nodeSize, String file) {
    byte[] name = (file + "\0").getBytes(StandardCharsets.UTF_16LE);
    Bytes path =
        new ByteWriter()
            .u16be(0x0101)
            .u16le(6)
            .u16le(7)
            .u16be(0x0404)
            .u16le(nodeSize < 0 ? 4 + name.length : nodeSize)
            .bytes(name)
            .u16be(0x7fff)
            .u16le(4)
            .toBytes();
    return new ByteWriter()
        .u64le(0x1000)
        .u64le(4711)
        .u64le(0)
        .u64le(path.size())
        .bytes(path)
        .toBytes();
  }

  @Test
  void image_withFilePath_isPathAndSize() {
    assertEquals("\\EFI\\x.efi, 4711 bytes", describe(APPLICATION, image(-1, "\\EFI\\x.efi")));
  }

  @Test
  void image_nodeSizeWrong_isShownAsItIs() {
    for (int size : new int[] {0, 3, 0xffff}) {
      Bytes data = image(size, "\\EFI\\x.efi");
      assertEquals(data.size() + " bytes", describe(APPLICATION, data));
    }
  }

  @Test
  void blobAndTag_wellFormedOrNot_areShown() {
    Bytes blob = new ByteWriter().u8(2).bytes(ascii("Fvxx")).toBytes();
    assertEquals("Fv", describe(BLOB, blob));
    assertEquals(
        "0xc8467678", describe(BLOB, new ByteWriter().u8(200).bytes(ascii("Fvx")).toBytes()));
    Bytes tag = new ByteWriter().u32le(0x8f3b22edL).u32le(3).bytes(ascii("abc")).toBytes();
    assertEquals("8f3b22ed: abc", describe(TAG, tag));
    Bytes wrong = new ByteWriter().u32le(0x8f3b22edL).u32le(4).bytes(ascii("abc")).toBytes();
    assertEquals("0xed223b8f04000000616263", describe(TAG, wrong));
  }

  @Test
  void description_ofAnyDataOfAnyType_isShortPrintableAscii() {
    Random random = new Random(SEED);
    List<EventType> types = List.of(EventType.values());
    for (int i = 0; i < 20_000; i++) {
      EventType type = types.get(random.nextInt(types.size()));
      byte[] data =
          random.nextBoolean()
              ? new byte[random.nextInt(80)]
              : variable("name", ascii("v")).toArray();
      for (int changes = random.nextInt(12); changes > 0 && data.length > 0; changes--) {
        data[random.nextInt(data.length)] = (byte) random.nextInt(256);
      }
      String text = describe(type.code(), Bytes.copyOf(data));
      assertTrue(
          text.length() <= EventText.MAX_CHARACTERS
              && text.chars().allMatch(c -> c >= 0x20 && c < 0x7f),
          () -> "seed " + SEED + ", type " + type + ": " + Bytes.copyOf(data).toHex());
    }
  }
}
