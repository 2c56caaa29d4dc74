package dev.holdfast.simulator.pccs;

import dev.holdfast.codec.Bytes;
import dev.holdfast.simulator.CollateralRecipe;
import dev.holdfast.simulator.DevelopmentVendor;
import dev.holdfast.simulator.SignedDocument;
import dev.holdfast.simulator.pki.Authority;
import dev.holdfast.simulator.pki.Pem;
import dev.holdfast.simulator.tcb.DocumentRecipe;
import dev.holdfast.simulator.tcb.Edition;
import dev.holdfast.simulator.tcb.IntelEnclave;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// The development vendor's collateral service in the form of Intel's: its Provisioning
/// Certification Service (PCS) and a caching one (PCCS), API version 4. A pure function of request
/// and instant, and the same bytes all through a [#PERIOD]. Immutable and thread-safe.
///
/// Spec: docs/spec/simulator.md#the-service
public final class DevelopmentPccs {
  /// Documents are issued anew at the beginning of each, in UTC.
  public static final Duration PERIOD = Duration.ofHours(1);

  private static final String SGX = "/sgx/certification/v4/";
  private static final String TDX = "/tdx/certification/v4/";

  private interface Handler {
    PccsReply answer(Query query, Instant now) throws RefusedRequest;
  }

  private final DevelopmentVendor vendor;
  private final PccsRecipe recipe;
  private final PckCertificates certificates;
  private final Map<String, Handler> routes = new TreeMap<>();

  public DevelopmentPccs(DevelopmentVendor vendor, PccsRecipe recipe) {
    this.vendor = vendor;
    this.recipe = recipe;
    this.certificates =
        new PckCertificates(vendor, recipe.platforms().stream().map(vendor::platform).toList());
    routes.put(SGX + "tcb", (query, now) -> tcbInfo(query, now, false));
    routes.put(TDX + "tcb", (query, now) -> tcbInfo(query, now, true));
    routes.put(SGX + "qe/identity", (query, now) -> identity(query, now, IntelEnclave.QE));
    routes.put(TDX + "qe/identity", (query, now) -> identity(query, now, IntelEnclave.TD_QE));
    routes.put(SGX + "qve/identity", (query, now) -> identity(query, now, IntelEnclave.QVE));
    routes.put(SGX + "qae/identity", (query, now) -> identity(query, now, IntelEnclave.QAE));
    routes.put(SGX + "tcbevaluationdatanumbers", (query, now) -> numbers(now, "SGX"));
    routes.put(TDX + "tcbevaluationdatanumbers", (query, now) -> numbers(now, "TDX"));
    routes.put(SGX + "pckcrl", this::pckCrl);
    routes.put(SGX + "rootcacrl", (query, now) -> rootCrlHex(now));
    routes.put("/IntelSGXRootCA.der", (query, now) -> rootCrlDer(now));
    routes.put(SGX + "pckcert", (query, now) -> certificates.answer(query));
    routes.put(SGX + "fmspcs", (query, now) -> fmspcs(query));
  }

  /// Answers one request; never fails.
  ///
  /// @param path without query, undecoded
  /// @param query what stands behind the question mark, undecoded; empty without one
  public PccsReply answer(String method, String path, String query, Instant now) {
    Handler handler = routes.get(path);
    if (handler == null) {
      return PccsReply.error(404, "There is nothing under this path.");
    }
    if (!method.equals("GET")) {
      return PccsReply.error(405, "Only GET is served.").with("Allow", "GET");
    }
    try {
      return handler.answer(Query.parse(query), now);
    } catch (RefusedRequest e) {
      return e.reply();
    }
  }

  /// The date on every document that is served at `now`.
  public static Instant issuedAt(Instant now) {
    long period = PERIOD.toSeconds();
    Instant start = Instant.ofEpochSecond(Math.floorDiv(now.getEpochSecond(), period) * period);
    return start.minus(CollateralRecipe.BACKDATED);
  }

