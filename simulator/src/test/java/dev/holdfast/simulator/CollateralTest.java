package dev.holdfast.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Json;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.simulator.pki.Authority;
import dev.holdfast.simulator.tcb.Documents;
import dev.holdfast.simulator.tcb.TdxModule;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Collateral beside Intel's own.
final class CollateralTest {
  private static Bytes text(JsonObject collateral, String name) throws Exception {
    return Bytes.copyOf(collateral.string(name).getBytes(StandardCharsets.UTF_8));
  }

  private static boolean verifies(JsonObject collateral, String name) throws Exception {
    Bytes signer = Vectors.certificates(collateral.string(name + "_issuer_chain")).getFirst();
    Bytes signature = collateral.hex(name + "_signature", 64);
    return Samples.verifies(Samples.certificate(signer), text(collateral, name), signature);
  }

  private static List<String> names(JsonObject object) {
    return object.members().stream().map(member -> member.name()).toList();
  }

  /// The paths of a document without levels and identities, and those of its first level.
  private static List<String> skeleton(JsonObject document) {
    return Skeleton.ofJson(document).stream()
        .filter(path -> !path.matches(".*(tcbLevels|tdxModuleIdentities)\\[[1-9].*"))
        .toList();
  }

  @Test
  void collateral_besideReal_hasTheNineMembers() throws Exception {
    JsonObject real = Vectors.collateral("phala-tdx-2026-02.json");
    assertEquals(
        names(real).stream().sorted().toList(),
        names(Samples.collateral(Samples.TDX)).stream().sorted().toList());
  }

  @Test
  void tdxDocuments_besideReal_haveTheSameSkeleton() throws Exception {
    JsonObject real = Vectors.collateral("phala-tdx-2026-02.json");
    JsonObject simulated = Samples.collateral(Samples.TDX);
    for (String name : List.of("tcb_info", "qe_identity")) {
      assertEquals(
          skeleton(Json.parse(text(real, name)).asObject()),
          skeleton(Json.parse(text(simulated, name)).asObject()));
    }
  }

  @Test
  void qeIdentities_besideReal_areEqualButForDates() throws Exception {
    JsonObject td =
        Json.parse(text(Vectors.collateral("phala-tdx-2026-02.json"), "qe_identity")).asObject();
    JsonObject sgx =
        Json.parse(text(Vectors.collateral("phala-sgx-2025-06.json"), "qe_identity")).asObject();
    JsonObject simulatedTd =
        Json.parse(text(Samples.collateral(Samples.TDX), "qe_identity")).asObject();
    JsonObject simulatedSgx =
        Json.parse(text(Samples.collateral(Samples.SGX), "qe_identity")).asObject();
    for (String name : List.of("id", "miscselect", "attributes", "attributesMask", "mrsigner")) {
      assertEquals(td.string(name), simulatedTd.string(name));
      assertEquals(sgx.string(name), simulatedSgx.string(name));
    }
    assertEquals(2, simulatedTd.integer("isvprodid", 0, 9));
    assertEquals(1, simulatedSgx.integer("isvprodid", 0, 9));
  }

  @Test
  void sgxDocuments_besideReal_haveTheSameMembers() throws Exception {
    JsonObject real = Vectors.collateral("phala-sgx-2025-06.json");
    JsonObject simulated = Samples.collateral(Samples.SGX);
    for (String name : List.of("tcb_info", "qe_identity")) {
      JsonObject document = Json.parse(text(simulated, name)).asObject();
      assertEquals(names(Json.parse(text(real, name)).asObject()), names(document));
      JsonObject level = document.array("tcbLevels", 9).items().getFirst().asObject();
      assertFalse(level.object("tcb").has("tdxtcbcomponents"));
    }
  }

  @Test
  void documents_ofBothTees_verifyUnderTheirIssuerChain() throws Exception {
    for (CollateralRecipe recipe : List.of(Samples.TDX, Samples.SGX)) {
      JsonObject collateral = Samples.collateral(recipe);
      assertTrue(verifies(collateral, "tcb_info"));
      assertTrue(verifies(collateral, "qe_identity"));
    }
  }

