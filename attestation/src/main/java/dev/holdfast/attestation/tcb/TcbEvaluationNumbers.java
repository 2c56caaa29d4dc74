package dev.holdfast.attestation.tcb;

import dev.holdfast.attestation.quote.Tee;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Json;
import dev.holdfast.codec.JsonValue;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.MalformedException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The vendor's list of TCB recoveries, each with its TCB evaluation data number, newest first.
///
/// Spec: docs/spec/attestation.md#tcb-evaluation-numbers
public record TcbEvaluationNumbers(
    Tee tee, Instant issueDate, Instant nextUpdate, List<Recovery> recoveries) {
  private static final int MAX_RECOVERIES = 256;

  public TcbEvaluationNumbers {
    recoveries = List.copyOf(recoveries);
  }

  /// @param number the TCB evaluation data number of its documents
  /// @param eventDate when the vendor disclosed it
  /// @param tcbDate of the level that it demands
  public record Recovery(int number, Instant eventDate, Instant tcbDate) {}

  /// Parses the inner object of version 1, exactly as signed.
  public static TcbEvaluationNumbers parse(Bytes json) throws MalformedException {
    JsonObject document = Json.parse(json).asObject();
    document.integer("version", 1, 1);
    JsonValue array = document.member("tcbEvalNumbers");
    List<Recovery> recoveries = new ArrayList<>();
    for (JsonValue item : array.asArray(MAX_RECOVERIES).items()) {
      JsonObject recovery = item.asObject();
      recoveries.add(
          new Recovery(
              (int) recovery.integer("tcbEvaluationDataNumber", 0, Integer.MAX_VALUE),
              recovery.instant("tcbRecoveryEventDate"),
              recovery.instant("tcbDate")));
    }
    recoveries.sort(Comparator.comparing(Recovery::number).reversed());
    for (int i = 1; i < recoveries.size(); i++) {
      if (recoveries.get(i).number() == recoveries.get(i - 1).number()) {
        throw array.mismatch("each number once", "one twice");
      }
    }
    return new TcbEvaluationNumbers(
        Fields.tee(document),
        document.instant("issueDate"),
        document.instant("nextUpdate"),
        recoveries);
  }

  /// The recovery of this number, when it is still listed.
  public Optional<Recovery> find(int number) {
    return recoveries.stream().filter(recovery -> recovery.number() == number).findFirst();
  }
}
