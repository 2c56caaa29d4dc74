package dev.holdfast.attestation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.attestation.policy.AttestationPolicy;
import dev.holdfast.codec.ByteReader;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Json;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.simulator.PlatformRecipe;
import dev.holdfast.simulator.QuoteRecipe;
import dev.holdfast.simulator.SimulatedPlatform;
import dev.holdfast.simulator.pccs.DevelopmentPccs;
import dev.holdfast.simulator.pccs.PccsRecipe;
import dev.holdfast.simulator.pccs.PccsReply;
import dev.holdfast.simulator.pccs.Recovery;
import dev.holdfast.simulator.quote.QuoteFormat;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the development vendor's service answers, put together as a verifier would, is judged as
/// the vendor's own nine members are.
final class PccsCollateralTest {
  private static final String SGX = "/sgx/certification/v4/";
  private static final PlatformRecipe OLD = PlatformRecipe.of("old").underProcessorCa();
  private static final PccsRecipe RECIPE =
      PccsRecipe.defaults().withPlatforms(List.of(Situation.PLATFORM.recipe(), OLD));

  private final Map<String, String> members = new TreeMap<>();
  private DevelopmentPccs pccs = new DevelopmentPccs(Situation.VENDOR, RECIPE);

  private PccsReply get(String path, String query) {
    PccsReply reply = pccs.answer("GET", path, query, Situation.NOW);
    assertEquals(200, reply.status(), path);
    return reply;
  }

  private static String text(PccsReply reply) {
    return new String(reply.body().toArray(), StandardCharsets.UTF_8);
  }

  private static String chain(PccsReply reply, String header) {
    String encoded = Objects.requireNonNull(reply.headers().get(header), header);
    return URLDecoder.decode(encoded, StandardCharsets.US_ASCII);
  }

  private void addDocument(PccsReply reply, String name, String inner, String header)
      throws MalformedException {
    JsonObject outer = Json.parse(reply.body()).asObject();
    JsonObject signed = outer.object(inner);
    members.put(name + "_issuer_chain", chain(reply, header));
    members.put(
        name,
        new String(
            reply.body().slice(signed.start(), signed.end() - signed.start()).toArray(),
            StandardCharsets.UTF_8));
    members.put(name + "_signature", outer.string("signature"));
  }

  private Collateral fetch(boolean tdx, String ca, String options) throws MalformedException {
    String tee = tdx ? "/tdx/certification/v4/" : SGX;
    String fmspc = "fmspc=" + PlatformRecipe.DEFAULT_FMSPC.toHex();
    PccsReply list = get(SGX + "pckcrl", "encoding=der&ca=" + ca);
    members.put("pck_crl_issuer_chain", chain(list, "SGX-PCK-CRL-Issuer-Chain"));
    members.put("pck_crl", list.body().toHex());
    members.put("root_ca_crl", text(get(SGX + "rootcacrl", "")));
    addDocument(get(tee + "tcb", fmspc + options), "tcb_info", "tcbInfo", "TCB-Info-Issuer-Chain");
    addDocument(
        get(tee + "qe/identity", options.replaceFirst("^&", "")),
        "qe_identity",
        "enclaveIdentity",
        "SGX-Enclave-Identity-Issuer-Chain");
    JsonWriter json = JsonWriter.object();
    members.forEach(json::put);
    return Collateral.parse(json.toBytes());
  }

  private static Bytes quote(SimulatedPlatform platform, QuoteFormat format, int type) {
    QuoteRecipe recipe = QuoteRecipe.of(format).withCertificationType(type);
    return format.isTdx()
        ? platform.quote(Situation.TD, Situation.REPORT_DATA, recipe)
        : platform.quote(Situation.ENCLAVE, Situation.REPORT_DATA, recipe);
  }

  private static String outcome(Bytes quote, Collateral collateral) {
    Verdict verdict =
        Situation.VERIFIER.verify(quote, collateral, AttestationPolicy.defaults(), Situation.NOW);
    return switch (verdict) {
      case Verdict.Accepted accepted -> "accepted " + accepted.tcb().status();
      case Verdict.Rejected rejected -> rejected.reason().code();
    };
  }

  @ParameterizedTest
  @EnumSource(QuoteFormat.class)
  void servedCollateral_forEveryFormat_isAccepted(QuoteFormat format) throws Exception {
    Collateral collateral = fetch(format.isTdx(), "platform", "");
    assertEquals("accepted UP_TO_DATE", outcome(quote(Situation.PLATFORM, format, 5), collateral));
  }

