package dev.holdfast.attestation.policy;

import dev.holdfast.codec.Bytes;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Which software a policy accepts. Whoever names enclaves accepts VMs only where `measurements` or
/// MRTD among the `registers` name those; whoever names VMs in any way, enclaves only where
/// `enclaves` names them.
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

  /// False when enclaves are named and no image of a VM is: MRTD measures one, the other registers
  /// may be anybody's choice.
  public boolean acceptsVms() {
    return enclaves.isEmpty() || measurements.isPresent() || registers.containsKey(Register.MRTD);
  }

  /// True when some enclave may pass.
  public boolean acceptsEnclaves() {
    return enclaves.isPresent() || (measurements.isEmpty() && registers.isEmpty());
  }
}
