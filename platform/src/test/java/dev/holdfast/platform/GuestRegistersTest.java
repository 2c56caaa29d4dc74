package dev.holdfast.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.attestation.policy.Measurement;
import dev.holdfast.codec.Bytes;
import dev.holdfast.platform.EvidenceException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GuestRegistersTest {
  private static final List<String> NAMES = List.of("mrtd", "rtmr0", "rtmr1", "rtmr2", "rtmr3");

  @TempDir Path folder;

  @BeforeEach
  void kernel() throws IOException {
    for (int i = 0; i < NAMES.size(); i++) {
      write(NAMES.get(i), 48, i + 1);
    }
  }

  private void write(String name, int size, int value) throws IOException {
    Files.write(folder.resolve(name + ":sha384"), filled(size, value).toArray());
  }

  private static Bytes filled(int size, int value) {
    byte[] bytes = new byte[size];
    Arrays.fill(bytes, (byte) value);
    return Bytes.copyOf(bytes);
  }

  private EvidenceException refused() {
    GuestRegisters registers = new GuestRegisters(folder);
    return assertThrows(EvidenceException.class, registers::read);
  }

  @Test
  void registers_allThere_areTheMeasurement() throws Exception {
    Measurement expected =
        new Measurement(
            filled(48, 1),
            Optional.of(filled(48, 2)),
            filled(48, 3),
            filled(48, 4),
            Optional.of(filled(48, 5)));
    assertEquals(expected, new GuestRegisters(folder).read());
  }

  @Test
  void registers_anyOneMissing_nameTheKernelThatHasThem() throws IOException {
    for (String name : NAMES) {
      Path file = folder.resolve(name + ":sha384");
      byte[] value = Files.readAllBytes(file);
      Files.delete(file);
      EvidenceException refused = refused();
      assertEquals(Kind.NO_REGISTERS, refused.kind());
      assertTrue(String.valueOf(refused.getMessage()).contains("Linux 6.16"), name);
      Files.write(file, value);
    }
  }

  @Test
  void registers_folderMissing_nameTheKernelThatHasThem() {
    GuestRegisters registers = new GuestRegisters(folder.resolve("measurements"));
    EvidenceException refused = assertThrows(EvidenceException.class, registers::read);
    assertEquals(Kind.NO_REGISTERS, refused.kind());
  }

  @Test
  void register_ofAnotherSize_isRefused() throws IOException {
    for (int size : new int[] {0, 47, 49, 4096}) {
      write("rtmr1", size, 3);
      assertEquals(Kind.NO_REGISTERS, refused().kind(), "size " + size);
    }
  }
}
