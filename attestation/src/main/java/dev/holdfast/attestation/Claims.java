package dev.holdfast.attestation;

import dev.holdfast.attestation.policy.Measurement;
import dev.holdfast.attestation.quote.EnclaveReport;
import dev.holdfast.attestation.quote.Report;
import dev.holdfast.attestation.quote.TdReport;
import dev.holdfast.attestation.quote.Tee;
import dev.holdfast.attestation.tcb.TcbStatus;
import dev.holdfast.codec.Bytes;
import java.util.Optional;

/// What an accepted quote proves: which software reported `report` on which platform.
public record Claims(int quoteVersion, Report report, Platform platform, TcbStatus tcbStatus) {
  public Tee tee() {
    return report.tee();
  }

  /// The 64 bytes that the quoted software chose.
  public Bytes reportData() {
    return report.reportData();
  }

  /// The report of a TDX VM.
  public Optional<TdReport> td() {
    return report instanceof TdReport td ? Optional.of(td) : Optional.empty();
  }

  /// The report of an SGX enclave.
  public Optional<EnclaveReport> enclave() {
    return report instanceof EnclaveReport enclave ? Optional.of(enclave) : Optional.empty();
  }

  /// The image that a TDX VM runs, with all registers.
  public Optional<Measurement> measurement() {
    return td().map(Measurement::of);
  }
}
