package dev.holdfast.attestation.tcb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.attestation.quote.TdReport;
import dev.holdfast.attestation.quote.Tee;
import dev.holdfast.codec.Bytes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Properties of matching over generated levels. Spec: docs/spec/attestation.md#tcb-status
class TcbEvaluationTest {
  private static final long SEED = 4711;
  private static final int ROUNDS = 3000;
  private static final int MAX_SVN = 4;
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final Random random = new Random(SEED);

  @Test
  void match_anySvnRaised_neverMovesDown() throws ModuleMismatchException {
    for (int round = 0; round < ROUNDS; round++) {
      List<TcbLevel> levels = levels();
      byte[] sgx = svns();
      byte[] tdx = svns();
      int pceSvn = random.nextInt(MAX_SVN);
      int before = matched(levels, sgx, pceSvn, tdx);
      int raised = random.nextInt(33);
      if (raised < 16) {
        sgx[raised]++;
      } else if (raised < 32 && raised != 17) {
        // The second TDX component selects the family of the module and is no SVN.
        tdx[raised - 16]++;
      } else {
        pceSvn++;
      }
      int after = matched(levels, sgx, pceSvn, tdx);
      assertTrue(after <= before, "seed " + SEED + ", round " + round);
    }
  }

  @Test
  void match_levelsShuffled_staysTheSame() throws ModuleMismatchException {
    for (int round = 0; round < ROUNDS; round++) {
      List<TcbLevel> levels = levels();
      byte[] sgx = svns();
      byte[] tdx = svns();
      TcbAppraisal before = evaluate(levels, sgx, 2, tdx);
      List<TcbLevel> shuffled = new ArrayList<>(levels);
      Collections.shuffle(shuffled, random);
      shuffled.sort(TcbLevel.HIGHEST_FIRST);
      assertEquals(levels, shuffled, "seed " + SEED + ", round " + round);
      assertEquals(before, evaluate(shuffled, sgx, 2, tdx));
    }
  }

  /// The place of the level that is met, told by its date; behind all when there is none.
  private int matched(List<TcbLevel> levels, byte[] sgx, int pceSvn, byte[] tdx)
      throws ModuleMismatchException {
    Optional<Instant> date = evaluate(levels, sgx, pceSvn, tdx).date();
    for (int i = 0; i < levels.size(); i++) {
      if (date.equals(Optional.of(levels.get(i).status().tcbDate()))) {
        return i;
      }
    }
    return levels.size();
  }

  private static TcbAppraisal evaluate(List<TcbLevel> levels, byte[] sgx, int pceSvn, byte[] tdx)
      throws ModuleMismatchException {
    Issue issue = new Issue(START, START, 1);
    IsvLevel isv = new IsvLevel(0, new LevelStatus(TcbStatus.UP_TO_DATE, START, List.of()));
    TdxModule base = new TdxModule("", Bytes.zero(48), Bytes.zero(8), Bytes.zero(8), List.of());
    List<TdxModule> families = new ArrayList<>();
    for (int family = 1; family <= MAX_SVN; family++) {
      families.add(
          new TdxModule(
              "TDX_0" + family, Bytes.zero(48), Bytes.zero(8), Bytes.zero(8), List.of(isv)));
    }
    TcbInfo info =
        new TcbInfo(
            Tee.TDX,
            issue,
            new TcbInfo.Kind(Bytes.zero(6), Bytes.zero(2)),
            Optional.of(base),
            families,
            levels);
    QeIdentity.Enclave enclave =
        new QeIdentity.Enclave(
            Bytes.zero(4), Bytes.zero(4), Bytes.zero(16), Bytes.zero(16), Bytes.zero(32), 2);
    QeIdentity qe = new QeIdentity(QeIdentity.Id.TD_QE, issue, enclave, List.of(isv));
    byte[] body = new byte[TdReport.SIZE_1_0];
    System.arraycopy(tdx, 0, body, 0, tdx.length);
    return TcbEvaluation.evaluate(
        info, qe, new PlatformTcb(Bytes.copyOf(sgx), pceSvn, 0), new TdReport(Bytes.copyOf(body)));
  }

  /// Levels with dates that tell them apart, all before those of QE and module.
  private List<TcbLevel> levels() {
    List<TcbLevel> levels = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      LevelStatus status =
          new LevelStatus(TcbStatus.OUT_OF_DATE, START.minusSeconds(1 + i), List.of());
      levels.add(
          new TcbLevel(
              Bytes.copyOf(low()), random.nextInt(2), Optional.of(Bytes.copyOf(low())), status));
    }
    levels.sort(TcbLevel.HIGHEST_FIRST);
    return levels;
  }

  private byte[] svns() {
    byte[] svns = new byte[16];
    for (int i = 0; i < svns.length; i++) {
      svns[i] = (byte) random.nextInt(MAX_SVN);
    }
    return svns;
  }

  /// Mostly zero, so that a good part of the platforms meets something.
  private byte[] low() {
    byte[] svns = new byte[16];
    for (int i = 0; i < 3; i++) {
      svns[random.nextInt(16)] = (byte) random.nextInt(MAX_SVN);
    }
    return svns;
  }
}
