package dev.holdfast.simulator.tcb;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.JsonWriter;
import java.util.List;
import java.util.Locale;

/// What TCB info says about a TDX module: its signer and attributes, and for an identity its id and
/// levels.
///
/// @param id `TDX_01` and so on; empty for the base module, which has neither id nor levels
/// @param mrSigner 48 bytes, zero for Intel's modules
/// @param attributes 8 bytes
/// @param attributesMask 8 bytes
public record TdxModule(
    String id, Bytes mrSigner, Bytes attributes, Bytes attributesMask, List<IsvLevel> levels) {
  private static final Bytes ALL_BITS = Bytes.copyOf(new byte[] {-1, -1, -1, -1, -1, -1, -1, -1});

  public TdxModule {
    levels = List.copyOf(levels);
  }

  /// Intel's base module.
  public static TdxModule base() {
    return identity("", List.of());
  }

  /// Intel's module of the family `id`.
  public static TdxModule identity(String id, List<IsvLevel> levels) {
    return new TdxModule(id, Bytes.zero(48), Bytes.zero(8), ALL_BITS, levels);
  }

  public TdxModule withMrSigner(Bytes value) {
    return new TdxModule(id, value, attributes, attributesMask, levels);
  }

  public TdxModule withAttributes(Bytes value, Bytes mask) {
    return new TdxModule(id, mrSigner, value, mask, levels);
  }

  /// The module as it stands in the document.
  public JsonWriter toJson() {
    JsonWriter module = JsonWriter.object();
    if (!id.isEmpty()) {
      module.put("id", id);
    }
    module
        .put("mrsigner", upperHex(mrSigner))
        .put("attributes", upperHex(attributes))
        .put("attributesMask", upperHex(attributesMask));
    return id.isEmpty()
        ? module
        : module.putObjects("tcbLevels", levels.stream().map(IsvLevel::toJson).toList());
  }

  static String upperHex(Bytes bytes) {
    return bytes.toHex().toUpperCase(Locale.ROOT);
  }
}
