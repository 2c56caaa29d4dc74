package dev.holdfast.platform;

import dev.holdfast.attestation.policy.Measurement;
import dev.holdfast.codec.Bytes;
import dev.holdfast.platform.EvidenceException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// The measurement registers of this VM as its own kernel shows them (Linux 6.16 and later). The
/// kernel asks the CPU; nothing passes through the host.
///
/// Spec: docs/operating/evidence.md; the kernel's
/// Documentation/ABI/testing/sysfs-devices-virtual-misc-tdx_guest
public final class GuestRegisters {
  /// Where Linux has them.
  public static final Path KERNEL_FOLDER = Path.of("/sys/class/misc/tdx_guest/measurements");

  private static final String SUFFIX = ":sha384";

  private final Path folder;

  /// @param folder [#KERNEL_FOLDER] outside tests
  public GuestRegisters(Path folder) {
    this.folder = folder;
  }

  /// All five registers as they are now; software may extend RTMR 2 and 3 later.
  ///
  /// @throws EvidenceException when the kernel does not show them: why, and what to do about it
  public Measurement read() throws EvidenceException {
    return new Measurement(
        register("mrtd"),
        Optional.of(register("rtmr0")),
        register("rtmr1"),
        register("rtmr2"),
        Optional.of(register("rtmr3")));
  }

  private Bytes register(String name) throws EvidenceException {
    Path file = folder.resolve(name + SUFFIX);
    byte[] value;
    try (InputStream in = Files.newInputStream(file)) {
      value = in.readNBytes(Measurement.REGISTER_SIZE + 1);
    } catch (IOException e) {
      throw new EvidenceException(
          KernelError.kindOf(e, Kind.NO_REGISTERS),
          "cannot read " + file + ": " + KernelError.textOf(e),
          e);
    }
    if (value.length != Measurement.REGISTER_SIZE) {
      throw new EvidenceException(
          Kind.NO_REGISTERS,
          "%s: expected %d bytes, found %s"
              .formatted(
                  file,
                  Measurement.REGISTER_SIZE,
                  value.length > Measurement.REGISTER_SIZE ? "more" : value.length),
          null);
    }
    return Bytes.copyOf(value);
  }
}
