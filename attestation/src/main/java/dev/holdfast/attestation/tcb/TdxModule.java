package dev.holdfast.attestation.tcb;

import dev.holdfast.codec.Bytes;
import java.util.List;

/// A TDX module that TCB info knows: `id` such as `TDX_03`, or empty for the modules of TDX 1.0,
/// which have no levels of their own. `mrSigner` 48 bytes, `attributes` and `attributesMask` 8.
public record TdxModule(
    String id, Bytes mrSigner, Bytes attributes, Bytes attributesMask, List<IsvLevel> levels) {
  public TdxModule {
    levels = List.copyOf(levels);
  }
}
