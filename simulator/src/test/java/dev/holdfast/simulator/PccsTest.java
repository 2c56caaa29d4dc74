package dev.holdfast.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.codec.ByteReader;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Json;
import dev.holdfast.codec.JsonValue;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.simulator.pccs.DevelopmentPccs;
import dev.holdfast.simulator.pccs.PccsRecipe;
import dev.holdfast.simulator.pccs.PccsReply;
import dev.holdfast.simulator.pccs.Recovery;
import dev.holdfast.simulator.pki.Authority;
import dev.holdfast.simulator.quote.QuoteFormat;
import java.math.BigInteger;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The service as a function: what is served, when it changes, and every refusal.
final class PccsTest {
  private static final String SGX = "/sgx/certification/v4/";
  private static final String TDX = "/tdx/certification/v4/";
  private static final String FMSPC = "fmspc=DE7E57000000";
  private static final PccsRecipe RECIPE =
      PccsRecipe.defaults()
          .withPlatforms(
              List.of(
                  PlatformRecipe.of("other"),
                  Samples.PLATFORM.recipe(),
                  PlatformRecipe.of("old").underProcessorCa()));
  private static final DevelopmentPccs PCCS = new DevelopmentPccs(Samples.VENDOR, RECIPE);

  private static PccsReply get(String target) {
    return get(PCCS, target, Samples.NOW);
  }

  private static PccsReply get(DevelopmentPccs pccs, String target, Instant now) {
    int mark = target.indexOf('?');
    return mark < 0
        ? pccs.answer("GET", target, "", now)
        : pccs.answer("GET", target.substring(0, mark), target.substring(mark + 1), now);
  }

  private static String text(PccsReply reply) {
    return new String(reply.body().toArray(), StandardCharsets.UTF_8);
  }

  private static JsonObject document(PccsReply reply, String member) throws Exception {
    assertEquals(200, reply.status(), text(reply));
    return Json.parse(reply.body()).asObject().object(member);
  }

  private static int number(PccsReply reply, String member) throws Exception {
    return (int) document(reply, member).integer("tcbEvaluationDataNumber", 1, 99);
  }

  private static DevelopmentPccs with(Recovery recovery) {
    return new DevelopmentPccs(Samples.VENDOR, RECIPE.withRecovery(recovery));
  }

  private static String firstStatus(PccsReply reply) throws Exception {
    List<JsonValue> levels = document(reply, "tcbInfo").array("tcbLevels", 9).items();
    return levels.getFirst().asObject().string("tcbStatus");
  }

  @Test
  void documents_withinOnePeriod_areTheSameBytes() {
    Instant end = Samples.NOW.plus(DevelopmentPccs.PERIOD);
    for (String target :
        List.of(
            TDX + "tcb?" + FMSPC,
            SGX + "qe/identity",
            SGX + "pckcrl?ca=platform",
            SGX + "rootcacrl",
            TDX + "tcbevaluationdatanumbers")) {
      PccsReply first = get(target);
      assertEquals(first, get(PCCS, target, end.minusMillis(1)), target);
      assertNotEquals(first.body(), get(PCCS, target, end).body(), target);
      assertNotEquals(first.body(), get(PCCS, target, Samples.NOW.minusMillis(1)).body(), target);
    }
  }

  @Test
  void issuedAt_atAnyInstant_isLessThanTwoHoursBefore() {
    for (String at : List.of("1969-12-31T23:59:59Z", "2026-11-23T12:59:59.999Z")) {
      Duration age =
          Duration.between(DevelopmentPccs.issuedAt(Instant.parse(at)), Instant.parse(at));
      assertTrue(age.compareTo(Duration.ofHours(1)) >= 0, at);
      assertTrue(age.compareTo(Duration.ofHours(2)) < 0, at);
    }
  }

  @Test
  void fmspc_ofEitherCase_isTheSameDocument() {
    assertEquals(get(SGX + "tcb?" + FMSPC), get(SGX + "tcb?fmspc=de7e57000000"));
    assertEquals(get(SGX + "tcb?" + FMSPC), get(SGX + "tcb?fmspc=%64e7e57000000&unknown=1"));
  }

