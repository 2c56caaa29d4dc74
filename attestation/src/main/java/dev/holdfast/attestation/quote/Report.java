package dev.holdfast.attestation.quote;

import dev.holdfast.codec.Bytes;

/// What the hardware reports about the enclave or VM that a quote speaks for.
public sealed interface Report permits TdReport, EnclaveReport {
  /// The exact bytes, as signed.
  Bytes body();

  /// The 64 bytes that the reporting software chose.
  Bytes reportData();

  Tee tee();
}
