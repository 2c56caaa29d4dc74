package dev.holdfast.attestation.eventlog;

import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Writes logs of firmware in which anything may be wrong.
final class TcgLog {
  static final Map<Integer, Integer> SHA_384 = Map.of(0xc, 48);

  private final ByteWriter out = new ByteWriter();
  private final Map<Integer, Integer> algorithms;

  private TcgLog(Map<Integer, Integer> algorithms) {
    this.algorithms = algorithms;
  }

  static TcgLog of(Map<Integer, Integer> algorithms) {
    return of(algorithms, "Spec ID Event03\0", algorithms.size(), Bytes.EMPTY);
  }

  static TcgLog of(Map<Integer, Integer> algorithms, String signature, long count, Bytes vendor) {
    TcgLog log = new TcgLog(new LinkedHashMap<>(algorithms));
    ByteWriter data = new ByteWriter().bytes(signature.getBytes(StandardCharsets.US_ASCII));
    data.u32le(0).u8(0).u8(2).u8(105).u8(2).u32le(count);
    log.algorithms.forEach((id, size) -> data.u16le(id).u16le(size));
    data.u8(vendor.size()).bytes(vendor);
    log.out.u32le(1).u32le(3).bytes(Bytes.zero(20)).u32le(data.size()).bytes(data.toBytes());
    return log;
  }

  /// An event with a digest of `fill` bytes for each algorithm of the header.
  TcgLog event(long index, long type, int fill, Bytes data) {
    return event(index, type, List.copyOf(algorithms.keySet()), fill, data.size(), data);
  }

  TcgLog event(long index, long type, List<Integer> ids, int fill, long size, Bytes data) {
    out.u32le(index).u32le(type).u32le(ids.size());
    for (int id : ids) {
      out.u16le(id).bytes(filled(fill, algorithms.getOrDefault(id, 48)));
    }
    out.u32le(size).bytes(data);
    return this;
  }

  TcgLog raw(Bytes bytes) {
    out.bytes(bytes);
    return this;
  }

  Bytes toBytes() {
    return out.toBytes();
  }

  static Bytes filled(int value, int size) {
    ByteWriter bytes = new ByteWriter();
    for (int i = 0; i < size; i++) {
      bytes.u8(value);
    }
    return bytes.toBytes();
  }

  static Bytes ascii(String text) {
    return Bytes.copyOf(text.getBytes(StandardCharsets.US_ASCII));
  }
}
