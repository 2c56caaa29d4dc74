package dev.holdfast.attestation.policy;

import dev.holdfast.codec.Bytes;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Which software a policy accepts. As soon as anything is said about TDX VMs (`measurements`,
/// `registers`) or about SGX enclaves (`enclaves`), the other kind is accepted only where something
/// is said about it, too.
///
/// - `measurements`: when present, a VM must match one of them (an empty list accepts none).
/// - `registers`: each one named must have one of its values (48 bytes each).
/// - `enclaves`: when present, an enclave must match one of them.
public record Workload(
    Optional<List<Measurement>> measurements,
    Map<Register, Set<Bytes>> registers,
    Optional<List<EnclaveMeasurement>> enclaves) {
  public Workload {
    measurements = measurements.map(List::copyOf);
    EnumMap<Register, Set<Bytes>> pinned = new EnumMap<>(Register.class);
    registers.forEach((register, values) ->
        pinned.put(register, Collections.unmodifiableSet(new TreeSet<>(values))));
    registers = Collections.unmodifiableMap(pinned);
    enclaves = enclaves.map(List::copyOf);
  }

  /// Any software.
  public static Workload any() {
    return new Workload(Optional.empty(), Map.of(), Optional.empty());
  }

  /// True when something is said about TDX VMs.
  public boolean namesVms() {
    return measurements.isPresent() || !registers.isEmpty();
  }
}