  @Test
  void editions_byNumber_differInLevels() throws Exception {
    String tcb = TDX + "tcb?" + FMSPC + "&tcbEvaluationDataNumber=";
    assertEquals(18, number(get(tcb + "18"), "tcbInfo"));
    assertEquals(17, number(get(tcb + "17"), "tcbInfo"));
    assertEquals(3, document(get(tcb + "18"), "tcbInfo").array("tcbLevels", 9).items().size());
    assertEquals(2, document(get(tcb + "17"), "tcbInfo").array("tcbLevels", 9).items().size());
    assertEquals("UpToDate", firstStatus(get(tcb + "17")));
    assertFalse(text(get(tcb + "17")).contains("2024-11-13"));
    assertEquals(
        17, number(get(SGX + "qve/identity?tcbEvaluationDataNumber=17"), "enclaveIdentity"));
  }

  @Test
  void channels_withoutRecovery_areEqual() {
    String tcb = TDX + "tcb?" + FMSPC;
    assertEquals(get(tcb), get(tcb + "&update=standard"));
    assertEquals(get(tcb), get(tcb + "&update=early"));
    assertEquals(404, get(tcb + "&tcbEvaluationDataNumber=19").status());
  }

  @Test
  void earlyRecovery_onEarlyChannelOnly_makesPlatformsOutOfDate() throws Exception {
    DevelopmentPccs pccs = with(Recovery.early(Samples.NOW));
    for (String tee : List.of(SGX, TDX)) {
      String tcb = tee + "tcb?" + FMSPC;
      PccsReply early = get(pccs, tcb + "&update=early", Samples.NOW);
      assertEquals(19, number(early, "tcbInfo"));
      assertEquals(early, get(pccs, tcb + "&tcbEvaluationDataNumber=19", Samples.NOW));
      List<JsonValue> levels = document(early, "tcbInfo").array("tcbLevels", 9).items();
      assertEquals(4, levels.size());
      assertEquals("2026-11-23T00:00:00Z", levels.getFirst().asObject().string("tcbDate"));
      assertEquals("UpToDate", levels.get(0).asObject().string("tcbStatus"));
      assertEquals("OutOfDate", levels.get(1).asObject().string("tcbStatus"));
      assertTrue(levels.get(1).asObject().has("advisoryIDs"));
      assertEquals(18, number(get(pccs, tcb, Samples.NOW), "tcbInfo"));
      String identity = tee + "qe/identity";
      assertEquals(
          19, number(get(pccs, identity + "?update=early", Samples.NOW), "enclaveIdentity"));
      assertEquals(18, number(get(pccs, identity, Samples.NOW), "enclaveIdentity"));
    }
  }

  @Test
  void recovery_promoted_isStandardToo() throws Exception {
    DevelopmentPccs pccs = with(Recovery.promoted(Samples.NOW));
    assertEquals(19, number(get(pccs, TDX + "tcb?" + FMSPC, Samples.NOW), "tcbInfo"));
    assertEquals(19, number(get(pccs, SGX + "qe/identity", Samples.NOW), "enclaveIdentity"));
  }

  @Test
  void recovery_beforeItsEvent_isUnknown() throws Exception {
    DevelopmentPccs pccs = with(Recovery.promoted(Samples.NOW));
    String numbers = TDX + "tcbevaluationdatanumbers";
    Instant event = Instant.parse("2026-11-22T00:00:00Z");
    assertEquals("[18, 17]", numbers(get(pccs, numbers, event.minusMillis(1))));
    assertEquals("[19, 18, 17]", numbers(get(pccs, numbers, event)));
    assertEquals(18, number(get(pccs, TDX + "tcb?" + FMSPC, event.minusMillis(1)), "tcbInfo"));
    assertEquals(19, number(get(pccs, TDX + "tcb?" + FMSPC, event), "tcbInfo"));
  }

