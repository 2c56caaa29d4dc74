package dev.holdfast.attestation;

import static dev.holdfast.attestation.Defect.genuine;
import static dev.holdfast.attestation.Situation.NOW;
import static dev.holdfast.attestation.Situation.SGX;
import static dev.holdfast.attestation.Situation.TDX;
import static dev.holdfast.attestation.Situation.VENDOR;
import static dev.holdfast.attestation.Situation.collateral;
import static dev.holdfast.attestation.Situation.onPlatform;
import static dev.holdfast.attestation.Situation.tdx;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.attestation.tcb.TcbStatus;
import dev.holdfast.codec.Bytes;
import dev.holdfast.simulator.CollateralRecipe;
import dev.holdfast.simulator.EnclaveRecipe;
import dev.holdfast.simulator.QeRecipe;
import dev.holdfast.simulator.TdRecipe;
import dev.holdfast.simulator.pki.CertificateRecipe;
import dev.holdfast.simulator.pki.CrlRecipe;
import dev.holdfast.simulator.quote.EnclaveField;
import dev.holdfast.simulator.quote.QuoteFormat;
import dev.holdfast.simulator.quote.TdField;
import dev.holdfast.simulator.tcb.DocumentRecipe;
import dev.holdfast.simulator.tcb.Documents;
import dev.holdfast.simulator.tcb.IsvLevel;
import dev.holdfast.simulator.tcb.TcbLevel;
import dev.holdfast.simulator.tcb.TdxModule;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// TCB info, QE identity, their dates, and whether they belong to the quote. Spec:
/// docs/spec/attestation.md#tcb-info
class DocumentDefectsTest {
  private static final Duration DAY = Duration.ofDays(1);
  private static final Instant FAR = NOW.plus(Duration.ofDays(3650));
  private static final IsvLevel LEVEL = IsvLevel.of(1, NOW, "UpToDate");

  @TestFactory
  Stream<DynamicTest> documents_oneDefect_givesItsReason() {
    return Defect.tests(defects());
  }

  static List<Defect> defects() {
    List<Defect> defects = new ArrayList<>();
    defects.addAll(missing());
    defects.addAll(tcbInfoMembers());
    defects.addAll(tcbInfoLevels());
    defects.addAll(tcbInfoModules());
    defects.addAll(qeIdentities());
    defects.addAll(certificateDates());
    defects.addAll(documentDates());
    defects.addAll(bindings());
    defects.addAll(quotingEnclaves());
    defects.addAll(modules());
    return defects;
  }

  private static List<Defect> missing() {
    List<Defect> defects = new ArrayList<>();
    for (Collateral.Member member : Collateral.Member.values()) {
      if (member != Collateral.Member.PCK_CERTIFICATE_CHAIN) {
        Situation situation =
            collateral(c ->
                c.withMembers(members -> {
                  members.remove(member.code());
                  return members;
                }));
        defects.add(
            new Defect(
                "without " + member.code(),
                Reason.COLLATERAL_MISSING,
                Signatures.NOT_CHECKED,
                situation));
      }
    }
    Situation nothing =
        collateral(c ->
            c.withMembers(members -> {
              members.clear();
              return members;
            }));
    defects.add(genuine("without anything", Reason.COLLATERAL_MISSING, nothing));
    return defects;
  }

  private static List<Defect> tcbInfoMembers() {
    return List.of(
        info("no object", d -> d.withText(text -> "[]")),
        info("empty", d -> d.withText(text -> "{}")),
        info("no JSON", d -> d.withText(text -> text.substring(1))),
        info("a second document", d -> d.withText(text -> text + "{}")),
        info("member twice", d -> d.withText(DocumentDefectsTest::fmspcTwice)),
        info("33 levels deep", d -> d.withJson("extra", "[".repeat(33) + "]".repeat(33))),
        info("another id", d -> d.with("id", "SEV")),
        info("no id", d -> d.without("id")),
        info("version 1", d -> d.with("version", 1)),
        info("version 4", d -> d.with("version", 4)),
        info("version as text", d -> d.with("version", "3")),
        info("tcbType 1", d -> d.with("tcbType", 1)),
        info("no tcbType", d -> d.without("tcbType")),
        info("FMSPC of 5 bytes", d -> d.with("fmspc", "DE7E570000")),
        info("FMSPC no hexadecimal", d -> d.with("fmspc", "DE7E5700000G")),
        info("PCEID of 1 byte", d -> d.with("pceId", "00")),
        info("no evaluation number", d -> d.without("tcbEvaluationDataNumber")),
        info("negative evaluation number", d -> d.withEvaluationNumber(-1)),
        info("no issueDate", d -> d.without("issueDate")),
        info("date without seconds", d -> d.with("issueDate", "2026-11-23T10:00Z")),
        info("date with a fraction", d -> d.with("issueDate", "2026-11-23T10:00:00.5Z")),
        info("date with an offset", d -> d.with("issueDate", "2026-11-23T10:00:00+00:00")),
        info("date that does not exist", d -> d.with("issueDate", "2026-02-30T10:00:00Z")),
        info("leap second", d -> d.with("issueDate", "2026-11-22T23:59:60Z")),
        info("hour 24", d -> d.with("issueDate", "2026-11-22T24:00:00Z")),
        info("date as number", d -> d.with("nextUpdate", 1)));
  }

