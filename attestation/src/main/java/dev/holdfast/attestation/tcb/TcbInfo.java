package dev.holdfast.attestation.tcb;

import dev.holdfast.attestation.quote.Tee;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import java.util.List;
import java.util.Optional;

/// The vendor's list of TCB levels for one kind of platform (`fmspc` 6 bytes, `pceId` 2).
///
/// `levels` are sorted, the highest first. `module` and `moduleIdentities` are of TDX; old
/// documents have no identities.
///
/// Spec: docs/spec/attestation.md#tcb-info
public record TcbInfo(
    Tee tee,
    Issue issue,
    Kind kind,
    Optional<TdxModule> module,
    List<TdxModule> moduleIdentities,
    List<TcbLevel> levels) {
  public TcbInfo {
    moduleIdentities = List.copyOf(moduleIdentities);
    levels = List.copyOf(levels);
  }

  /// The platforms that a document is about.
  public record Kind(Bytes fmspc, Bytes pceId) {}

  /// Parses the inner object of version 3, or 2 (SGX only), exactly as signed.
  public static TcbInfo parse(Bytes json) throws MalformedException {
    return TcbInfoParser.parse(json);
  }
}
