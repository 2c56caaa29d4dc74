package dev.holdfast.simulator;

import dev.holdfast.codec.Bytes;
import dev.holdfast.simulator.pki.Authority;
import dev.holdfast.simulator.pki.CertificateRecipe;
import dev.holdfast.simulator.pki.CrlRecipe;
import dev.holdfast.simulator.tcb.DocumentRecipe;
import dev.holdfast.simulator.tcb.Documents;
import dev.holdfast.simulator.tcb.TcbLevel;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// The nine documents that go with quotes of one FMSPC.
///
/// @param ca whose PCK certificates the PCK revocation list is for
/// @param issuedAt the date on every document
/// @param tcbInfo and `qeIdentity`: the two signed JSON documents
/// @param rootCrl changes the root's revocation list before it is signed
/// @param pckCrl changes the PCK revocation list before it is signed
/// @param crlIssuer changes the certificate of the PCK revocation list's issuer, issued anew then
/// @param members changes the nine members by name, after everything: drop, replace, add
public record CollateralRecipe(
    Authority ca,
    Instant issuedAt,
    DocumentRecipe tcbInfo,
    DocumentRecipe qeIdentity,
    UnaryOperator<CrlRecipe> rootCrl,
    UnaryOperator<CrlRecipe> pckCrl,
    UnaryOperator<CertificateRecipe> crlIssuer,
    UnaryOperator<Map<String, String>> members) {
  /// How long the two documents and the PCK revocation list stay valid.
  public static final Duration VALIDITY = Duration.ofDays(30);

  /// Documents are issued this long before the instant they are asked for, so that a verifier whose
  /// clock is a little behind accepts them too.
  public static final Duration BACKDATED = Duration.ofHours(1);

  /// TDX collateral for platforms of the Platform CA, everything up to date at `now`.
  public static CollateralRecipe defaults(Bytes fmspc, Instant now) {
    Instant issuedAt = now.minus(BACKDATED);
    return of(
        issuedAt,
        Documents.tdxTcbInfo(fmspc, issuedAt, issuedAt.plus(VALIDITY)),
        Documents.tdQeIdentity(issuedAt, issuedAt.plus(VALIDITY)));
  }

  /// SGX collateral for platforms of the Platform CA, everything up to date at `now`.
  public static CollateralRecipe sgx(Bytes fmspc, Instant now) {
    Instant issuedAt = now.minus(BACKDATED);
    return of(
        issuedAt,
        Documents.sgxTcbInfo(fmspc, issuedAt, issuedAt.plus(VALIDITY)),
        Documents.qeIdentity(issuedAt, issuedAt.plus(VALIDITY)));
  }

  /// Gives the level that current platforms meet another status.
  public CollateralRecipe withPlatformStatus(String status) {
    List<TcbLevel> levels = isTdx() ? Documents.tdxLevels() : Documents.sgxLevels();
    return withTcbInfo(d -> d.withTcbLevels(Documents.withStatus(levels, status)));
  }

  /// Gives the level that current TDX modules meet another status.
  public CollateralRecipe withModuleStatus(String status) {
    return withTcbInfo(d -> d.withModuleIdentities(Documents.moduleIdentities(status)));
  }

  /// Gives the level that current quoting enclaves meet another status.
  public CollateralRecipe withQeStatus(String status) {
    int svn = isTdx() ? Documents.TD_QE_SVN : Documents.QE_SVN;
    return withQeIdentity(d -> d.withIsvLevels(Documents.isvLevels(svn, status)));
  }

  /// Gives both documents another evaluation number.
  public CollateralRecipe withEvaluationNumber(int value) {
    return withTcbInfo(d -> d.withEvaluationNumber(value))
        .withQeIdentity(d -> d.withEvaluationNumber(value));
  }

  /// The PCK revocation list of another CA.
  public CollateralRecipe withCa(Authority value) {
    return new CollateralRecipe(
        value, issuedAt, tcbInfo, qeIdentity, rootCrl, pckCrl, crlIssuer, members);
  }

  public CollateralRecipe withTcbInfo(UnaryOperator<DocumentRecipe> change) {
    return new CollateralRecipe(
        ca, issuedAt, change.apply(tcbInfo), qeIdentity, rootCrl, pckCrl, crlIssuer, members);
  }

  public CollateralRecipe withQeIdentity(UnaryOperator<DocumentRecipe> change) {
    return new CollateralRecipe(
        ca, issuedAt, tcbInfo, change.apply(qeIdentity), rootCrl, pckCrl, crlIssuer, members);
  }

  public CollateralRecipe withRootCrl(UnaryOperator<CrlRecipe> value) {
    return new CollateralRecipe(
        ca, issuedAt, tcbInfo, qeIdentity, value, pckCrl, crlIssuer, members);
  }

  public CollateralRecipe withPckCrl(UnaryOperator<CrlRecipe> value) {
    return new CollateralRecipe(
        ca, issuedAt, tcbInfo, qeIdentity, rootCrl, value, crlIssuer, members);
  }

  public CollateralRecipe withCrlIssuer(UnaryOperator<CertificateRecipe> value) {
    return new CollateralRecipe(ca, issuedAt, tcbInfo, qeIdentity, rootCrl, pckCrl, value, members);
  }

  /// Changes a copy of the nine members, in the order they are written; the values are text.
  public CollateralRecipe withMembers(UnaryOperator<Map<String, String>> value) {
    return new CollateralRecipe(
        ca, issuedAt, tcbInfo, qeIdentity, rootCrl, pckCrl, crlIssuer, value);
  }

  private boolean isTdx() {
    return tcbInfo.members().stream().anyMatch(m -> m.name().equals("tdxModule"));
  }

  private static CollateralRecipe of(
      Instant issuedAt, DocumentRecipe tcbInfo, DocumentRecipe qeIdentity) {
    return new CollateralRecipe(
        Authority.PLATFORM_CA,
        issuedAt,
        tcbInfo,
        qeIdentity,
        UnaryOperator.identity(),
        UnaryOperator.identity(),
        UnaryOperator.identity(),
        UnaryOperator.identity());
  }
}