  private static List<Defect> tcbInfoLevels() {
    return List.of(
        info("no levels", d -> d.without("tcbLevels")),
        info("empty levels", d -> d.withTcbLevels(List.of())),
        levels("level twice", all -> List.of(all.get(0), all.get(1), all.get(1))),
        level("15 SGX components", l -> l.withSgx(l.sgx().subList(0, 15))),
        level("17 SGX components", l -> l.withSgx(Collections.nCopies(17, 0))),
        level("SGX component 256", l -> l.withSgx(Collections.nCopies(16, 256))),
        level("SGX component -1", l -> l.withSgx(Collections.nCopies(16, -1))),
        level("15 TDX components", l -> l.withTdx(Collections.nCopies(15, 0))),
        level("17 TDX components", l -> l.withTdx(Collections.nCopies(17, 0))),
        level("TDX component 256", l -> l.withTdx(Collections.nCopies(16, 256))),
        level("PCESVN 65536", l -> l.withPceSvn(65536)),
        level("PCESVN -1", l -> l.withPceSvn(-1)),
        level("unknown status", l -> l.withStatus("Perfect")),
        level("status in other letters", l -> l.withStatus("uptodate")),
        level("status that no level has", l -> l.withStatus("TDRelaunchAdvised")),
        level("status NotSupported", l -> l.withStatus("NotSupported")),
        level("advisory with a quote", l -> l.withAdvisoryIds(List.of("INTEL\""))),
        level("empty advisory", l -> l.withAdvisoryIds(List.of(""))),
        info("component 1.0", d -> d.withText(text -> text.replace("\"svn\":5", "\"svn\":5.0"))),
        info(
            "component as text",
            d -> d.withText(text -> text.replace("{\"svn\":5", "{\"svn\":\"5\""))),
        info("levels of SGX", d -> d.withTcbLevels(Documents.sgxLevels())));
  }

  private static List<Defect> tcbInfoModules() {
    return List.of(
        info("no base module", d -> d.without("tdxModule")),
        info(
            "module signer of 47 bytes",
            d -> d.withModule(TdxModule.base().withMrSigner(Bytes.zero(47)))),
        info(
            "module attributes of 9 bytes",
            d -> d.withModule(TdxModule.base().withAttributes(Bytes.zero(9), Bytes.zero(8)))),
        identities("identity twice", List.of(module("TDX_01", LEVEL), module("TDX_01", LEVEL))),
        identities(
            "identity twice in other letters",
            List.of(module("TDX_01", LEVEL), module("tdx_01", LEVEL))),
        identities("identity without levels", List.of(TdxModule.identity("TDX_01", List.of()))),
        identities("identity with a level twice", List.of(module("TDX_01", LEVEL, LEVEL))),
        identities(
            "identity with a status of platforms",
            List.of(module("TDX_01", IsvLevel.of(1, NOW, "ConfigurationNeeded")))),
        identities(
            "identity with ISVSVN 65536",
            List.of(module("TDX_01", IsvLevel.of(65536, NOW, "UpToDate")))),
        genuine(
            "TDX module in a document of SGX",
            Reason.TCB_INFO_MALFORMED,
            sgx(c -> c.withTcbInfo(d -> d.withModule(TdxModule.base())))),
        genuine(
            "TDX components in a document of SGX",
            Reason.TCB_INFO_MALFORMED,
            sgx(c -> c.withTcbInfo(d -> d.withTcbLevels(Documents.tdxLevels())))));
  }

