package dev.holdfast.attestation.quote;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;

/// The report of an SGX enclave, also of the quoting enclave itself: 384 bytes, fields at fixed
/// offsets. Numbers are little-endian.
///
/// Spec: docs/spec/quote.md#enclave-report
public record EnclaveReport(Bytes body) implements Report {
  public static final int SIZE = 384;

  private static final int FLAG_INIT = 1;
  private static final int FLAG_DEBUG = 1 << 1;

  public EnclaveReport {
    InvariantError.check(body.size() == SIZE, "size of an enclave report");
  }

  @Override
  public Tee tee() {
    return Tee.SGX;
  }

  public Bytes cpuSvn() {
    return body.slice(0, 16);
  }

  /// MISCSELECT as its four bytes.
  public Bytes miscSelect() {
    return body.slice(16, 4);
  }

  /// ATTRIBUTES: eight bytes of flags, eight of XFRM.
  public Bytes attributes() {
    return body.slice(48, 16);
  }

  public boolean initialized() {
    return (body.at(48) & FLAG_INIT) != 0;
  }

  public boolean debug() {
    return (body.at(48) & FLAG_DEBUG) != 0;
  }

  public Bytes mrEnclave() {
    return body.slice(64, 32);
  }

  public Bytes mrSigner() {
    return body.slice(128, 32);
  }

  public int isvProdId() {
    return body.at(256) | body.at(257) << 8;
  }

  public int isvSvn() {
    return body.at(258) | body.at(259) << 8;
  }

  @Override
  public Bytes reportData() {
    return body.slice(320, 64);
  }
}
