package dev.holdfast.attestation.tcb;

import dev.holdfast.attestation.quote.TdReport;
import dev.holdfast.codec.Bytes;
import java.util.HexFormat;

/// Which TDX module a VM runs under, and whether TCB info knows it.
///
/// Spec: docs/spec/attestation.md#tdx-module
final class ModuleMatch {
  private ModuleMatch() {}

  /// The module of `svns` (16 bytes, the second one selects the family), whose signer and
  /// attributes are those of `td`.
  static TdxModule of(TcbInfo info, TdReport td, Bytes svns) throws ModuleMismatchException {
    TdxModule module = family(info, svns.at(1));
    if (!td.mrSignerSeam().equals(module.mrSigner())) {
      throw new ModuleMismatchException(
          "MRSIGNERSEAM is %s, needs %s".formatted(td.mrSignerSeam(), module.mrSigner()));
    }
    // No bit of SEAMATTRIBUTES has a good meaning; the vendor's own library takes only zero, too.
    if (!td.seamAttributes().isZero() || !module.attributes().isZero()) {
      throw new ModuleMismatchException(
          "SEAMATTRIBUTES is %s, needs %s".formatted(td.seamAttributes(), module.attributes()));
    }
    return module;
  }

  private static TdxModule family(TcbInfo info, int family) throws ModuleMismatchException {
    if (family == 0) {
      return info.module()
          .orElseThrow(() -> new ModuleMismatchException("TCB info has no TDX module"));
    }
    String id = "TDX_" + HexFormat.of().withUpperCase().toHexDigits((byte) family);
    for (TdxModule module : info.moduleIdentities()) {
      if (module.id().equals(id)) {
        return module;
      }
    }
    throw new ModuleMismatchException("TCB info does not know module " + id);
  }
}
