package dev.holdfast.simulator;

import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import dev.holdfast.simulator.pki.P256Key;
import dev.holdfast.simulator.quote.EnclaveField;
import dev.holdfast.simulator.tcb.Documents;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// The software quoting enclave that certifies the attestation key.
///
/// @param enclave its body; CPUSVN and report data are filled in by the platform
/// @param authData goes into the binding of the attestation key; up to 65535 bytes
/// @param bindingTail the last 32 bytes of its report data, zero as specified
/// @param attestationKey changes the 64 bytes of the key before they are bound: the binding of an
///   impossible key is right
/// @param report changes the 384 bytes before they are signed
/// @param signer signs the report instead of the platform's PCK
/// @param signature changes the 64 bytes of the report's signature
public record QeRecipe(
    EnclaveRecipe enclave,
    Bytes authData,
    Bytes bindingTail,
    UnaryOperator<Bytes> attestationKey,
    UnaryOperator<Bytes> report,
    Optional<P256Key> signer,
    UnaryOperator<Bytes> signature) {
  private static final QeRecipe FOR_TDS =
      of("TD_QE", Documents.TD_QE_SIGNER, 2, Documents.TD_QE_SVN);
  private static final QeRecipe FOR_ENCLAVES = of("QE", Documents.QE_SIGNER, 1, Documents.QE_SVN);

  /// The enclave that quotes TDs.
  public static QeRecipe forTds() {
    return FOR_TDS;
  }

  /// The enclave that quotes SGX enclaves.
  public static QeRecipe forEnclaves() {
    return FOR_ENCLAVES;
  }

  public QeRecipe withEnclave(UnaryOperator<EnclaveRecipe> change) {
    return new QeRecipe(
        change.apply(enclave), authData, bindingTail, attestationKey, report, signer, signature);
  }

  public QeRecipe withAuthData(Bytes value) {
    return new QeRecipe(enclave, value, bindingTail, attestationKey, report, signer, signature);
  }

  public QeRecipe withBindingTail(Bytes value) {
    return new QeRecipe(enclave, authData, value, attestationKey, report, signer, signature);
  }

  public QeRecipe withAttestationKey(UnaryOperator<Bytes> value) {
    return new QeRecipe(enclave, authData, bindingTail, value, report, signer, signature);
  }

  public QeRecipe withReport(UnaryOperator<Bytes> value) {
    return new QeRecipe(enclave, authData, bindingTail, attestationKey, value, signer, signature);
  }

  public QeRecipe withSigner(P256Key value) {
    return new QeRecipe(
        enclave, authData, bindingTail, attestationKey, report, Optional.of(value), signature);
  }

  public QeRecipe withSignature(UnaryOperator<Bytes> value) {
    return new QeRecipe(enclave, authData, bindingTail, attestationKey, report, signer, value);
  }

  private static QeRecipe of(String name, String mrSigner, int prodId, int svn) {
    EnclaveRecipe enclave =
        EnclaveRecipe.ofImage(name)
            .with(EnclaveField.ATTRIBUTES, new ByteWriter().u64le(0x15).u64le(0xe7).toBytes())
            .with(EnclaveField.MRSIGNER, Documents.hex(mrSigner))
            .withIsv(prodId, svn);
    ByteWriter authData = new ByteWriter();
    for (int i = 0; i < 32; i++) {
      authData.u8(i);
    }
    return new QeRecipe(
        enclave,
        authData.toBytes(),
        Bytes.zero(32),
        UnaryOperator.identity(),
        UnaryOperator.identity(),
        Optional.empty(),
        UnaryOperator.identity());
  }
}
