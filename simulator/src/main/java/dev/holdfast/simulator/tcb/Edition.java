package dev.holdfast.simulator.tcb;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.JsonWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What the vendor knows under one evaluation number, in all documents that carry it. A TCB
/// recovery makes the next edition.
///
/// Spec: docs/spec/simulator.md#editions
public final class Edition {
  /// An advisory that no real list has.
  public static final String RECOVERY_ADVISORY = "INTEL-SA-99999";

  private static final Duration EVENT_BEFORE_TCB_DATE = Duration.ofDays(1);
  private static final String OUT_OF_DATE = "OutOfDate";

  private final int number;
  private final Instant tcbDate;

  private Edition(int number, Instant tcbDate) {
    this.number = number;
    this.tcbDate = tcbDate;
  }

  /// The edition before the standard one: what is older now was the newest.
  public static Edition previous() {
    return new Edition(Documents.EVALUATION_NUMBER - 1, Documents.OLDER);
  }

  /// The standard documents.
  public static Edition current() {
    return new Edition(Documents.EVALUATION_NUMBER, Documents.CURRENT);
  }

  /// The edition after the standard one: a newer platform level that no simulated platform reaches,
  /// so that all of them are `OutOfDate` for [#RECOVERY_ADVISORY]. Enclaves and modules stay.
  ///
  /// @param tcbDate the date of the new level, taken to the day
  public static Edition recovered(Instant tcbDate) {
    return new Edition(Documents.EVALUATION_NUMBER + 1, tcbDate.truncatedTo(ChronoUnit.DAYS));
  }

  public int number() {
    return number;
  }

  /// The day from which on the vendor's early channel knows it.
  public Instant recoveryEvent() {
    return tcbDate.minus(EVENT_BEFORE_TCB_DATE);
  }

  /// TCB info of version 3 for TDX.
  public DocumentRecipe tdxTcbInfo(Bytes fmspc, Instant issueDate, Instant nextUpdate) {
    DocumentRecipe standard = Documents.tdxTcbInfo(fmspc, issueDate, nextUpdate);
    return standard
        .withEvaluationNumber(number)
        .withModuleIdentities(
            Documents.moduleIdentities(Documents.CURRENT_STATUS).stream().map(this::of).toList())
        .withTcbLevels(platforms(Documents.tdxLevels()));
  }

  /// TCB info of version 3 for SGX.
  public DocumentRecipe sgxTcbInfo(Bytes fmspc, Instant issueDate, Instant nextUpdate) {
    return Documents.sgxTcbInfo(fmspc, issueDate, nextUpdate)
        .withEvaluationNumber(number)
        .withTcbLevels(platforms(Documents.sgxLevels()));
  }

  /// The identity of one of the vendor's enclaves.
  public DocumentRecipe identity(IntelEnclave enclave, Instant issueDate, Instant nextUpdate) {
    return Documents.identity(enclave, issueDate, nextUpdate)
        .withEvaluationNumber(number)
        .withIsvLevels(enclaves(Documents.isvLevels(enclave.isvSvn(), Documents.CURRENT_STATUS)));
  }

  /// The list of the evaluation numbers that can be asked for.
  ///
  /// @param id `SGX` or `TDX`
  /// @param editions newest first
  public static DocumentRecipe numbers(
      String id, List<Edition> editions, Instant issueDate, Instant nextUpdate) {
    List<JsonWriter> items = editions.stream().map(Edition::entry).toList();
    return DocumentRecipe.of(List.of())
        .with("id", id)
        .with("version", 1)
        .withDates(issueDate, nextUpdate)
        .withJson("tcbEvalNumbers", DocumentRecipe.array(items));
  }

  private JsonWriter entry() {
    return JsonWriter.object()
        .put("tcbEvaluationDataNumber", number)
        .put("tcbRecoveryEventDate", DocumentRecipe.date(recoveryEvent()))
        .put("tcbDate", DocumentRecipe.date(tcbDate));
  }

  private List<TcbLevel> platforms(List<TcbLevel> standard) {
    TcbLevel newest = standard.getFirst();
    if (number == Documents.EVALUATION_NUMBER) {
      return standard;
    }
    List<TcbLevel> levels = new ArrayList<>();
    if (number < Documents.EVALUATION_NUMBER) {
      levels.addAll(standard.subList(1, standard.size()));
      levels.set(0, upToDate(levels.getFirst()));
      return levels;
    }
    levels.add(upToDate(raised(newest)).withDate(tcbDate));
    for (TcbLevel level : standard) {
      List<String> advisories = new ArrayList<>(List.of(RECOVERY_ADVISORY));
      advisories.addAll(level.advisoryIds());
      levels.add(level.withStatus(OUT_OF_DATE).withAdvisoryIds(advisories));
    }
    return levels;
  }

  /// Newer microcode, on both sides of a TDX level.
  private static TcbLevel raised(TcbLevel level) {
    TcbLevel raised = level.withSgx(plusOne(level.sgx(), 0));
    Optional<List<Integer>> tdx = level.tdx();
    return tdx.isPresent() ? raised.withTdx(plusOne(tdx.get(), 2)) : raised;
  }

  private static List<Integer> plusOne(List<Integer> svns, int index) {
    List<Integer> raised = new ArrayList<>(svns);
    raised.set(index, svns.get(index) + 1);
    return raised;
  }

  private static TcbLevel upToDate(TcbLevel level) {
    return level.withStatus(Documents.CURRENT_STATUS).withAdvisoryIds(List.of());
  }

  private TdxModule of(TdxModule module) {
    return TdxModule.identity(module.id(), enclaves(module.levels()));
  }

  private List<IsvLevel> enclaves(List<IsvLevel> standard) {
    if (number >= Documents.EVALUATION_NUMBER) {
      return standard;
    }
    IsvLevel newest = standard.size() > 1 ? standard.get(1) : standard.getFirst();
    return List.of(IsvLevel.of(newest.isvSvn(), tcbDate, Documents.CURRENT_STATUS));
  }
}
