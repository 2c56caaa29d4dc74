package dev.holdfast.attestation.policy;

import dev.holdfast.attestation.quote.EnclaveReport;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import java.util.Optional;

/// Which code an SGX enclave must be: one build by `mrEnclave` (32 bytes), or every build of a
/// product by its signer, `mrSigner` (32 bytes) together with `isvProdId`; and at least
/// `minIsvSvn`.
public record EnclaveMeasurement(
    Optional<Bytes> mrEnclave,
    Optional<Bytes> mrSigner,
    Optional<Integer> isvProdId,
    int minIsvSvn) {
  public static final int HASH_SIZE = 32;

  public EnclaveMeasurement {
    mrEnclave.ifPresent(EnclaveMeasurement::requireSize);
    mrSigner.ifPresent(EnclaveMeasurement::requireSize);
    InvariantError.check(
        mrEnclave.isPresent() || (mrSigner.isPresent() && isvProdId.isPresent()),
        "an enclave is named by its build, or by its signer and product");
  }

  /// The first field of `report` that is not as this says, in words.
  public Optional<String> firstDifference(EnclaveReport report) {
    return different("MRENCLAVE", mrEnclave, report.mrEnclave())
        .or(() -> different("MRSIGNER", mrSigner, report.mrSigner()))
        .or(() -> different("ISVPRODID", isvProdId, report.isvProdId()))
        .or(() ->
            report.isvSvn() >= minIsvSvn
                ? Optional.empty()
                : Optional.of("ISVSVN is %d, needs %d".formatted(report.isvSvn(), minIsvSvn)));
  }

  private static <T> Optional<String> different(String name, Optional<T> expected, T found) {
    return expected
        .filter(value -> !value.equals(found))
        .map(value -> "%s is %s, expected %s".formatted(name, found, value));
  }

  private static void requireSize(Bytes hash) {
    InvariantError.check(hash.size() == HASH_SIZE, "a hash of an enclave has 32 bytes");
  }
}
