package dev.holdfast.fuzz;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.attestation.quote.EnclaveReport;
import dev.holdfast.attestation.quote.Report;
import dev.holdfast.attestation.quote.TdReport;
import dev.holdfast.attestation.tcb.ModuleMismatchException;
import dev.holdfast.attestation.tcb.PlatformTcb;
import dev.holdfast.attestation.tcb.QeIdentity;
import dev.holdfast.attestation.tcb.TcbAppraisal;
import dev.holdfast.attestation.tcb.TcbEvaluation;
import dev.holdfast.attestation.tcb.TcbInfo;
import dev.holdfast.attestation.tcb.TcbStatus;
import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.simulator.CollateralRecipe;
import dev.holdfast.simulator.EnclaveRecipe;
import dev.holdfast.simulator.TdRecipe;
import dev.holdfast.simulator.quote.TdField;
import dev.holdfast.simulator.tcb.Documents;
import dev.holdfast.simulator.tcb.IsvLevel;
import dev.holdfast.simulator.tcb.TcbLevel;
import dev.holdfast.simulator.tcb.TdxModule;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A platform that gets better is never judged worse: raising one SVN never moves the match to a
/// lower level. TEE_TCB_SVN[1] is no SVN but the module's family, and stays.
///
/// Spec: docs/spec/attestation.md#tcb-status
class RaisedSvnTest {
  private static final long SEED = Long.getLong("holdfast.seed", 20261123);
  private static final int ROUNDS = 3000;
  private static final int ROUNDS_OF_A_DOCUMENT = 30;
  private static final int COMPONENTS = 16;
  private static final int LEVELS = 12;
  private static final List<TcbStatus> WORSE =
      List.of(TcbStatus.UP_TO_DATE, TcbStatus.OUT_OF_DATE, TcbStatus.NOT_SUPPORTED);

  private final Random random = new Random(SEED);

  /// 16 SVNs of the platform, 16 of the module, those of PCE and QE.
  private record Svns(List<Integer> all) {
    Svns raised(int which, int by) {
      List<Integer> copy = new ArrayList<>(all);
      copy.set(which, copy.get(which) + by);
      return new Svns(copy);
    }

    PlatformTcb platform() {
      return new PlatformTcb(
          bytes(all.subList(0, COMPONENTS)), all.get(2 * COMPONENTS), all.get(2 * COMPONENTS + 1));
    }

