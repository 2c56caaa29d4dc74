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

/// The vendor's list of TCB recoveries whose documents it still issues; the newest first, each
/// number once. It decides nothing here: it tells what is ahead.
///
/// Spec: docs/spec/attestation.md#evaluation-numbers
public record EvaluationNumbers(
    Tee tee, Instant issueDate, Instant nextUpdate, List<Recovery> recoveries) {
  static final int MAX_RECOVERIES = 256;

  public EvaluationNumbers {
    recoveries = List.copyOf(recoveries);
  }

  /// @param number the TCB evaluation data number of its documents
  /// @param event when it was announced
  /// @param tcbDate the date of the levels that are up to date by it
  public record Recovery(int number, Instant event, Instant tcbDate) {}

  /// Parses the inner object of version 1, exactly as signed.
  public static EvaluationNumbers parse(Bytes json) throws MalformedException {
    JsonObject document = Json.parse(json).asObject();
    document.integer("version", 1, 1);
    JsonValue array = document.member("tcbEvalNumbers");
    List<Recovery> recoveries = new ArrayList<>();
    for (JsonValue item : array.asArray(MAX_RECOVERIES).items()) {
      JsonObject recovery = item.asObject();
      recoveries.add(
          new Recovery(
              (int) recovery.integer("tcbEvaluationDataNumber", 0, Integer.MAX_VALUE),
              Fields.date(recovery, "tcbRecoveryEventDate"),
              Fields.date(recovery, "tcbDate")));
    }
    recoveries.sort(Comparator.comparingInt(Recovery::number).reversed());
    for (int i = 1; i < recoveries.size(); i++) {
      if (recoveries.get(i).number() == recoveries.get(i - 1).number()) {
        throw array.mismatch("each number once", "one twice");
      }
    }
    return new EvaluationNumbers(
        tee(document.member("id")),
        Fields.date(document, "issueDate"),
        Fields.date(document, "nextUpdate"),
        recoveries);
  }

  private static Tee tee(JsonValue id) throws MalformedException {
    return switch (id.asString()) {
      case "SGX" -> Tee.SGX;
      case "TDX" -> Tee.TDX;
      default -> throw id.mismatch("SGX or TDX", "another id");
    };
  }
}
