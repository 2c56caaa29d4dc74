package dev.holdfast.attestation.tcb;

import dev.holdfast.attestation.quote.Tee;
import dev.holdfast.codec.JsonValue;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.MalformedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The parts that TCB info and QE identity have in common.
final class Fields {
  static final int MAX_LEVELS = 256;
  static final int MAX_SVN = 0xff;
  static final int MAX_ISV_SVN = 0xffff;
  private static final int MAX_ADVISORIES = 1024;
  private static final int MAX_ADVISORY_CHARACTERS = 64;

  private Fields() {}

  static Issue issue(JsonObject document) throws MalformedException {
    return new Issue(
        document.instant("issueDate"),
        document.instant("nextUpdate"),
        (int) document.integer("tcbEvaluationDataNumber", 0, Integer.MAX_VALUE));
  }

  /// The technology that a document is for.
  static Tee tee(JsonObject document) throws MalformedException {
    JsonValue id = document.member("id");
    return switch (id.asString()) {
      case "SGX" -> Tee.SGX;
      case "TDX" -> Tee.TDX;
      default -> throw id.mismatch("\"SGX\" or \"TDX\"", "another id");
    };
  }

  static LevelStatus status(JsonObject level) throws MalformedException {
    JsonValue value = level.member("tcbStatus");
    TcbStatus status =
        TcbStatus.of(value.asString())
            .filter(TcbStatus::listed)
            .orElseThrow(() -> value.mismatch("a TCB status", "an unknown one"));
    return new LevelStatus(status, level.instant("tcbDate"), advisories(level));
  }

  /// The levels of a QE or TDX module, highest first.
  static List<IsvLevel> isvLevels(JsonObject identity) throws MalformedException {
    JsonValue array = identity.member("tcbLevels");
    List<IsvLevel> levels = new ArrayList<>();
    for (JsonValue item : array.asArray(MAX_LEVELS).items()) {
      JsonObject level = item.asObject();
      LevelStatus status = status(level);
      requireIsvStatus(level, status.status());
      levels.add(new IsvLevel((int) level.object("tcb").integer("isvsvn", 0, MAX_ISV_SVN), status));
    }
    levels.sort(IsvLevel.HIGHEST_FIRST);
    requireLevels(array, levels.size());
    for (int i = 1; i < levels.size(); i++) {
      if (levels.get(i).isvSvn() == levels.get(i - 1).isvSvn()) {
        throw array.mismatch("each level once", "one twice");
      }
    }
    return levels;
  }

  static void requireLevels(JsonValue array, int count) throws MalformedException {
    if (count == 0) {
      throw array.mismatch("at least one level", "none");
    }
  }

  private static void requireIsvStatus(JsonObject level, TcbStatus status)
      throws MalformedException {
    boolean known =
        switch (status) {
          case UP_TO_DATE, OUT_OF_DATE, REVOKED -> true;
          case SW_HARDENING_NEEDED,
              CONFIGURATION_NEEDED,
              CONFIGURATION_AND_SW_HARDENING_NEEDED,
              OUT_OF_DATE_CONFIGURATION_NEEDED,
              TD_RELAUNCH_ADVISED,
              TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED,
              NOT_SUPPORTED ->
              false;
        };
    if (!known) {
      throw level.mismatch("UpToDate, OutOfDate or Revoked", "another status");
    }
  }

  private static List<String> advisories(JsonObject level) throws MalformedException {
    Optional<JsonValue> value = level.find("advisoryIDs");
    List<String> ids = new ArrayList<>();
    if (value.isPresent()) {
      for (JsonValue item : value.get().asArray(MAX_ADVISORIES).items()) {
        ids.add(advisory(item));
      }
    }
    return ids;
  }

  /// Advisory ids end in messages and logs: only harmless ones are taken.
  private static String advisory(JsonValue item) throws MalformedException {
    String id = item.asString();
    boolean harmless = !id.isEmpty() && id.length() <= MAX_ADVISORY_CHARACTERS && plain(id);
    if (!harmless) {
      throw item.mismatch("an advisory id of up to 64 plain characters", "another text");
    }
    return id;
  }

  private static boolean plain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c <= 0x20 || c >= 0x7f || c == '"' || c == '\\') {
        return false;
      }
    }
    return true;
  }
}