    Bytes module() {
      return bytes(all.subList(COMPONENTS, 2 * COMPONENTS));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void raisedSvn_underRandomLevels_neverMatchesALowerOne(boolean tdx) throws Exception {
    int better = 0;
    TcbInfo info = randomInfo(tdx);
    QeIdentity qe = identity(tdx, List.of(IsvLevel.of(0, World.NOW, "UpToDate")));
    for (int round = 0; round < ROUNDS; round++) {
      if (round % ROUNDS_OF_A_DOCUMENT == 0) {
        info = randomInfo(tdx);
      }
      Svns before = svns(5, 2);
      int old = rank(info, evaluate(info, qe, before, tdx));
      int raised = rank(info, evaluate(info, qe, before.raised(which(), 1 + round % 4), tdx));
      assertTrue(raised <= old, at(round) + ": level " + old + " became " + raised);
      better += raised < old ? 1 : 0;
    }
    assertTrue(better > ROUNDS / 100, better + " rounds found a higher level");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void raisedSvn_underTheStandardDocuments_isNeverWorse(boolean tdx) throws Exception {
    CollateralRecipe recipe = tdx ? World.TDX : World.SGX;
    TcbInfo info = TcbInfo.parse(World.bytes(recipe.tcbInfo().toText()));
    QeIdentity qe = QeIdentity.parse(World.bytes(recipe.qeIdentity().toText()));
    int better = 0;
    for (int round = 0; round < ROUNDS; round++) {
      Svns before = nearStandard();
      int old = WORSE.indexOf(evaluate(info, qe, before, tdx).status());
      Svns after = before.raised(which(), 1 + round % 3);
      int raised = WORSE.indexOf(evaluate(info, qe, after, tdx).status());
      assertTrue(old >= 0 && raised >= 0 && raised <= old, at(round));
      better += raised < old ? 1 : 0;
    }
    assertTrue(better > ROUNDS / 100, better + " rounds became better");
  }

  /// Any SVN but the module's family.
  private int which() {
    int which = random.nextInt(2 * COMPONENTS + 2);
    return which == COMPONENTS + 1 ? COMPONENTS : which;
  }

  private static int rank(TcbInfo info, TcbAppraisal appraisal) {
    if (appraisal.status() == TcbStatus.NOT_SUPPORTED) {
      return info.levels().size();
    }
    for (int i = 0; i < info.levels().size(); i++) {
      if (info.levels().get(i).status().advisoryIds().equals(appraisal.advisoryIds())) {
        return i;
      }
    }
    throw new AssertionError("a level is met");
  }

  private static TcbAppraisal evaluate(TcbInfo info, QeIdentity qe, Svns svns, boolean tdx)
      throws ModuleMismatchException {
    Report report =
        tdx
            ? new TdReport(
                TdRecipe.ofImage("image")
                    .with(TdField.TEE_TCB_SVN, svns.module())
                    .toBytes(TdReport.SIZE_1_0))
            : new EnclaveReport(EnclaveRecipe.ofImage("image").toBytes());
    return TcbEvaluation.evaluate(info, qe, svns.platform(), report);
  }

  /// Levels in random order, each with an advisory of its own by which it is known again.
  private TcbInfo randomInfo(boolean tdx) throws MalformedException {
    Set<List<Integer>> distinct = new LinkedHashSet<>();
    while (distinct.size() < LEVELS) {
      List<Integer> svns = new ArrayList<>(sparse(2 * COMPONENTS + 1));
      if (!tdx) {
        Collections.fill(svns.subList(COMPONENTS, 2 * COMPONENTS), 0);
      }
      distinct.add(svns);
    }
    List<TcbLevel> levels = new ArrayList<>();
    for (List<Integer> svns : distinct) {
      TcbLevel level =
          new TcbLevel(
              svns.subList(0, COMPONENTS),
              svns.getLast(),
              Optional.empty(),
              World.NOW,
              "OutOfDate",
              List.of("LEVEL-" + levels.size()));
      levels.add(tdx ? level.withTdx(svns.subList(COMPONENTS, 2 * COMPONENTS)) : level);
    }
    CollateralRecipe recipe = tdx ? World.TDX : World.SGX;
    List<IsvLevel> any = List.of(IsvLevel.of(0, World.NOW, "UpToDate"));
    String text =
        recipe
            .withTcbInfo(d -> {
              var changed = d.withTcbLevels(levels);
              return tdx
                  ? changed.withModuleIdentities(List.of(TdxModule.identity("TDX_01", any)))
                  : changed;
            })
            .tcbInfo()
            .toText();
    return TcbInfo.parse(World.bytes(text));
  }

  private static QeIdentity identity(boolean tdx, List<IsvLevel> levels) throws MalformedException {
    CollateralRecipe recipe = tdx ? World.TDX : World.SGX;
    return QeIdentity.parse(
        World.bytes(recipe.withQeIdentity(d -> d.withIsvLevels(levels)).qeIdentity().toText()));
  }

  /// SVNs below `bound`, of a module of one of the first `families`.
  private Svns svns(int bound, int families) {
    List<Integer> all = new ArrayList<>(numbers(2 * COMPONENTS + 2, bound));
    all.set(COMPONENTS + 1, random.nextInt(families));
    return new Svns(all);
  }

  private Svns nearStandard() {
    List<Integer> all = new ArrayList<>(Documents.SGX_SVNS);
    all.addAll(Documents.TDX_SVNS);
    all.add(Documents.PCE_SVN - random.nextInt(3));
    all.add(Documents.QE_SVN + random.nextInt(3) - 4 * random.nextInt(2));
    for (int i = random.nextInt(5); i > 0; i--) {
      int index = random.nextInt(2 * COMPONENTS);
      all.set(index, Math.max(0, all.get(index) - random.nextInt(3)));
    }
    all.set(COMPONENTS + 1, random.nextInt(2));
    return new Svns(all);
  }

  /// Mostly zeros, so that platforms meet some levels.
  private List<Integer> sparse(int count) {
    return random.ints(count, 0, 4).map(i -> i == 0 ? random.nextInt(3) : 0).boxed().toList();
  }

  private List<Integer> numbers(int count, int bound) {
    return random.ints(count, 0, bound).boxed().toList();
  }

  private static Bytes bytes(List<Integer> numbers) {
    ByteWriter out = new ByteWriter();
    numbers.forEach(out::u8);
    return out.toBytes();
  }

  private static String at(int round) {
    return "seed " + SEED + ", round " + round;
  }
}