  private static String numbers(PccsReply reply) throws Exception {
    var found = new ArrayList<Long>();
    JsonObject list = document(reply, "tcbEvaluationDataNumbers");
    for (JsonValue item : list.array("tcbEvalNumbers", 9).items()) {
      found.add(item.asObject().integer("tcbEvaluationDataNumber", 1, 99));
    }
    return found.toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        SGX + "tcb",
        SGX + "tcb?fmspc=",
        SGX + "tcb?fmspc=DE7E570000",
        SGX + "tcb?fmspc=DE7E5700000000",
        SGX + "tcb?fmspc=DE7E5700000G",
        SGX + "tcb?FMSPC=DE7E57000000",
        SGX + "tcb?fmspc=DE7E57000000&fmspc=DE7E57000000",
        SGX + "tcb?fmspc=DE7E57000000&update=late",
        SGX + "tcb?fmspc=DE7E57000000&update=",
        SGX + "tcb?fmspc=DE7E57000000&update=early&tcbEvaluationDataNumber=18",
        SGX + "tcb?fmspc=DE7E57000000&tcbEvaluationDataNumber=",
        SGX + "tcb?fmspc=DE7E57000000&tcbEvaluationDataNumber=-1",
        SGX + "tcb?fmspc=DE7E57000000&tcbEvaluationDataNumber=0000000018",
        SGX + "tcb?fmspc=DE7E57000000&tcbEvaluationDataNumber=x",
        SGX + "tcb?fmspc=000000000000&update=late",
        SGX + "tcb?fmspc=DE7E57000000&a=%",
        SGX + "tcb?fmspc=DE7E57000000&a=%4",
        SGX + "tcb?fmspc=DE7E57000000&a=%zz",
        SGX + "tcb?fmspc=DE7E57000000&a=%ff",
        SGX + "qe/identity?update=standard&tcbEvaluationDataNumber=18",
        SGX + "pckcrl",
        SGX + "pckcrl?ca=root",
        SGX + "pckcrl?ca=platform&encoding=hex",
        SGX + "fmspcs?platform=E9",
        SGX + "pckcert",
      })
  void request_withBadParameters_is400(String target) {
    PccsReply reply = get(target);
    assertEquals(400, reply.status(), target);
    assertEquals("Invalid request parameters.", text(reply));
  }

  @Test
  void parameters_atLimitAndOnePast_areServedAndRefused() {
    String filling = "";
    for (int i = 1; i < 16; i++) {
      filling += "&p" + i + "=1";
    }
    assertEquals(200, get(SGX + "tcb?" + FMSPC + filling).status());
    assertEquals(400, get(SGX + "tcb?" + FMSPC + filling + "&one=more").status());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        SGX + "tcb?fmspc=DE7E57000001",
        SGX + "tcb?fmspc=DE7E57000000&tcbEvaluationDataNumber=19",
        SGX + "tcb?fmspc=DE7E57000000&tcbEvaluationDataNumber=0",
        TDX + "qe/identity?tcbEvaluationDataNumber=999999999",
        TDX + "qve/identity",
        TDX + "pckcrl?ca=platform",
        TDX + "rootcacrl",
        "/sgx/certification/v3/tcb?fmspc=DE7E57000000",
        SGX,
        "/",
        "",
      })
  void request_forWhatIsNot_is404(String target) {
    assertEquals(404, get(target).status(), target);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        SGX + "tcb?fmspc=DE7E57000000&tcbEvaluationDataNumber=16",
        TDX + "qe/identity?tcbEvaluationDataNumber=1",
      })
  void request_forOldNumber_is410(String target) {
    assertEquals(410, get(target).status(), target);
  }

  @Test
  void request_withAnotherMethod_is405() {
    for (String method : List.of("HEAD", "POST", "PUT", "get")) {
      PccsReply reply = PCCS.answer(method, SGX + "tcb", FMSPC, Samples.NOW);
      assertEquals(405, reply.status(), method);
      assertEquals("GET", reply.headers().get("Allow"));
    }
  }

  @Test
  void errors_ofHostileParameters_repeatNothing() {
    PccsReply reply = get(SGX + "tcb?fmspc=%3Cscript%3E&tcbEvaluationDataNumber=%0d%0aX:1");
    assertEquals("Invalid request parameters.", text(reply));
    assertEquals("{Content-Type=text/plain}", reply.headers().toString());
  }

  @Test
  void pckCrl_inEveryEncoding_isTheSameList() {
    Bytes der = get(SGX + "pckcrl?ca=processor&encoding=der").body();
    DevelopmentPccs hex = new DevelopmentPccs(Samples.VENDOR, RECIPE.withHexPckCrl());
    PccsReply pem = get(SGX + "pckcrl?ca=processor&encoding=pem");
    assertEquals(pem, get(SGX + "pckcrl?ca=processor"));
    assertTrue(text(pem).startsWith("-----BEGIN X509 CRL-----\n"));
    assertEquals(der.toHex(), text(get(hex, SGX + "pckcrl?ca=processor", Samples.NOW)));
    assertEquals(der, get(hex, SGX + "pckcrl?ca=processor&encoding=der", Samples.NOW).body());
    assertEquals(get("/IntelSGXRootCA.der").body().toHex(), text(get(SGX + "rootcacrl")));
  }

  @Test
  void crl_changedByRecipe_revokes() throws Exception {
    var serial = Samples.PLATFORM.serial();
    DevelopmentPccs pccs =
        new DevelopmentPccs(
            Samples.VENDOR,
            RECIPE.withCrl((issuer, list) ->
                issuer == Authority.PLATFORM_CA ? list.withRevoked(serial) : list));
    String path = SGX + "pckcrl?encoding=der&ca=";
    assertTrue(revokes(get(pccs, path + "platform", Samples.NOW), serial));
    assertFalse(revokes(get(pccs, path + "processor", Samples.NOW), serial));
  }

  private static boolean revokes(PccsReply reply, BigInteger serial) throws Exception {
    return Samples.crl(reply.body()).getRevokedCertificate(serial) != null;
  }

  /// What a verifier asks for with a quote of certification data type 1, 2 or 3.
  private static String asked(int type, SimulatedPlatform platform) throws Exception {
    QuoteRecipe recipe = QuoteRecipe.of(QuoteFormat.SGX_V3).withCertificationType(type);
    Bytes quote = platform.quote(EnclaveRecipe.ofImage("x"), Bytes.zero(64), recipe);
    int size = List.of(16, 256, 384).get(type - 1);
    ByteReader reader = ByteReader.of("quote", quote);
    Bytes qeId = ByteReader.of("header", quote.slice(28, 16)).bytes(16, "qe id");
    reader.bytes(1052, "up to the certification data");
    return SGX
        + "pckcert?encrypted_ppid=%s&cpusvn=%s&pcesvn=%s&pceid=%s&qeid=%s"
            .formatted(
                reader.bytes(size, "ppid").toHex(),
                reader.bytes(16, "cpusvn").toHex(),
                reader.bytes(2, "pcesvn").toHex(),
                reader.bytes(2, "pceid").toHex(),
                qeId.toHex());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void pckCert_forQuotesOfTypes1To3_isThePlatformsOwn(int type) throws Exception {
    String target = asked(type, Samples.PLATFORM);
    PccsReply reply = get(target);
    assertEquals(200, reply.status(), text(reply));
    assertEquals(List.of(Samples.PLATFORM.pckCertificate()), Vectors.certificates(text(reply)));
    assertEquals("platform", reply.headers().get("SGX-PCK-Certificate-CA-Type"));
    assertEquals("DE7E57000000", reply.headers().get("SGX-FMSPC"));
    String svns = Samples.PLATFORM.recipe().extension().cpuSvn().toHex() + "0d00";
    assertEquals(svns.toUpperCase(Locale.ROOT), reply.headers().get("SGX-TCBm"));
    assertEquals(reply, get(target.replaceAll("encrypted_ppid=[^&]*&", "")));
    assertEquals(reply, get(target.replaceAll("&qeid=.*", "")));
    assertTrue(target.length() < 1024 - "GET  HTTP/1.1".length(), "fits the server's line");
  }

  @Test
  void pckCert_ofProcessorCa_carriesThatChain() throws Exception {
    SimulatedPlatform old = Samples.VENDOR.platform(PlatformRecipe.of("old").underProcessorCa());
    PccsReply reply = get(asked(3, old));
    assertEquals("processor", reply.headers().get("SGX-PCK-Certificate-CA-Type"));
    String encoded =
        Objects.requireNonNull(reply.headers().get("SGX-PCK-Certificate-Issuer-Chain"));
    String chain = URLDecoder.decode(encoded, StandardCharsets.UTF_8);
    assertEquals(
        List.of(
            Samples.VENDOR.certificate(Authority.PROCESSOR_CA),
            Samples.VENDOR.certificate(Authority.ROOT)),
        Vectors.certificates(chain));
  }

  @Test
  void pckCert_forNewerTcb_isServedAndForOlderNot() throws Exception {
    String target = asked(3, Samples.PLATFORM);
    String cpuSvn = Samples.PLATFORM.recipe().extension().cpuSvn().toHex();
    assertEquals(200, get(target.replace(cpuSvn, "ff".repeat(16))).status());
    assertEquals(404, get(target.replace(cpuSvn, "00" + cpuSvn.substring(2))).status());
    assertEquals(200, get(target.replace("pcesvn=0d00", "pcesvn=0001")).status());
    assertEquals(404, get(target.replace("pcesvn=0d00", "pcesvn=0c00")).status());
  }

  @Test
  void pckCert_ofUnknown_is404() throws Exception {
    SimulatedPlatform stranger = Samples.VENDOR.platform(PlatformRecipe.of("stranger"));
    String target = asked(3, Samples.PLATFORM);
    assertEquals(404, get(asked(3, stranger)).status());
    assertEquals(404, get(target.replace("pceid=0000", "pceid=0100")).status());
    String qeId = stranger.recipe().qeId().toHex();
    assertEquals(404, get(target.replaceAll("qeid=.*", "qeid=" + qeId)).status());
  }

  @Test
  void pckCert_withBadParameters_is400() throws Exception {
    String target = asked(3, Samples.PLATFORM);
    for (String name : List.of("cpusvn", "pcesvn", "pceid")) {
      assertEquals(400, get(target.replaceAll(name + "=[^&]*&", "")).status(), name);
      assertEquals(400, get(target.replaceAll(name + "=..", name + "=")).status(), name);
    }
    assertEquals(400, get(target.replaceAll("ppid=..", "ppid=")).status());
    assertEquals(400, get(target.replaceAll("qeid=..", "qeid=")).status());
    String neither = target.replaceAll("encrypted_ppid=[^&]*&", "").replaceAll("&qeid=.*", "");
    assertEquals(400, get(neither).status());
  }

  @Test
  void fmspcs_ofAPlatform_areListedAndServed() {
    PlatformRecipe machine = PlatformRecipe.of("m").withFmspc(Samples.hex("00112233aabb"));
    DevelopmentPccs pccs =
        new DevelopmentPccs(Samples.VENDOR, PccsRecipe.defaults().withPlatforms(List.of(machine)));
    assertEquals(
        "[{\"fmspc\":\"00112233AABB\",\"platform\":\"E5\"},"
            + "{\"fmspc\":\"DE7E57000000\",\"platform\":\"E5\"}]",
        text(get(pccs, SGX + "fmspcs", Samples.NOW)));
    assertEquals("[]", text(get(pccs, SGX + "fmspcs?platform=client", Samples.NOW)));
    assertEquals(200, get(pccs, TDX + "tcb?fmspc=00112233aabb", Samples.NOW).status());
  }
}