  private static List<Defect> qeIdentities() {
    return List.of(
        identity("empty", d -> d.withText(text -> "{}")),
        identity("another id", d -> d.with("id", "SGX_QE")),
        identity("version 1", d -> d.with("version", 1)),
        identity("version 3", d -> d.with("version", 3)),
        identity("MISCSELECT of 3 bytes", d -> d.with("miscselect", "000000")),
        identity("ATTRIBUTES of 15 bytes", d -> d.with("attributes", "00".repeat(15))),
        identity("mask of 17 bytes", d -> d.with("attributesMask", "00".repeat(17))),
        identity("MRSIGNER of 31 bytes", d -> d.with("mrsigner", "00".repeat(31))),
        identity("ISVPRODID 65536", d -> d.with("isvprodid", 65536)),
        identity("no levels", d -> d.without("tcbLevels")),
        identity("empty levels", d -> d.withIsvLevels(List.of())),
        identity("level twice", d -> d.withIsvLevels(List.of(LEVEL, LEVEL))),
        identity(
            "status of platforms",
            d -> d.withIsvLevels(List.of(IsvLevel.of(1, NOW, "SWHardeningNeeded")))),
        identity("date in other form", d -> d.with("nextUpdate", "2027-01-01 00:00:00Z")));
  }

  private static List<Defect> certificateDates() {
    UnaryOperator<CertificateRecipe> early = c -> c.withValidity(NOW.plus(DAY), FAR);
    UnaryOperator<CertificateRecipe> late =
        c -> c.withValidity(NOW.minus(Duration.ofDays(2)), NOW.minus(DAY));
    return List.of(
        genuine(
            "PCK not yet valid",
            Reason.CERTIFICATE_NOT_YET_VALID,
            onPlatform(p -> p.withCertificate(early))),
        genuine(
            "PCK expired", Reason.CERTIFICATE_EXPIRED, onPlatform(p -> p.withCertificate(late))),
        genuine(
            "CA not yet valid",
            Reason.CERTIFICATE_NOT_YET_VALID,
            onPlatform(p -> p.withIntermediate(early))),
        genuine(
            "CA expired", Reason.CERTIFICATE_EXPIRED, onPlatform(p -> p.withIntermediate(late))),
        genuine(
            "TCB signer not yet valid",
            Reason.CERTIFICATE_NOT_YET_VALID,
            collateral(c -> c.withTcbInfo(d -> d.withCertificate(early)))),
        genuine(
            "TCB signer expired",
            Reason.CERTIFICATE_EXPIRED,
            collateral(c -> c.withTcbInfo(d -> d.withCertificate(late)))),
        genuine(
            "signer of the QE identity expired",
            Reason.CERTIFICATE_EXPIRED,
            collateral(c -> c.withQeIdentity(d -> d.withCertificate(late)))),
        genuine(
            "CRL issuer not yet valid",
            Reason.CERTIFICATE_NOT_YET_VALID,
            collateral(c -> c.withCrlIssuer(early))),
        genuine(
            "CRL issuer expired",
            Reason.CERTIFICATE_EXPIRED,
            collateral(c -> c.withCrlIssuer(late))));
  }

  private static List<Defect> documentDates() {
    UnaryOperator<DocumentRecipe> early = d -> d.withDates(NOW.plus(DAY), FAR);
    UnaryOperator<DocumentRecipe> late =
        d -> d.withDates(NOW.minus(Duration.ofDays(31)), NOW.minus(DAY));
    UnaryOperator<CrlRecipe> earlyCrl = crl -> crl.withUpdates(NOW.plus(DAY), FAR);
    UnaryOperator<CrlRecipe> lateCrl =
        crl -> crl.withUpdates(NOW.minus(Duration.ofDays(31)), NOW.minus(DAY));
    return List.of(
        dated("TCB info", Reason.COLLATERAL_NOT_YET_VALID, c -> c.withTcbInfo(early)),
        dated("TCB info", Reason.COLLATERAL_EXPIRED, c -> c.withTcbInfo(late)),
        dated("QE identity", Reason.COLLATERAL_NOT_YET_VALID, c -> c.withQeIdentity(early)),
        dated("QE identity", Reason.COLLATERAL_EXPIRED, c -> c.withQeIdentity(late)),
        dated("root CRL", Reason.COLLATERAL_NOT_YET_VALID, c -> c.withRootCrl(earlyCrl)),
        dated("root CRL", Reason.COLLATERAL_EXPIRED, c -> c.withRootCrl(lateCrl)),
        dated("PCK CRL", Reason.COLLATERAL_NOT_YET_VALID, c -> c.withPckCrl(earlyCrl)),
        dated("PCK CRL", Reason.COLLATERAL_EXPIRED, c -> c.withPckCrl(lateCrl)));
  }

