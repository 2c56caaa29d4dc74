package dev.holdfast.simulator.quote;

/// The fields of a TD report body in layout order. A TD report 1.0 ends behind REPORT_DATA, 1.5
/// behind MRSERVICETD, the extended form behind the last.
public enum TdField {
  TEE_TCB_SVN(16),
  MRSEAM(48),
  MRSIGNERSEAM(48),
  SEAMATTRIBUTES(8),
  TDATTRIBUTES(8),
  XFAM(8),
  MRTD(48),
  MRCONFIGID(48),
  MROWNER(48),
  MROWNERCONFIG(48),
  RTMR0(48),
  RTMR1(48),
  RTMR2(48),
  RTMR3(48),
  REPORT_DATA(64),
  TEE_TCB_SVN2(16),
  MRSERVICETD(48),
  VMID(1),
  TD_ID(32),
  DEVICE_INFO_DIGEST(48),
  INITIAL_SERVICE_TD_HASH(48),
  INITIAL_SERVICE_TD_ATTRIBUTES(8),
  INITIAL_CPU_SVN(16),
  INITIAL_TEE_TCB_SVN(16),
  INITIAL_FMSPC(12),
  CURRENT_SERVICE_TD_HASH(48),
  CURRENT_SERVICE_TD_ATTRIBUTES(8);

  private final int size;

  TdField(int size) {
    this.size = size;
  }

  /// Its size in bytes.
  public int size() {
    return size;
  }
}