  @Test
  void dates_onEveryDocument_lieAroundTheInstantAskedFor() throws Exception {
    JsonObject collateral = Samples.collateral(Samples.TDX);
    for (String name : List.of("tcb_info", "qe_identity")) {
      JsonObject document = Json.parse(text(collateral, name)).asObject();
      assertEquals("2026-11-23T11:00:00Z", document.string("issueDate"));
      assertEquals("2026-12-23T11:00:00Z", document.string("nextUpdate"));
    }
    for (String name : List.of("pck_crl", "root_ca_crl")) {
      var crl = Samples.crl(Samples.hex(collateral.string(name)));
      assertEquals("2026-11-23T11:00:00Z", crl.getThisUpdate().toInstant().toString());
      assertTrue(crl.getNextUpdate().toInstant().isAfter(Samples.NOW));
    }
  }

  @Test
  void tcbInfo_signedByAnotherRole_carriesThatRolesChain() throws Exception {
    JsonObject collateral =
        Samples.collateral(Samples.TDX.withTcbInfo(d -> d.withSigner(Authority.PLATFORM_CA)));
    assertTrue(verifies(collateral, "tcb_info"));
    List<Bytes> chain = Vectors.certificates(collateral.string("tcb_info_issuer_chain"));
    assertEquals(Samples.VENDOR.certificate(Authority.PLATFORM_CA), chain.getFirst());
  }

  @Test
  void tcbInfo_withChangedMembers_isValidlySigned() throws Exception {
    TdxModule module = TdxModule.base().withMrSigner(Samples.hex("01".repeat(48)));
    JsonObject collateral =
        Samples.collateral(
            Samples.TDX
                .withTcbInfo(d -> d.with("pceId", "0001").without("tcbType").withModule(module))
                .withPlatformStatus("Revoked")
                .withModuleStatus("OutOfDate")
                .withQeStatus("OutOfDate")
                .withEvaluationNumber(7));
    assertTrue(verifies(collateral, "tcb_info"));
    assertTrue(verifies(collateral, "qe_identity"));
    String tcbInfo = collateral.string("tcb_info");
    assertTrue(tcbInfo.contains("\"pceId\":\"0001\""));
    assertFalse(tcbInfo.contains("tcbType"));
    assertTrue(tcbInfo.contains("\"tcbStatus\":\"Revoked\""));
    assertFalse(tcbInfo.contains("UpToDate"));
    assertTrue(collateral.string("qe_identity").contains("\"tcbEvaluationDataNumber\":7"));
    assertFalse(collateral.string("qe_identity").contains("UpToDate"));
  }

  @Test
  void tcbInfo_withRawText_isSignedAsItIs() throws Exception {
    JsonObject collateral =
        Samples.collateral(Samples.TDX.withTcbInfo(d -> d.withText(text -> text + " {}")));
    assertTrue(collateral.string("tcb_info").endsWith(" {}"));
    assertTrue(verifies(collateral, "tcb_info"));
  }

  @Test
  void tcbInfo_withSignatureChanged_noLongerVerifies() throws Exception {
    JsonObject collateral =
        Samples.collateral(Samples.TDX.withTcbInfo(d -> d.withSignature(Tampering.xor(63, 1))));
    assertFalse(verifies(collateral, "tcb_info"));
    assertTrue(verifies(collateral, "qe_identity"));
  }

  @Test
  void crl_ofAnotherSigner_keepsItsIssuerName() throws Exception {
    CollateralRecipe recipe =
        Samples.TDX.withPckCrl(crl -> crl.withSigner(Samples.VENDOR.key(Authority.PROCESSOR_CA)));
    var crl = Samples.crl(Samples.hex(Samples.collateral(recipe).string("pck_crl")));
    Bytes signer = Samples.VENDOR.certificate(Authority.PROCESSOR_CA);
    crl.verify(Samples.certificate(signer).getPublicKey());
    X509Certificate named = Samples.certificate(Samples.VENDOR.certificate(Authority.PLATFORM_CA));
    assertEquals(named.getSubjectX500Principal(), crl.getIssuerX500Principal());
  }

  @Test
  void members_changed_areWrittenSo() throws Exception {
    CollateralRecipe recipe =
        Samples.TDX.withMembers(members -> {
          members.remove("pck_crl");
          members.put("tcb_info", "nothing");
          return members;
        });
    JsonObject collateral = Samples.collateral(recipe);
    assertFalse(collateral.has("pck_crl"));
    assertEquals("nothing", collateral.string("tcb_info"));
  }

  @Test
  void standardLevels_ofTdx_areDescending() {
    assertEquals(3, Documents.tdxLevels().size());
    assertEquals("UpToDate", Documents.tdxLevels().getFirst().status());
    assertEquals("OutOfDate", Documents.tdxLevels().getLast().status());
  }
}
