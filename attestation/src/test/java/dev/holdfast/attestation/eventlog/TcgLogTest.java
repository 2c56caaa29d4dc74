package dev.holdfast.attestation.eventlog;

import static dev.holdfast.attestation.eventlog.TcgLog.SHA_384;
import static dev.holdfast.attestation.eventlog.TcgLog.ascii;
import static dev.holdfast.attestation.eventlog.TcgLog.filled;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.attestation.eventlog.EventLog.Format;
import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The rules of logs of firmware, each broken alone. Spec: docs/spec/eventlog.md#log-of-firmware
class TcgLogTest {
  private static final Bytes DATA = ascii("data");

  private static TcgLog log() {
    return TcgLog.of(SHA_384);
  }

  private static void assertMalformed(String field, TcgLog log) {
    assertMalformed(field, log.toBytes());
  }

  private static void assertMalformed(String field, Bytes log) {
    MalformedException e = assertThrows(MalformedException.class, () -> EventLog.parse(log));
    assertEquals(field, e.field(), e.getMessage());
    assertTrue(e.offset() >= 0 && e.offset() <= log.size(), e.getMessage());
  }

  /// A log of one event with the byte at `offset` replaced.
  private static Bytes with(int offset, int value) {
    byte[] bytes = log().event(1, 4, 7, DATA).toBytes().toArray();
    bytes[offset] = (byte) value;
    return Bytes.copyOf(bytes);
  }

  @Test
  void log_flawless_givesItsEvents() throws MalformedException {
    Bytes bytes = log().event(1, 4, 7, DATA).event(4, 0x12345678L, 8, Bytes.EMPTY).toBytes();

    EventLog log = EventLog.parse(bytes);

    assertEquals(Format.TCG_CRYPTO_AGILE, log.format());
    assertEquals(bytes.size(), log.usedBytes());
    assertEquals(List.of("sha384"), log.digestAlgorithms());
    assertEquals(List.of(), log.findings());
    assertEquals(
        List.of(
            new Event(1, Register.RTMR0, 4, "", filled(7, 48), DATA, DigestOfData.NO),
            new Event(
                2,
                Register.RTMR3,
                0x12345678L,
                "",
                filled(8, 48),
                Bytes.EMPTY,
                DigestOfData.NOT_APPLICABLE)),
        log.events());
    assertEquals("EV_SEPARATOR", log.events().get(0).typeName());
    assertEquals("0x12345678", log.events().get(1).typeName());
  }

  @Test
  void log_withoutEvents_leavesRegistersZero() throws MalformedException {
    EventLog log = EventLog.parse(log().toBytes());

    assertEquals(List.of(), log.events());
    assertEquals(65, log.usedBytes());
    assertTrue(log.replay().stream().allMatch(Bytes::isZero));
  }

  @Test
  void log_empty_isMalformed() {
    assertMalformed("header.register", Bytes.EMPTY);
  }

  @Test
  void log_onlyFiller_isMalformed() {
    assertMalformed("header.register", filled(0xff, 1000));
    assertMalformed("header.type", Bytes.zero(1000));
  }

  @Test
  void size_atLimitAndBeyond_isBounded() throws MalformedException {
    Bytes used = log().event(1, 4, 7, DATA).toBytes();
    Bytes limit =
        log().event(1, 4, 7, DATA).raw(filled(0xff, EventLog.MAX_SIZE - used.size())).toBytes();

    assertEquals(used.size(), EventLog.parse(limit).usedBytes());
    assertMalformed("log", new ByteWriter().bytes(limit).u8(0xff).toBytes());
  }

  @Test
  void events_atLimitAndBeyond_areBounded() throws MalformedException {
    TcgLog log = log();
    for (int i = 0; i < EventLog.MAX_EVENTS; i++) {
      log.event(1, 4, 7, Bytes.EMPTY);
    }
    EventLog limit = EventLog.parse(log.toBytes());
    assertEquals(EventLog.MAX_EVENTS, limit.events().size());
    assertEquals(EventLog.MAX_EVENTS, limit.compare(limit.replay()).getFirst().events());

    assertMalformed("events", log.event(1, 4, 7, Bytes.EMPTY));
  }

  @Test
  void eventData_atLimitAndBeyond_isBounded() throws MalformedException {
    Bytes data = filled('x', EventLog.MAX_EVENT_DATA);
    assertEquals(data, EventLog.parse(log().event(1, 4, 7, data).toBytes()).events().get(0).data());

    assertMalformed("event.size", log().event(1, 4, 7, filled('x', EventLog.MAX_EVENT_DATA + 1)));
  }

  @ParameterizedTest
  @ValueSource(longs = {0xffffffffL, 0x80000000L, 0x7fffffffL})
  void eventSize_huge_isMalformed(long size) {
    assertMalformed("event.size", log().event(1, 4, List.of(0xc), 7, size, DATA));
  }

