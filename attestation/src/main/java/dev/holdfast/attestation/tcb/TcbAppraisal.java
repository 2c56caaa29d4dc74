package dev.holdfast.attestation.tcb;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What TCB info and QE identity say about a platform, before any policy.
///
/// - `status`: the final one.
/// - `components`: the statuses that it was made of.
/// - `date`: the earliest of the dates of the levels met; empty when no level is met.
/// - `advisoryIds`: sorted union over platform, QE and TDX module, of the launch TCB.
/// - `evaluationNumber`: the smaller one of TCB info and QE identity.
/// - `shortfall`: which SVNs are too small for the best status on the list.
///
/// Spec: docs/spec/attestation.md#tcb-status
public record TcbAppraisal(
    TcbStatus status,
    Components components,
    Optional<Instant> date,
    List<String> advisoryIds,
    int evaluationNumber,
    List<Shortfall> shortfall) {
  public TcbAppraisal {
    advisoryIds = List.copyOf(advisoryIds);
    shortfall = List.copyOf(shortfall);
  }

  /// The parts of a status; empty where a part does not exist or no level of it is met. `current`
  /// is the status under the SVNs of a TDX module that was updated while the VM ran.
  public record Components(
      Optional<TcbStatus> platform,
      Optional<TcbStatus> qe,
      Optional<TcbStatus> module,
      Optional<TcbStatus> current) {}
}
