package dev.holdfast.attestation.policy;

import dev.holdfast.attestation.tcb.TcbStatus;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.JsonWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Writes policies. Spec: docs/spec/policy.md#members
final class PolicyWriter {
  private final JsonWriter out = JsonWriter.object().put(Member.VERSION, 1);

  private PolicyWriter() {}

  static Bytes write(AttestationPolicy policy) {
    PolicyWriter writer = new PolicyWriter();
    writer.tcb(policy.tcb());
    writer.strings(Member.RELAXATIONS, policy.relaxations().stream().map(Member::code).toList());
    writer.workload(policy.workload());
    policy.platforms().ifPresent(ids -> writer.out.putStrings(Member.PLATFORMS, hexes(ids)));
    writer.strings(
        Member.REFUSED_PLATFORM_FLAGS, policy.refusedFlags().stream().map(Member::code).toList());
    policy.reportData().ifPresent(data -> writer.out.put(Member.REPORT_DATA, data.toHex()));
    return writer.out.toBytes();
  }

  private void tcb(TcbPolicy tcb) {
    strings(
        Member.ACCEPTED_STATUSES,
        tcb.acceptedStatuses().stream()
            .filter(status -> status != TcbStatus.UP_TO_DATE && !status.terminal())
            .map(TcbStatus::code)
            .toList());
    instant(Member.GRACE_UNTIL, tcb.graceUntil());
    tcb.acceptedAdvisoryIds()
        .ifPresentOrElse(
            ids -> strings(Member.ACCEPTED_ADVISORIES, List.copyOf(ids)),
            () -> out.put(Member.ACCEPTED_ADVISORIES, Member.ANY));
    strings(Member.DENIED_ADVISORIES, List.copyOf(tcb.deniedAdvisoryIds()));
    if (tcb.minEvaluationNumber() != 0) {
      out.put(Member.MIN_EVALUATION_NUMBER, tcb.minEvaluationNumber());
    }
    instant(Member.MIN_TCB_DATE, tcb.minTcbDate());
    instant(Member.COLLATERAL_GRACE_UNTIL, tcb.collateralGraceUntil());
  }

  private void workload(Workload workload) {
    workload
        .measurements()
        .ifPresent(list ->
            out.putObjects(
                Member.MEASUREMENTS, list.stream().map(PolicyWriter::measurement).toList()));
    if (!workload.registers().isEmpty()) {
      JsonWriter registers = JsonWriter.object();
      workload
          .registers()
          .forEach((register, values) -> registers.putStrings(register.code(), hexes(values)));
      out.put(Member.REGISTERS, registers);
    }
    workload
        .enclaves()
        .ifPresent(list ->
            out.putObjects(Member.ENCLAVES, list.stream().map(PolicyWriter::enclave).toList()));
  }

  private static JsonWriter measurement(Measurement measurement) {
    JsonWriter json = JsonWriter.object();
    json.put(Register.MRTD.code(), measurement.mrTd().toHex());
    measurement.rtmr0().ifPresent(value -> json.put(Register.RTMR0.code(), value.toHex()));
    json.put(Register.RTMR1.code(), measurement.rtmr1().toHex());
    json.put(Register.RTMR2.code(), measurement.rtmr2().toHex());
    measurement.rtmr3().ifPresent(value -> json.put(Register.RTMR3.code(), value.toHex()));
    return json;
  }

  private static JsonWriter enclave(EnclaveMeasurement enclave) {
    JsonWriter json = JsonWriter.object();
    enclave.mrEnclave().ifPresent(value -> json.put(Member.MRENCLAVE, value.toHex()));
    enclave.mrSigner().ifPresent(value -> json.put(Member.MRSIGNER, value.toHex()));
    enclave.isvProdId().ifPresent(value -> json.put(Member.ISVPRODID, value));
    if (enclave.minIsvSvn() != 0) {
      json.put(Member.MIN_ISVSVN, enclave.minIsvSvn());
    }
    return json;
  }

  private void instant(String name, Optional<Instant> value) {
    value.ifPresent(at -> out.put(name, at.truncatedTo(ChronoUnit.SECONDS).toString()));
  }

  private void strings(String name, List<String> values) {
    if (!values.isEmpty()) {
      out.putStrings(name, values);
    }
  }

  private static List<String> hexes(Collection<Bytes> values) {
    return values.stream().map(Bytes::toHex).toList();
  }
}