  @Test
  void eventSize_beyondTheEnd_isMalformed() {
    assertMalformed("event.data", log().event(1, 4, List.of(0xc), 7, 5, DATA));
  }

  @Test
  void algorithms_atLimitAndBeyond_areBounded() throws MalformedException {
    Map<Integer, Integer> algorithms = new LinkedHashMap<>(SHA_384);
    for (int id = 0x100; algorithms.size() < EventLog.MAX_ALGORITHMS; id++) {
      algorithms.put(id, 1 + algorithms.size());
    }
    EventLog log = EventLog.parse(TcgLog.of(algorithms).event(1, 4, 7, DATA).toBytes());
    assertEquals(EventLog.MAX_ALGORITHMS, log.digestAlgorithms().size());
    assertEquals("0x0100", log.digestAlgorithms().get(1));

    algorithms.put(0x200, 20);
    assertMalformed("header.algorithms", TcgLog.of(algorithms));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 9, 0xffffffffL})
  void algorithmCount_wrong_isMalformed(long count) {
    assertMalformed(
        "header.algorithms", TcgLog.of(SHA_384, "Spec ID Event03\0", count, Bytes.EMPTY));
  }

  @Test
  void algorithms_several_onlySha384IsReplayed() throws MalformedException {
    Map<Integer, Integer> algorithms = new LinkedHashMap<>();
    algorithms.put(0x4, 20);
    algorithms.put(0xb, 32);
    algorithms.put(0xc, 48);
    algorithms.put(0xd, 64);
    Bytes several =
        TcgLog.of(algorithms)
            .event(1, 4, 7, DATA)
            .event(2, 4, List.of(0xd, 0xc, 0xb, 0x4), 8, 4, DATA)
            .toBytes();

    EventLog log = EventLog.parse(several);

    assertEquals(List.of("sha1", "sha256", "sha384", "sha512"), log.digestAlgorithms());
    Bytes alone = log().event(1, 4, 7, DATA).event(2, 4, 8, DATA).toBytes();
    assertEquals(EventLog.parse(alone).replay(), log.replay());
  }

  @Test
  void algorithms_withoutSha384_areRefusedClearly() {
    Bytes log = TcgLog.of(Map.of(0xb, 32)).event(1, 4, 7, DATA).toBytes();

    MalformedException e = assertThrows(MalformedException.class, () -> EventLog.parse(log));

    assertEquals("header.algorithms", e.field());
    assertTrue(String.valueOf(e.getMessage()).contains("expected SHA-384"), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(ints = {32, 0, 49, 0xffff})
  void digestSize_ofKnownAlgorithm_isItsOwn(int size) {
    assertMalformed("header.algorithm.size", TcgLog.of(Map.of(0xc, size)));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 65})
  void digestSize_ofUnknownAlgorithm_isBounded(int size) {
    assertMalformed("header.algorithm.size", TcgLog.of(Map.of(0x100, size)));
  }

  @Test
  void algorithm_twiceInTheHeader_isMalformed() {
    byte[] header = TcgLog.of(SHA_384, "Spec ID Event03\0", 2, Bytes.EMPTY).toBytes().toArray();
    header[28] = (byte) (header[28] + 4);
    ByteWriter twice = new ByteWriter().bytes(Bytes.copyOf(header, 0, 64));
    assertMalformed("header.algorithm.id", twice.u16le(0xc).u16le(48).u8(0).toBytes());
  }

  @Test
  void vendorInfo_ofAnySize_isSkipped() throws MalformedException {
    TcgLog log = TcgLog.of(SHA_384, "Spec ID Event03\0", 1, filled(9, 255));
    assertEquals(1, EventLog.parse(log.event(1, 4, 7, DATA).toBytes()).events().size());
  }

  @Test
  void header_eachFieldWrong_isMalformed() {
    assertMalformed("header.register", with(0, 2));
    assertMalformed("header.type", with(4, 4));
    assertMalformed("header.digest", with(27, 1));
    assertMalformed("header.data", with(31, 1));
    assertMalformed("header.signature", with(46, '2'));
    assertMalformed("header.version", with(52, 1));
    assertMalformed("header.version", with(53, 1));
    assertMalformed("header.vendorInfo", with(64, 1));
    assertMalformed("header.data", with(28, 34));
  }

  @Test
  void header_ofTheOldSha1Log_isMalformed() {
    Bytes old = TcgLog.of(SHA_384, "StartupLocality\0", 1, Bytes.EMPTY).toBytes();
    assertMalformed("header.signature", old);
  }

  @ParameterizedTest
  @ValueSource(longs = {5, 0x100, 0x80000001L, 0xfffffffeL, 0xffffffffL})
  void register_unknown_isMalformed(long index) {
    assertMalformed("event.register", log().event(index, 4, 7, DATA));
  }

  @Test
  void register_eachIndex_isItsOwn() throws MalformedException {
    TcgLog log = log();
    for (int index = 1; index <= 4; index++) {
      log.event(index, 4, index, DATA);
    }
    EventLog parsed = EventLog.parse(log.toBytes());

    assertEquals(Register.RTMRS, parsed.events().stream().map(Event::register).toList());
    for (int i = 0; i < 4; i++) {
      Bytes extended = new ByteWriter().bytes(Bytes.zero(48)).bytes(filled(i + 1, 48)).toBytes();
      assertEquals(EventLog.sha384(extended), parsed.replay().get(i));
    }
  }

  @Test
  void register_mrtd_isListedAndExtendsNothing() throws MalformedException {
    EventLog log = EventLog.parse(log().event(0, 4, 7, DATA).toBytes());

    assertEquals(Register.MRTD, log.events().get(0).register());
    assertTrue(!log.events().get(0).measured());
    assertTrue(log.replay().stream().allMatch(Bytes::isZero));
  }

  @Test
  void noAction_inTheMiddle_extendsNothing() throws MalformedException {
    EventLog with =
        EventLog.parse(
            log().event(1, 4, 7, DATA).event(1, 3, 9, DATA).event(1, 4, 8, DATA).toBytes());
    EventLog without = EventLog.parse(log().event(1, 4, 7, DATA).event(1, 4, 8, DATA).toBytes());

    assertEquals(3, with.events().size());
    assertEquals(2, with.compare(with.replay()).get(0).events());
    assertEquals(without.replay(), with.replay());
  }

  @Test
  void digests_notThoseOfTheHeader_areMalformed() {
    Map<Integer, Integer> two = new LinkedHashMap<>(SHA_384);
    two.put(0xb, 32);
    assertMalformed("event.digests", log().event(1, 4, List.of(), 7, 4, DATA));
    assertMalformed("event.digests", log().event(1, 4, List.of(0xc, 0xc), 7, 4, DATA));
    assertMalformed("event.digests", TcgLog.of(two).event(1, 4, List.of(0xc), 7, 4, DATA));
    assertMalformed("event.digest.algorithm", log().event(1, 4, List.of(0xb), 7, 4, DATA));
    assertMalformed("event.digest.algorithm", log().event(1, 4, List.of(0x999), 7, 4, DATA));
    assertMalformed(
        "event.digest.algorithm", TcgLog.of(two).event(1, 4, List.of(0xc, 0xc), 7, 4, DATA));
    assertMalformed(
        "event.digest.algorithm", TcgLog.of(two).event(1, 4, List.of(0xb, 0xb), 7, 4, DATA));
    assertMalformed("event.digests", with(65 + 11, 0xff));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 0xff})
  void filler_ofEitherKind_endsTheLog(int fill) throws MalformedException {
    Bytes used = log().event(1, 4, 7, DATA).toBytes();
    for (int size : new int[] {1, 3, 4, 100}) {
      EventLog log = EventLog.parse(log().event(1, 4, 7, DATA).raw(filled(fill, size)).toBytes());
      assertEquals(used.size(), log.usedBytes());
      assertEquals(1, log.events().size());
    }
  }

  @Test
  void garbage_behindTheEvents_isMalformed() {
    for (String hex :
        List.of("01", "ffffffff00", "00000000ff", "ff00", "0000000001", "ffffffffffffff01")) {
      assertMalformedAnywhere(log().event(1, 4, 7, DATA).raw(hex(hex)).toBytes());
    }
    assertMalformedAnywhere(
        log().event(1, 4, 7, DATA).raw(filled(0xff, 5000)).event(1, 4, 7, DATA).toBytes());
    assertMalformedAnywhere(
        log().event(1, 4, 7, DATA).raw(Bytes.zero(5000)).event(1, 4, 7, DATA).toBytes());
  }

  private static void assertMalformedAnywhere(Bytes log) {
    assertThrows(MalformedException.class, () -> EventLog.parse(log));
  }

  private static Bytes hex(String hex) {
    return Bytes.copyOf(HexFormat.of().parseHex(hex));
  }

  @Test
  void digestOfData_byType_isSaid() throws MalformedException {
    Bytes right = EventLog.sha384(DATA);
    Bytes log =
        log()
            .raw(event(4, right, DATA))
            .raw(event(4, right, ascii("other")))
            .raw(event(0xd, right, DATA))
            .raw(event(0x99, right, DATA))
            .raw(event(4, EventLog.sha384(Bytes.EMPTY), Bytes.EMPTY))
            .toBytes();

    assertEquals(
        List.of("yes", "no", "not-applicable", "not-applicable", "not-applicable"),
        EventLog.parse(log).events().stream().map(event -> event.digestOfData().code()).toList());
  }

  private static Bytes event(long type, Bytes digest, Bytes data) {
    return new ByteWriter()
        .u32le(1)
        .u32le(type)
        .u32le(1)
        .u16le(0xc)
        .bytes(digest)
        .u32le(data.size())
        .bytes(data)
        .toBytes();
  }
}
