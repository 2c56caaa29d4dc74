package dev.holdfast.codec;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// The one unambiguous way to put several items into one hash, MAC or signature: each item preceded
/// by its length as a big-endian u32, the first item an ASCII label that names the purpose.
///
/// Spec: docs/spec/protocol.md#frames
public final class Frame {
  private final ByteWriter out = new ByteWriter();

  private Frame() {}

  /// A frame that starts with `label`.
  public static Frame of(String label) {
    return new Frame().add(label.getBytes(StandardCharsets.US_ASCII));
  }

  /// A frame of `label` and `items`.
  public static Bytes of(String label, Bytes... items) {
    return of(label, List.of(items));
  }

  /// A frame of `label` and `items`.
  public static Bytes of(String label, List<Bytes> items) {
    Frame frame = of(label);
    items.forEach(frame::add);
    return frame.toBytes();
  }

  public Frame add(Bytes item) {
    out.u32be(item.size()).bytes(item);
    return this;
  }

  public Frame add(byte[] item) {
    out.u32be(item.length).bytes(item);
    return this;
  }

  public Frame add(String item) {
    return add(item.getBytes(StandardCharsets.UTF_8));
  }

  /// Adds a number as eight bytes, big-endian.
  public Frame add(long item) {
    out.u32be(Long.BYTES).u64be(item);
    return this;
  }

  public Bytes toBytes() {
    return out.toBytes();
  }

  public byte[] toArray() {
    return out.toArray();
  }
}
