package dev.holdfast.protocol;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Frame;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.Labels;
import dev.holdfast.protocol.posture.Safeguards;
import java.util.Set;

/// Every security-relevant setting of a fleet as one canonical document. Its digest is in every
/// quote's report data, in records and deposits: a VM that starts with another posture gets no
/// release.
///
/// - `trustAnchor`: SHA-256 of the root certificate that all evidence must end in.
/// - `insecureSimulatedPlatform`: evidence comes from a development vendor and proves nothing.
/// - `threshold`: k and n of new sharings.
/// - `floor`: the least that evidence must show.
/// - `pinRtmr0`, `pinRtmr3`: whether release policies name these registers too (MRTD, RTMR 1 and 2
///   always).
/// - `safeguards`: who may sign what, fencing, witnesses, grace.
///
/// Spec: docs/spec/protocol.md#posture
public record Posture(
    Bytes trustAnchor,
    boolean insecureSimulatedPlatform,
    Threshold threshold,
    EvidenceFloor floor,
    boolean pinRtmr0,
    boolean pinRtmr3,
    Safeguards safeguards) {
  public static final int DIGEST_SIZE = 32;
  public static final int MAX_SIZE = 8 * 1024;

  private static final String TYPE = "posture";
  private static final Set<String> MEMBERS =
      Set.of(
          "trustAnchor",
          "insecureSimulatedPlatform",
          "k",
          "n",
          "floor",
          "pinRtmr0",
          "pinRtmr3",
          "releaseKeys",
          "custodians",
          "fencing",
          "witness",
          "tcbGraceDays");

  /// The canonical bytes: members in this order, no white space.
  public Bytes toBytes() {
    JsonWriter out = Document.of(TYPE);
    out.put("trustAnchor", trustAnchor)
        .put("insecureSimulatedPlatform", insecureSimulatedPlatform)
        .put("k", threshold.k())
        .put("n", threshold.n())
        .put("floor", floor.toJson())
        .put("pinRtmr0", pinRtmr0)
        .put("pinRtmr3", pinRtmr3);
    return safeguards.write(out).toBytes();
  }

  /// SHA-256 over the frame of label and canonical bytes.
  public Bytes digest() {
    return Frame.of(Labels.POSTURE, toBytes()).sha256();
  }

  /// @throws MalformedException when the bytes are not the canonical form of a posture
  public static Posture parse(Bytes bytes) throws MalformedException {
    JsonObject object = Document.parse(TYPE, MAX_SIZE, bytes, MEMBERS);
    Posture posture =
        new Posture(
            object.base64Url("trustAnchor", DIGEST_SIZE),
            object.bool("insecureSimulatedPlatform"),
            Threshold.read(object),
            EvidenceFloor.read(object.object("floor")),
            object.bool("pinRtmr0"),
            object.bool("pinRtmr3"),
            Safeguards.read(object));
    if (!posture.toBytes().equals(bytes)) {
      throw object.mismatch("the canonical form", "another form");
    }
    return posture;
  }
}
