package dev.holdfast.simulator.pki;

/// The four keys of the vendor that sign other documents, each with a certificate.
public enum Authority {
  ROOT("Intel SGX Root CA"),
  PLATFORM_CA("Intel SGX PCK Platform CA"),
  PROCESSOR_CA("Intel SGX PCK Processor CA"),
  TCB_SIGNING("Intel SGX TCB Signing");

  private final String commonName;

  Authority(String commonName) {
    this.commonName = commonName;
  }

  /// The subject's common name, exactly as Intel's certificate has it.
  public String commonName() {
    return commonName;
  }
}