  private static List<Defect> bindings() {
    return List.of(
        genuine(
            "TCB info of SGX",
            Reason.TEE_TYPE_MISMATCH,
            collateral(c -> c.withTcbInfo(d -> SGX.tcbInfo()))),
        genuine(
            "identity of the QE for enclaves",
            Reason.TEE_TYPE_MISMATCH,
            collateral(c -> c.withQeIdentity(d -> SGX.qeIdentity()))),
        genuine(
            "TCB info of TDX",
            Reason.TEE_TYPE_MISMATCH,
            sgx(c -> c.withTcbInfo(d -> TDX.tcbInfo()))),
        genuine(
            "another FMSPC",
            Reason.FMSPC_MISMATCH,
            collateral(c -> c.withTcbInfo(d -> d.with("fmspc", "DE7E57000001")))),
        genuine(
            "platform of another FMSPC",
            Reason.FMSPC_MISMATCH,
            onPlatform(p -> p.withFmspc(Bytes.zero(6)))),
        genuine(
            "another PCEID",
            Reason.PCEID_MISMATCH,
            collateral(c -> c.withTcbInfo(d -> d.with("pceId", "0100")))),
        genuine(
            "platform of another PCEID",
            Reason.PCEID_MISMATCH,
            onPlatform(p -> p.withExtension(e -> e.withPceId(Bytes.copyOf(new byte[] {0, 1}))))));
  }

  private static List<Defect> quotingEnclaves() {
    return List.of(
        genuine(
            "identity of the QVE",
            Reason.QE_IDENTITY_MISMATCH,
            collateral(c -> c.withQeIdentity(d -> d.with("id", "QVE")))),
        genuine(
            "identity of the QAE",
            Reason.QE_IDENTITY_MISMATCH,
            collateral(c -> c.withQeIdentity(d -> d.with("id", "QAE")))),
        enclave("MISCSELECT", e -> e.with(EnclaveField.MISC_SELECT, Documents.hex("00000001"))),
        enclave(
            "ATTRIBUTES",
            e -> e.with(EnclaveField.ATTRIBUTES, Documents.hex("35" + "00".repeat(15)))),
        enclave("MRSIGNER", e -> e.with(EnclaveField.MRSIGNER, Documents.hex(Documents.QE_SIGNER))),
        enclave("ISVPRODID", e -> e.withIsv(1, Documents.TD_QE_SVN)),
        enclave("debug", EnclaveRecipe::withDebug),
        genuine(
            "debug, though the mask leaves that open",
            Reason.QE_IDENTITY_MISMATCH,
            tdx(QuoteFormat.TDX_V4, q -> q.withQe(qe -> qe.withEnclave(EnclaveRecipe::withDebug)))
                .withCollateral(
                    c -> c.withQeIdentity(d -> d.with("attributesMask", "F9" + "00".repeat(15))))));
  }

  private static List<Defect> modules() {
    return List.of(
        td("signer", TdField.MRSIGNERSEAM, Documents.hex("01" + "00".repeat(47))),
        td("attributes", TdField.SEAMATTRIBUTES, Documents.hex("01" + "00".repeat(7))),
        td("unknown family", TdField.TEE_TCB_SVN, TdRecipe.svn(6, 2, 3)),
        genuine(
            "unknown family now",
            Reason.TDX_MODULE_MISMATCH,
            tdx(
                QuoteFormat.TDX_V5_15,
                Situation.TD.with(TdField.TEE_TCB_SVN2, TdRecipe.svn(6, 2, 3)))),
        genuine(
            "no identities",
            Reason.TDX_MODULE_MISMATCH,
            collateral(c -> c.withTcbInfo(d -> d.without("tdxModuleIdentities")))),
        genuine(
            "empty identities",
            Reason.TDX_MODULE_MISMATCH,
            collateral(c -> c.withTcbInfo(d -> d.withModuleIdentities(List.of())))),
        genuine(
            "attributes, though the mask leaves them open",
            Reason.TDX_MODULE_MISMATCH,
            tdx(
                    QuoteFormat.TDX_V4,
                    Situation.TD.with(TdField.SEAMATTRIBUTES, Documents.hex("01" + "00".repeat(7))))
                .withCollateral(c ->
                    c.withTcbInfo(d ->
                        d.withModuleIdentities(
                            Documents.moduleIdentities("UpToDate").stream()
                                .map(m -> m.withAttributes(Bytes.zero(8), Bytes.zero(8)))
                                .toList())))));
  }