  @Test
  void servedCollateral_ofPreviousEdition_isAccepted() throws Exception {
    Collateral collateral = fetch(true, "platform", "&tcbEvaluationDataNumber=17");
    Bytes quote = quote(Situation.PLATFORM, QuoteFormat.TDX_V4, 5);
    assertEquals("accepted UP_TO_DATE", outcome(quote, collateral));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void recovery_onEarlyChannel_rejectsThereOnly(boolean tdx) throws Exception {
    pccs =
        new DevelopmentPccs(Situation.VENDOR, RECIPE.withRecovery(Recovery.early(Situation.NOW)));
    Bytes quote = quote(Situation.PLATFORM, tdx ? QuoteFormat.TDX_V4 : QuoteFormat.SGX_V3, 5);
    assertEquals("accepted UP_TO_DATE", outcome(quote, fetch(tdx, "platform", "")));
    assertEquals("tcb-out-of-date", outcome(quote, fetch(tdx, "platform", "&update=early")));
  }

  @Test
  void recovery_promoted_rejectsOnStandardChannel() throws Exception {
    pccs =
        new DevelopmentPccs(
            Situation.VENDOR, RECIPE.withRecovery(Recovery.promoted(Situation.NOW)));
    Bytes quote = quote(Situation.PLATFORM, QuoteFormat.TDX_V5_15, 5);
    assertEquals("tcb-out-of-date", outcome(quote, fetch(true, "platform", "")));
  }

  @Test
  void revocation_served_rejects() throws Exception {
    pccs =
        new DevelopmentPccs(
            Situation.VENDOR,
            RECIPE.withCrl((issuer, list) -> list.withRevoked(Situation.PLATFORM.serial())));
    Bytes quote = quote(Situation.PLATFORM, QuoteFormat.TDX_V4, 5);
    assertEquals("certificate-revoked", outcome(quote, fetch(true, "platform", "")));
  }

  /// The three numbers of a quote of type 1 to 3, as its reader finds them, and its QE id.
  private PccsReply pckCertificate(Bytes quote, int type, int offset) throws Exception {
    ByteReader reader = ByteReader.of("quote", quote);
    reader.bytes(28, "up to the QE id");
    Bytes qeId = reader.bytes(16, "qe id");
    reader.bytes(offset - 44, "up to the certification data");
    return get(
        SGX + "pckcert",
        "encrypted_ppid=%s&cpusvn=%s&pcesvn=%s&pceid=%s&qeid=%s"
            .formatted(
                reader.bytes(List.of(16, 256, 384).get(type - 1), "ppid").toHex(),
                reader.bytes(16, "cpusvn").toHex(),
                reader.bytes(2, "pcesvn").toHex(),
                reader.bytes(2, "pceid").toHex(),
                qeId.toHex()));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void pckCertificate_servedForTypes1To3_completesTheQuote(int type) throws Exception {
    Bytes tdx = quote(Situation.PLATFORM, QuoteFormat.TDX_V4, type);
    assertEquals("accepted UP_TO_DATE", outcome(tdx, withPck(tdx, type, 1258, true)));
    Bytes sgx = quote(Situation.PLATFORM, QuoteFormat.SGX_V3, type);
    assertEquals("accepted UP_TO_DATE", outcome(sgx, withPck(sgx, type, 1052, false)));
    Bytes other = quote(Situation.VENDOR.platform(PlatformRecipe.of("b")), QuoteFormat.SGX_V3, 1);
    assertEquals("qe-report-signature-invalid", outcome(other, withPck(sgx, type, 1052, false)));
  }

  @Test
  void pckCertificate_ofProcessorCa_isAcceptedWithItsList() throws Exception {
    Bytes quote = quote(Situation.VENDOR.platform(OLD), QuoteFormat.SGX_V3, 3);
    PccsReply reply = pckCertificate(quote, 3, 1052);
    addChain(reply);
    String ca = Objects.requireNonNull(reply.headers().get("SGX-PCK-Certificate-CA-Type"));
    assertEquals("accepted UP_TO_DATE", outcome(quote, fetch(false, ca, "")));
  }

  private Collateral withPck(Bytes quote, int type, int offset, boolean tdx) throws Exception {
    addChain(pckCertificate(quote, type, offset));
    return fetch(tdx, "platform", "");
  }

  private void addChain(PccsReply reply) {
    members.put(
        "pck_certificate_chain", text(reply) + chain(reply, "SGX-PCK-Certificate-Issuer-Chain"));
  }
}
