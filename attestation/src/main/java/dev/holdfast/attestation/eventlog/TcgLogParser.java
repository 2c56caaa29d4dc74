package dev.holdfast.attestation.eventlog;

import dev.holdfast.attestation.eventlog.EventLog.Format;
import dev.holdfast.codec.ByteReader;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Takes crypto-agile logs of the TCG apart. Spec: docs/spec/eventlog.md#log-of-firmware
final class TcgLogParser {
  static final String FORMAT = "event log";

  private static final byte[] SIGNATURE = "Spec ID Event03\0".getBytes(StandardCharsets.US_ASCII);
  private static final int SHA_384 = 0xc;
  private static final int MAX_DIGEST_SIZE = 64;

  private static final Map<Integer, Algorithm> KNOWN =
      Map.of(
          0x4,
          new Algorithm("sha1", 20),
          0xb,
          new Algorithm("sha256", 32),
          SHA_384,
          new Algorithm("sha384", 48),
          0xd,
          new Algorithm("sha512", 64),
          0x12,
          new Algorithm("sm3-256", 32),
          0x27,
          new Algorithm("sha3-256", 32),
          0x28,
          new Algorithm("sha3-384", 48),
          0x29,
          new Algorithm("sha3-512", 64));

  private final ByteReader in;

  /// The header's algorithms by id.
  private final Map<Integer, Algorithm> algorithms = new LinkedHashMap<>();

  private TcgLogParser(ByteReader in) {
    this.in = in;
  }

  private record Algorithm(String name, int size) {}

  static EventLog parse(Bytes log) throws MalformedException {
    if (log.size() > EventLog.MAX_SIZE) {
      throw new MalformedException(
          FORMAT, 0, "log", "at most " + EventLog.MAX_SIZE + " bytes", log.size() + " bytes");
    }
    return new TcgLogParser(ByteReader.of(FORMAT, log)).log();
  }

  private EventLog log() throws MalformedException {
    header();
    List<Event> events = new ArrayList<>();
    while (!atEnd()) {
      if (events.size() == EventLog.MAX_EVENTS) {
        throw in.malformed("events", "at most " + EventLog.MAX_EVENTS + " events", "more");
      }
      events.add(event(events.size() + 1));
    }
    return new EventLog(
        Format.TCG_CRYPTO_AGILE,
        in.position(),
        algorithms.values().stream().map(Algorithm::name).toList(),
        events,
        List.of());
  }

  /// True between two events when nothing or only filler is left. No event starts with four bytes
  /// 0xff, and none is all zero, since each has at least one digest's id.
  private boolean atEnd() {
    return in.onlyLeft(0xff) || in.onlyLeft(0);
  }

  private void header() throws MalformedException {
    requireAtMost("header.register", 1, in.u32le("header.register"));
    long type = in.u32le("header.type");
    if (type != EventType.EV_NO_ACTION.code()) {
      throw in.malformed("header.type", "3 (EV_NO_ACTION)", Long.toString(type));
    }
    if (!in.bytes(20, "header.digest").isZero()) {
      throw in.malformed("header.digest", "20 zero bytes", "other bytes");
    }
    ByteReader data = in.slice(in.u32le("header.size"), "header.data");
    if (!data.skipIf(SIGNATURE)) {
      throw data.malformed("header.signature", "Spec ID Event03 and a zero byte", "other bytes");
    }
    data.u32le("header.platformClass");
    int minor = data.u8("header.versionMinor");
    int major = data.u8("header.versionMajor");
    if (major != 2 || minor != 0) {
      throw data.malformed("header.version", "2.0", major + "." + minor);
    }
    data.u8("header.errata");
    data.u8("header.uintnSize");
    long count = data.u32le("header.algorithms");
    if (count < 1 || count > EventLog.MAX_ALGORITHMS) {
      throw data.malformed(
          "header.algorithms", "1.." + EventLog.MAX_ALGORITHMS, Long.toString(count));
    }
    for (int i = 0; i < count; i++) {
      algorithm(data);
    }
    data.bytes(data.u8("header.vendorInfoSize"), "header.vendorInfo");
    data.requireEnd("header.data");
    if (!algorithms.containsKey(SHA_384)) {
      throw data.malformed(
          "header.algorithms", "SHA-384, of which RTMRs are made", "only other algorithms");
    }
  }

  private void algorithm(ByteReader data) throws MalformedException {
    int id = data.u16le("header.algorithm.id");
    int size = data.u16le("header.algorithm.size");
    Algorithm known = KNOWN.get(id);
    if (known != null && size != known.size()) {
      throw data.malformed(
          "header.algorithm.size", known.size() + " for " + known.name(), Integer.toString(size));
    }
    if (size < 1 || size > MAX_DIGEST_SIZE) {
      throw data.malformed("header.algorithm.size", "1..64", Integer.toString(size));
    }
    Algorithm algorithm = known == null ? new Algorithm("0x%04x".formatted(id), size) : known;
    if (algorithms.put(id, algorithm) != null) {
      throw data.malformed("header.algorithm.id", "each algorithm once", "one twice");
    }
  }

  private Event event(int number) throws MalformedException {
    long index = in.u32le("event.register");
    requireAtMost("event.register", Register.ALL.size() - 1, index);
    Register register = Register.ALL.get((int) index);
    long type = in.u32le("event.type");
    Bytes digest = digest();
    long size = in.u32le("event.size");
    requireAtMost("event.size", EventLog.MAX_EVENT_DATA, size);
    Bytes data = in.bytes((int) size, "event.data");
    return new Event(number, register, type, "", digest, data, ofData(type, digest, data));
  }

  /// Reads one digest for each algorithm of the header, in any order, and gives that of SHA-384.
  private Bytes digest() throws MalformedException {
    long count = in.u32le("event.digests");
    if (count != algorithms.size()) {
      throw in.malformed(
          "event.digests", algorithms.size() + ", as in the header", Long.toString(count));
    }
    Set<Integer> seen = new HashSet<>();
    @Nullable Bytes sha384 = null;
    for (int i = 0; i < count; i++) {
      int id = in.u16le("event.digest.algorithm");
      Algorithm algorithm = algorithms.get(id);
      if (algorithm == null || !seen.add(id)) {
        throw in.malformed(
            "event.digest.algorithm",
            "each algorithm of the header once",
            "%s0x%04x".formatted(algorithm == null ? "" : "another ", id));
      }
      Bytes digest = in.bytes(algorithm.size(), "event.digest");
      if (id == SHA_384) {
        sha384 = digest;
      }
    }
    if (sha384 == null) {
      throw in.malformed("event.digests", "one of SHA-384", "none");
    }
    return sha384;
  }

  /// For events of firmware, also those that dstack hands on.
  static DigestOfData ofData(long type, Bytes digest, Bytes data) {
    boolean applies = EventType.of(type).map(EventType::digestIsOfData).orElse(false);
    if (!applies || data.isEmpty()) {
      return DigestOfData.NOT_APPLICABLE;
    }
    return EventLog.sha384(data).equals(digest) ? DigestOfData.YES : DigestOfData.NO;
  }

  private void requireAtMost(String field, long max, long found) throws MalformedException {
    if (found > max) {
      throw in.malformed(field, "0.." + max, Long.toString(found));
    }
  }
}