  @Test
  void tcbInfo_unknownMember_ignored() {
    Situation situation = collateral(c -> c.withTcbInfo(d -> d.with("future", "value")));
    assertEquals(Situation.REPORT_DATA, situation.assertAccepted().claims().reportData());
  }

  @Test
  void tcbInfo_nestedToTheLimit_accepted() {
    Situation situation =
        collateral(c -> c.withTcbInfo(d -> d.withJson("extra", "[".repeat(31) + "]".repeat(31))));
    assertEquals(Situation.REPORT_DATA, situation.assertAccepted().claims().reportData());
  }

  @Test
  void moduleIdentity_lowerCaseAndHexadecimal_found() {
    Situation situation =
        tdx(QuoteFormat.TDX_V4, Situation.TD.with(TdField.TEE_TCB_SVN, TdRecipe.svn(1, 10, 3)))
            .withCollateral(
                c -> c.withTcbInfo(d -> d.withModuleIdentities(List.of(module("tdx_0a", LEVEL)))));
    assertEquals(
        Optional.of(TcbStatus.UP_TO_DATE), situation.assertAccepted().tcb().components().module());
  }

  @Test
  void dates_exactlyAtTheirEnds_hold() {
    Situation situation =
        collateral(c ->
            c.withTcbInfo(d -> d.withDates(NOW, NOW))
                .withQeIdentity(d -> d.withDates(NOW, NOW))
                .withPckCrl(crl -> crl.withUpdates(NOW, NOW)));
    assertEquals(Situation.REPORT_DATA, situation.assertAccepted().claims().reportData());
    situation.at(NOW.minusSeconds(1)).assertRejected(Reason.COLLATERAL_NOT_YET_VALID);
    situation.at(NOW.plusSeconds(1)).assertRejected(Reason.COLLATERAL_EXPIRED);
  }

  private static Defect info(String name, UnaryOperator<DocumentRecipe> change) {
    return genuine(
        "TCB info: " + name, Reason.TCB_INFO_MALFORMED, collateral(c -> c.withTcbInfo(change)));
  }

  private static Defect levels(String name, UnaryOperator<List<TcbLevel>> change) {
    return info(name, d -> d.withTcbLevels(change.apply(Documents.tdxLevels())));
  }

  private static Defect level(String name, UnaryOperator<TcbLevel> change) {
    return levels(name, all -> List.of(change.apply(all.get(0)), all.get(1), all.get(2)));
  }

  private static Defect identities(String name, List<TdxModule> modules) {
    return info(name, d -> d.withModuleIdentities(modules));
  }

  private static Defect identity(String name, UnaryOperator<DocumentRecipe> change) {
    return genuine(
        "QE identity: " + name,
        Reason.QE_IDENTITY_MALFORMED,
        collateral(c -> c.withQeIdentity(change)));
  }

  private static Defect dated(String name, Reason reason, UnaryOperator<CollateralRecipe> change) {
    return genuine(name, reason, collateral(change));
  }

  private static Defect enclave(String name, UnaryOperator<EnclaveRecipe> change) {
    UnaryOperator<QeRecipe> qe = recipe -> recipe.withEnclave(change);
    return genuine(name, Reason.QE_IDENTITY_MISMATCH, tdx(QuoteFormat.TDX_V4, q -> q.withQe(qe)));
  }

  private static Defect td(String name, TdField field, Bytes value) {
    return genuine(
        name, Reason.TDX_MODULE_MISMATCH, tdx(QuoteFormat.TDX_V4, Situation.TD.with(field, value)));
  }

  private static Situation sgx(UnaryOperator<CollateralRecipe> change) {
    Situation situation = Situation.sgx(QuoteFormat.SGX_V3);
    return new Situation(
        situation.quote(),
        VENDOR.collateral(change.apply(SGX)),
        situation.policy(),
        situation.at());
  }

  private static TdxModule module(String id, IsvLevel... levels) {
    return TdxModule.identity(id, List.of(levels));
  }

  private static String fmspcTwice(String text) {
    return text.replace("\"pceId\"", "\"fmspc\":\"DE7E57000000\",\"pceId\"");
  }
}
