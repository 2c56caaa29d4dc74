package dev.holdfast.platform;

import dev.holdfast.attestation.AttestationVerifier;
import dev.holdfast.attestation.policy.Measurement;
import dev.holdfast.codec.Bytes;
import java.io.IOException;

/// Whoever can say what this machine runs, to itself and to others: the hardware, or a simulator of
/// it.
///
/// Implementations are thread-safe; they may serialize requests, since the hardware does.
public interface EvidenceSource {
  /// What a quote binds, in bytes: exactly that many, never padded here.
  int REPORT_DATA_SIZE = 64;

  /// The largest quote any part of Holdfast takes, in bytes.
  int MAX_QUOTE_SIZE = AttestationVerifier.QUOTE_MAX_SIZE;

  /// A quote over `reportData`. Takes tens of milliseconds on a good day and more than half a
  /// minute on a bad one; an interrupt ends the wait.
  ///
  /// @return 1..[#MAX_QUOTE_SIZE] bytes, not verified in any way
  /// @throws EvidenceException when the machine gives no quote: why, and what to do about it
  /// @throws IllegalArgumentException when `reportData` is not [#REPORT_DATA_SIZE] bytes
  Bytes quote(Bytes reportData) throws IOException, InterruptedException;

  /// What this machine runs, all registers, from inside: never from a quote, since the host hands
  /// those over and can have another VM sign the same report data.
  ///
  /// @throws EvidenceException when the machine does not show it: why, and what to do about it
  Measurement measurement() throws IOException;
}
