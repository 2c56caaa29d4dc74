package dev.holdfast.simulator.quote;

/// The fields of an SGX report body in layout order, 384 bytes together.
public enum EnclaveField {
  CPU_SVN(16),
  MISC_SELECT(4),
  RESERVED_AFTER_MISC_SELECT(28),
  ATTRIBUTES(16),
  MRENCLAVE(32),
  RESERVED_AFTER_MRENCLAVE(32),
  MRSIGNER(32),
  RESERVED_AFTER_MRSIGNER(32),
  CONFIG_ID(64),
  ISV_PROD_ID(2),
  ISV_SVN(2),
  CONFIG_SVN(2),
  RESERVED_AFTER_CONFIG_SVN(42),
  ISV_FAMILY_ID(16),
  REPORT_DATA(64);

  private final int size;

  EnclaveField(int size) {
    this.size = size;
  }

  /// Its size in bytes.
  public int size() {
    return size;
  }
}
