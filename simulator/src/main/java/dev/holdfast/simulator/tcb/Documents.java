package dev.holdfast.simulator.tcb;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.codec.MalformedException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The standard documents: every simulated platform, module and quoting enclave is up to date under
/// them, with two older levels below the current one.
public final class Documents {
  /// The number that the standard documents carry.
  public static final int EVALUATION_NUMBER = 18;

  /// SVNs of the platform, its PCE, its TDX components, the module and the quoting enclaves.
  public static final List<Integer> SGX_SVNS =
      List.of(3, 3, 2, 2, 4, 1, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0);

  public static final List<Integer> TDX_SVNS =
      List.of(5, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  public static final int PCE_SVN = 13;
  public static final int MODULE_SVN = 6;
  public static final int TD_QE_SVN = 4;
  public static final int QE_SVN = 8;

  /// MRSIGNER of Intel's quoting enclaves for TDs and for enclaves.
  public static final String TD_QE_SIGNER =
      "DC9E2A7C6F948F17474E34A7FC43ED030F7C1563F1BABDDF6340C82E0E54A8C5";

  public static final String QE_SIGNER =
      "8C4F5775D796503E96137F77C68A829A0056AC8DED70140B081B094490C57BFF";

  static final String CURRENT_STATUS = "UpToDate";
  static final Instant CURRENT = Instant.parse("2024-11-13T00:00:00Z");
  static final Instant OLDER = Instant.parse("2024-03-13T00:00:00Z");
  static final Instant OLDEST = Instant.parse("2018-01-04T00:00:00Z");
  private static final List<String> ADVISORIES = List.of("INTEL-SA-01036", "INTEL-SA-01099");

  private Documents() {}

  /// Hexadecimal written in this program.
  public static Bytes hex(String digits) {
    try {
      return Bytes.parseHex(digits);
    } catch (MalformedException e) {
      throw new InvariantError("constants are hexadecimal", e);
    }
  }

  /// TCB info of version 3 for TDX.
  public static DocumentRecipe tdxTcbInfo(Bytes fmspc, Instant issueDate, Instant nextUpdate) {
    return tcbInfo("TDX", fmspc, issueDate, nextUpdate)
        .withModule(TdxModule.base())
        .withModuleIdentities(moduleIdentities(CURRENT_STATUS))
        .withTcbLevels(tdxLevels());
  }

  /// TCB info of version 3 for SGX.
  public static DocumentRecipe sgxTcbInfo(Bytes fmspc, Instant issueDate, Instant nextUpdate) {
    return tcbInfo("SGX", fmspc, issueDate, nextUpdate).withTcbLevels(sgxLevels());
  }

  /// Identity of version 2 of the quoting enclave for TDs.
  public static DocumentRecipe tdQeIdentity(Instant issueDate, Instant nextUpdate) {
    return identity(IntelEnclave.TD_QE, issueDate, nextUpdate);
  }

  /// Identity of version 2 of the quoting enclave for enclaves.
  public static DocumentRecipe qeIdentity(Instant issueDate, Instant nextUpdate) {
    return identity(IntelEnclave.QE, issueDate, nextUpdate);
  }

  /// Identity of version 2 of any of the vendor's enclaves.
  public static DocumentRecipe identity(
      IntelEnclave enclave, Instant issueDate, Instant nextUpdate) {
    return DocumentRecipe.of(List.of())
        .with("id", enclave.name())
        .with("version", 2)
        .withDates(issueDate, nextUpdate)
        .withEvaluationNumber(EVALUATION_NUMBER)
        .with("miscselect", "00000000")
        .with("miscselectMask", "FFFFFFFF")
        .with("attributes", enclave.attributes())
        .with("attributesMask", "FBFFFFFFFFFFFFFF0000000000000000")
        .with("mrsigner", enclave.mrSigner())
        .with("isvprodid", enclave.prodId())
        .withIsvLevels(isvLevels(enclave.isvSvn(), CURRENT_STATUS));
  }

  /// The platform levels of the TDX document, current one first.
  public static List<TcbLevel> tdxLevels() {
    return sgxLevels().stream().map(level -> level.withTdx(tdxSvns(level))).toList();
  }

  /// The platform levels of the SGX document, current one first.
  public static List<TcbLevel> sgxLevels() {
    TcbLevel current =
        new TcbLevel(SGX_SVNS, PCE_SVN, Optional.empty(), CURRENT, CURRENT_STATUS, List.of());
    TcbLevel older =
        current
            .withSgx(List.of(2, 2, 2, 2, 3, 1, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0))
            .withDate(OLDER)
            .withStatus("OutOfDate")
            .withAdvisoryIds(ADVISORIES);
    TcbLevel oldest =
        older.withSgx(List.of(2, 2, 2, 2, 3, 1, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0)).withPceSvn(5);
    return List.of(current, older, oldest.withDate(OLDEST));
  }

  /// The identities of module families 1 and 3; the current SVN of both has `status`.
  public static List<TdxModule> moduleIdentities(String status) {
    return List.of(
        TdxModule.identity("TDX_03", List.of(IsvLevel.of(3, CURRENT, status))),
        TdxModule.identity("TDX_01", isvLevels(MODULE_SVN, status)));
  }

  /// `levels` with the status of the first, the one that current platforms meet, replaced.
  public static List<TcbLevel> withStatus(List<TcbLevel> levels, String status) {
    List<TcbLevel> changed = new ArrayList<>(levels);
    changed.set(0, levels.getFirst().withStatus(status));
    return changed;
  }

  /// The levels of a module or quoting enclave whose current SVN has `status`.
  public static List<IsvLevel> isvLevels(int currentSvn, String status) {
    return List.of(
        IsvLevel.of(currentSvn, CURRENT, status),
        new IsvLevel(currentSvn - 2, OLDER, "OutOfDate", ADVISORIES));
  }

  private static List<Integer> tdxSvns(TcbLevel level) {
    boolean current = level.sgx().equals(SGX_SVNS);
    return current ? TDX_SVNS : List.of(4, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  }

  private static DocumentRecipe tcbInfo(
      String id, Bytes fmspc, Instant issueDate, Instant nextUpdate) {
    return DocumentRecipe.of(List.of())
        .with("id", id)
        .with("version", 3)
        .withDates(issueDate, nextUpdate)
        .with("fmspc", TdxModule.upperHex(fmspc))
        .with("pceId", "0000")
        .with("tcbType", 0)
        .withEvaluationNumber(EVALUATION_NUMBER);
  }
}
