package dev.holdfast.cli.custodian;

import dev.holdfast.attestation.Claims;
import dev.holdfast.attestation.policy.Measurement;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.node.work.CustodianReview.Evidence;
import dev.holdfast.protocol.custody.CustodyRequest;
import dev.holdfast.protocol.run.StoreMark;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a person sees of a request before approving it.
record RequestReport(CustodyRequest request, Evidence evidence) {
  List<String> lines() {
    StoreMark mark = request.asked().mark();
    List<String> lines = new ArrayList<>();
    if (request.posture().insecureSimulatedPlatform()) {
      lines.add("WARNING: a simulated platform: this evidence proves nothing");
    }
    lines.add("account     " + request.terms().depositor());
    lines.add("store       " + request.terms().storeId().toHex());
    lines.add("stands at   " + mark + ", generation " + request.terms().generation());
    lines.add(
        "custodians  %d of %d"
            .formatted(
                request.custody().terms().threshold(), request.custody().custodians().size()));
    lines.add(
        "key drawn   %s by %s"
            .formatted(request.terms().origin().birth().at(), who(evidence.origin())));
    lines.add("asking      " + who(evidence.asking()));
    lines.add("posture     " + request.terms().posture().toHex());
    lines.add("request     " + request.asked().requestId().toHex());
    return lines;
  }

  private static String who(Claims claims) {
    return "image %s on a platform of FMSPC %s, TCB %s"
        .formatted(image(claims), claims.platform().fmspc().toHex(), claims.tcbStatus().code());
  }

  private static String image(Claims claims) {
    Optional<Bytes> registers = claims.measurement().map(Measurement::mrTd);
    return "MRTD " + registers.map(Bytes::toHex).orElse("none");
  }

  JsonWriter json() {
    StoreMark mark = request.asked().mark();
    return JsonWriter.object()
        .put("version", 1)
        .put("verdict", "acceptable")
        .put("account", request.terms().depositor().toString())
        .put("storeId", request.terms().storeId().toHex())
        .put("generation", request.terms().generation())
        .put("storeVersion", mark.storeVersion())
        .put("ledgerVersion", mark.ledgerVersion())
        .put("threshold", request.custody().terms().threshold())
        .putStrings(
            "custodians", request.custody().custodians().stream().map(Bytes::toBase64Url).toList())
        .put("keyDrawnAt", request.terms().origin().birth().at().toString())
        .put("originImage", image(evidence.origin()))
        .put("askingImage", image(evidence.asking()))
        .put("fmspc", evidence.asking().platform().fmspc().toHex())
        .put("tcbStatus", evidence.asking().tcbStatus().code())
        .put("posture", request.terms().posture().toHex())
        .put("requestId", request.asked().requestId().toHex())
        .put("insecureSimulatedPlatform", request.posture().insecureSimulatedPlatform());
  }
}
