package dev.holdfast.store.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The form of an archive: whole and unchanged, or refused, whatever was done to it.
class ArchiveReaderTest {
  private static final Bytes ATTACHMENT = Bytes.utf8("attached");
  private static final List<Entry> ENTRIES =
      List.of(new Entry(1, "header"), new Entry(2, "state"), new Entry(17, ""));

  private record Entry(int keySize, String value) {
    byte[] key() {
      byte[] key = new byte[keySize];
      Arrays.fill(key, (byte) keySize);
      return key;
    }
  }

  private static byte[] archive(List<Entry> entries) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ArchiveWriter writer = ArchiveWriter.begin(out, ATTACHMENT);
    for (Entry entry : entries) {
      writer.add(entry.key(), Bytes.utf8(entry.value()).toArray());
    }
    writer.finish();
    return out.toByteArray();
  }

  private static List<Entry> read(byte[] archive) throws IOException, MalformedException {
    ArchiveReader reader = ArchiveReader.begin(new ByteArrayInputStream(archive));
    assertEquals(ATTACHMENT, reader.attachment());
    List<Entry> entries = new ArrayList<>();
    while (reader.next()) {
      String value = new String(reader.value(), StandardCharsets.UTF_8);
      Entry entry = new Entry(reader.key().length, value);
      assertTrue(Arrays.equals(entry.key(), reader.key()));
      entries.add(entry);
    }
    assertFalse(reader.next());
    return entries;
  }

  private static String refusedField(byte[] archive) {
    return assertThrows(MalformedException.class, () -> read(archive)).field();
  }

  @Test
  void archive_written_readsBack() throws Exception {
    assertEquals(ENTRIES, read(archive(ENTRIES)));
    assertEquals(List.of(), read(archive(List.of())));
  }

  @Test
  void archive_written_hasTheBytesOfTheSpecification() throws Exception {
    ByteWriter expected = new ByteWriter();
    expected.bytes(Bytes.utf8("HOLDFAST-ARCHIVE")).u16be(1).u32be(8).bytes(ATTACHMENT);
    expected.u8(1).u8(1).u32be(6).bytes(Bytes.utf8("header"));
    expected.u8(0).u64be(1);
    expected.bytes(expected.toBytes().sha256());
    assertEquals(expected.toBytes(), Bytes.copyOf(archive(List.of(new Entry(1, "header")))));
  }

  @Test
  void archive_anyBitFlipped_isRefused() throws Exception {
    byte[] good = archive(ENTRIES);
    for (int i = 0; i < good.length; i++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] bad = good.clone();
        bad[i] ^= (byte) (1 << bit);
        assertThrows(Exception.class, () -> readAnything(bad), "byte " + i);
      }
    }
  }

  // As read, for an attachment that may have been changed.
  private static void readAnything(byte[] archive) throws IOException, MalformedException {
    ArchiveReader reader = ArchiveReader.begin(new ByteArrayInputStream(archive));
    while (reader.next()) {
      assertTrue(reader.key().length <= ArchiveFormat.MAX_KEY_BYTES);
    }
  }

  @Test
  void archive_cutAnywhere_isRefused() throws Exception {
    byte[] good = archive(ENTRIES);
    for (int size = 0; size < good.length; size++) {
      byte[] bad = Arrays.copyOf(good, size);
      assertThrows(MalformedException.class, () -> readAnything(bad), "size " + size);
    }
  }

  @Test
  void archive_longer_isRefused() throws Exception {
    byte[] good = archive(ENTRIES);
    assertEquals("end", refusedField(Arrays.copyOf(good, good.length + 1)));
  }

  @Test
  void entry_doubled_isRefused() throws Exception {
    assertEquals("key", refusedField(archive(List.of(new Entry(1, "a"), new Entry(1, "a")))));
  }

  @Test
  void entries_inAnotherOrder_areRefused() throws Exception {
    assertEquals("key", refusedField(archive(List.of(new Entry(2, "a"), new Entry(1, "a")))));
  }

  @Test
  void entry_removedWithTheChecksumMadeAnew_isRefusedForTheCount() {
    ByteWriter bad = begun();
    bad.u8(0).u64be(1);
    bad.bytes(bad.toBytes().sha256());
    assertEquals("count", refusedField(bad.toArray()));
  }

  @Test
  void version_other_isRefusedAsSuch() {
    byte[] bad = begun().toArray();
    bad[17] = 2;
    assertEquals(ArchiveReader.VERSION_FIELD, refusedField(bad));
  }

  @Test
  void sizes_pastTheirBounds_areRefusedBeforeAnythingIsRead() {
    ByteWriter attachment = new ByteWriter().bytes(Bytes.utf8("HOLDFAST-ARCHIVE")).u16be(1);
    attachment.u32be(ArchiveFormat.MAX_ATTACHMENT_BYTES + 1);
    assertEquals("attachment size", refusedField(attachment.toArray()));
    assertEquals("key size", refusedField(begun().u8(18).toArray()));
    ByteWriter value = begun().u8(1).u8(1).u32be(ArchiveFormat.MAX_VALUE_BYTES + 1);
    assertEquals("value size", refusedField(value.toArray()));
    ByteWriter unsigned = begun().u8(1).u8(1).u32be(0xffff_ffffL);
    assertEquals("value size", refusedField(unsigned.toArray()));
  }

  @Test
  void sizes_atTheirBounds_areRead() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ArchiveWriter writer = ArchiveWriter.begin(out, Bytes.zero(ArchiveFormat.MAX_ATTACHMENT_BYTES));
    writer.add(new byte[ArchiveFormat.MAX_KEY_BYTES], new byte[ArchiveFormat.MAX_VALUE_BYTES]);
    writer.finish();
    readAnything(out.toByteArray());
  }

  private static ByteWriter begun() {
    return new ByteWriter()
        .bytes(Bytes.utf8("HOLDFAST-ARCHIVE"))
        .u16be(1)
        .u32be(ATTACHMENT.size())
        .bytes(ATTACHMENT);
  }
}
