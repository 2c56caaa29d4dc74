package dev.holdfast.fuzz;

import dev.holdfast.codec.ByteReader;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.simulator.pki.Der;
import java.util.ArrayList;
import java.util.List;

/// A certificate or CRL in its three parts, to give another body to. The signature stays, and is
/// wrong then.
record SignedDer(Bytes body, Bytes algorithm, Bytes signature) {
  /// Takes DER of the simulator apart.
  static SignedDer of(Bytes der) {
    List<Bytes> parts = children(der);
    return new SignedDer(parts.get(0), parts.get(1), parts.get(2));
  }

  Bytes with(Bytes other) {
    return Der.sequence(other, algorithm, signature);
  }

  /// The elements in the constructed element `der`, which the simulator made.
  static List<Bytes> children(Bytes der) {
    try {
      ByteReader in = inside(ByteReader.of("DER", der));
      List<Bytes> children = new ArrayList<>();
      while (in.remaining() > 0) {
        int start = in.position();
        inside(in).rest();
        children.add(in.since(start));
      }
      return children;
    } catch (MalformedException e) {
      throw new Find("the simulator's DER is DER", e);
    }
  }

  private static ByteReader inside(ByteReader in) throws MalformedException {
    in.u8("tag");
    int first = in.u8("length");
    int size = first;
    if (first > 0x80) {
      size = 0;
      for (int i = 0x80; i < first; i++) {
        size = size << 8 | in.u8("length");
      }
    }
    return in.slice(size, "content");
  }
}
