package dev.holdfast.entropy.development;

import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.entropy.hash.Blake2;
import java.util.Map;
import java.util.TreeMap;

/// A block with the whole state after it.
record ChainBlock(long number, Bytes parent, int fork, Map<Bytes, Bytes> storage) {
  ChainBlock {
    storage = Map.copyOf(storage);
  }

  Bytes hash() {
    ByteWriter out = new ByteWriter().u64le(number).bytes(parent).u32le(fork);
    new TreeMap<>(storage).forEach((key, value) -> out.bytes(key).bytes(value));
    return Blake2.b(32, out.toBytes());
  }

  JsonWriter header() {
    return JsonWriter.object()
        .put("parentHash", "0x" + parent.toHex())
        .put("number", "0x" + Long.toHexString(number))
        .put("stateRoot", "0x" + Blake2.b(32, hash()).toHex())
        .put("extrinsicsRoot", "0x" + Bytes.zero(32).toHex())
        .raw("digest", "{\"logs\":[]}");
  }
}