  private PccsReply tcbInfo(Query query, Instant now, boolean tdx) throws RefusedRequest {
    Bytes fmspc = query.hex("fmspc", 6);
    Edition edition = channels(now).asked(query);
    if (!recipe.allFmspcs().contains(fmspc)) {
      throw RefusedRequest.notFound("No TCB info for this FMSPC.");
    }
    Instant issued = issuedAt(now);
    Instant nextUpdate = issued.plus(CollateralRecipe.VALIDITY);
    DocumentRecipe document =
        tdx
            ? edition.tdxTcbInfo(fmspc, issued, nextUpdate)
            : edition.sgxTcbInfo(fmspc, issued, nextUpdate);
    return signed(document, "tcbInfo", "TCB-Info-Issuer-Chain");
  }

  private PccsReply identity(Query query, Instant now, IntelEnclave enclave) throws RefusedRequest {
    Instant issued = issuedAt(now);
    return signed(
        channels(now)
            .asked(query)
            .identity(enclave, issued, issued.plus(CollateralRecipe.VALIDITY)),
        "enclaveIdentity",
        "SGX-Enclave-Identity-Issuer-Chain");
  }

  private PccsReply numbers(Instant now, String id) {
    Instant issued = issuedAt(now);
    return signed(
        Edition.numbers(
            id, channels(now).editions(), issued, issued.plus(CollateralRecipe.VALIDITY)),
        "tcbEvaluationDataNumbers",
        "TCB-Evaluation-Data-Numbers-Issuer-Chain");
  }

  private PccsReply signed(DocumentRecipe document, String member, String chainHeader) {
    SignedDocument signed = vendor.sign(document);
    String body =
        "{\"%s\":%s,\"signature\":\"%s\"}"
            .formatted(member, signed.text(), signed.signature().toHex());
    return PccsReply.of(PccsReply.JSON, body).withIssuerChain(chainHeader, signed.issuerChain());
  }

  private PccsReply pckCrl(Query query, Instant now) throws RefusedRequest {
    String ca = query.word("ca", List.of("processor", "platform"), "");
    boolean der = query.word("encoding", List.of("pem", "der"), "pem").equals("der");
    Authority issuer = ca.equals("platform") ? Authority.PLATFORM_CA : Authority.PROCESSOR_CA;
    Bytes list = crl(issuer, now);
    PccsReply reply;
    if (der) {
      reply = PccsReply.of(PccsReply.CRL, list);
    } else {
      reply = PccsReply.of(PccsReply.PEM, recipe.hexPckCrl() ? list.toHex() : Pem.crl(list));
    }
    return reply.withIssuerChain("SGX-PCK-CRL-Issuer-Chain", vendor, issuer);
  }

  private PccsReply rootCrlHex(Instant now) {
    return PccsReply.of(PccsReply.TEXT, crl(Authority.ROOT, now).toHex());
  }

  private PccsReply rootCrlDer(Instant now) {
    return PccsReply.of(PccsReply.CRL, crl(Authority.ROOT, now));
  }

  private Bytes crl(Authority issuer, Instant now) {
    return recipe.crl().apply(issuer, vendor.crl(issuer, issuedAt(now))).issue();
  }

  /// The one document that Intel does not sign.
  private PccsReply fmspcs(Query query) throws RefusedRequest {
    String platform = query.word("platform", List.of("all", "client", "E3", "E5"), "all");
    boolean servers = platform.equals("all") || platform.equals("E5");
    List<String> items =
        recipe.allFmspcs().stream()
            .filter(fmspc -> servers)
            .map(fmspc -> fmspc.toHex().toUpperCase(Locale.ROOT))
            .sorted()
            .map(fmspc -> "{\"fmspc\":\"" + fmspc + "\",\"platform\":\"E5\"}")
            .toList();
    return PccsReply.of(PccsReply.JSON, "[" + String.join(",", items) + "]");
  }

  private Channels channels(Instant now) {
    return Channels.at(recipe.recovery(), now);
  }
}
