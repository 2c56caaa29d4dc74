package dev.holdfast.attestation.eventlog;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The event types of the TCG PC Client Platform Firmware Profile. Spec:
/// docs/spec/eventlog.md#types
enum EventType {
  EV_PREBOOT_CERT(0x0),
  EV_POST_CODE(0x1),
  EV_UNUSED(0x2),
  EV_NO_ACTION(0x3),
  EV_SEPARATOR(0x4, true),
  EV_ACTION(0x5, true),
  EV_EVENT_TAG(0x6),
  EV_S_CRTM_CONTENTS(0x7),
  EV_S_CRTM_VERSION(0x8, true),
  EV_CPU_MICROCODE(0x9),
  EV_PLATFORM_CONFIG_FLAGS(0xa),
  EV_TABLE_OF_DEVICES(0xb),
  EV_COMPACT_HASH(0xc),
  EV_IPL(0xd),
  EV_IPL_PARTITION_DATA(0xe),
  EV_NONHOST_CODE(0xf),
  EV_NONHOST_CONFIG(0x10),
  EV_NONHOST_INFO(0x11),
  EV_OMIT_BOOT_DEVICE_EVENTS(0x12, true),
  EV_POST_CODE2(0x13),
  EV_EFI_VARIABLE_DRIVER_CONFIG(0x80000001L, true),
  EV_EFI_VARIABLE_BOOT(0x80000002L),
  EV_EFI_BOOT_SERVICES_APPLICATION(0x80000003L),
  EV_EFI_BOOT_SERVICES_DRIVER(0x80000004L),
  EV_EFI_RUNTIME_SERVICES_DRIVER(0x80000005L),
  EV_EFI_GPT_EVENT(0x80000006L, true),
  EV_EFI_ACTION(0x80000007L, true),
  EV_EFI_PLATFORM_FIRMWARE_BLOB(0x80000008L),
  EV_EFI_HANDOFF_TABLES(0x80000009L),
  EV_EFI_PLATFORM_FIRMWARE_BLOB2(0x8000000aL),
  EV_EFI_HANDOFF_TABLES2(0x8000000bL),
  EV_EFI_VARIABLE_BOOT2(0x8000000cL, true),
  EV_EFI_GPT_EVENT2(0x8000000dL),
  EV_EFI_HCRTM_EVENT(0x80000010L),
  EV_EFI_VARIABLE_AUTHORITY(0x800000e0L, true),
  EV_EFI_SPDM_FIRMWARE_BLOB(0x800000e1L),
  EV_EFI_SPDM_FIRMWARE_CONFIG(0x800000e2L),
  EV_EFI_SPDM_DEVICE_POLICY(0x800000e3L, true),
  EV_EFI_SPDM_DEVICE_AUTHORITY(0x800000e4L);

  private static final Map<Long, EventType> BY_CODE =
      Stream.of(values()).collect(Collectors.toMap(type -> type.code, Function.identity()));

  private final long code;
  private final boolean digestIsOfData;

  EventType(long code) {
    this(code, false);
  }

  EventType(long code, boolean digestIsOfData) {
    this.code = code;
    this.digestIsOfData = digestIsOfData;
  }

  static Optional<EventType> of(long code) {
    return Optional.ofNullable(BY_CODE.get(code));
  }

  long code() {
    return code;
  }

  /// True when the digest of an event of this type is the hash of all of its data.
  boolean digestIsOfData() {
    return digestIsOfData;
  }
}
