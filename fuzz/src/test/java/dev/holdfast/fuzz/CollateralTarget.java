package dev.holdfast.fuzz;

import dev.holdfast.attestation.Collateral;
import dev.holdfast.attestation.CollateralExamination;
import dev.holdfast.attestation.Verdict;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.simulator.quote.QuoteFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The input is collateral in JSON. What is accepted must hold the vendor's own documents.
final class CollateralTarget {
  private static final Bytes QUOTE = World.quote(QuoteFormat.TDX_V4);
  private static final Map<String, String> GENUINE = World.members(World.TDX);
  private static final List<String> SIGNED =
      List.of("tcb_info", "qe_identity", "root_ca_crl", "pck_crl");

  private CollateralTarget() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Bytes json = Bytes.copyOf(input);
    Work.bounded(() -> run(json));
  }

  private static void run(Bytes json) {
    Optional<Collateral> parsed = parsed(json);
    if (parsed.isEmpty()) {
      return;
    }
    Collateral collateral = parsed.get();
    Find.unless(
        World.collateral(collateral.toJson()).equals(collateral), "the canonical form is the same");
    if (World.verdict(World.STRICT, QUOTE, collateral) instanceof Verdict.Accepted) {
      Map<String, String> members = World.members(collateral.toJson());
      for (String name : SIGNED) {
        // A CRL may stand in hexadecimal of either case.
        Find.unless(
            String.valueOf(GENUINE.get(name)).equalsIgnoreCase(members.get(name)),
            "only what was signed is accepted: " + name);
      }
    }
    World.verdict(World.BELIEVING, QUOTE, collateral);
    Find.unless(
        World.STRICT.examine(collateral) instanceof CollateralExamination.Fault
            || World.BELIEVING.examine(collateral) instanceof CollateralExamination.Facts,
        "what is authentic is also believed");
  }

  private static Optional<Collateral> parsed(Bytes json) {
    try {
      return Optional.of(Collateral.parse(json));
    } catch (MalformedException e) {
      Find.unlessShort(e);
      return Optional.empty();
    }
  }

  static List<Bytes> seeds() {
    return List.of(
        World.VENDOR.collateral(World.TDX),
        World.VENDOR.collateral(World.SGX),
        World.bytes("{}"),
        World.bytes("{\"tcb_info\":\"{}\",\"pck_crl\":\"30\"}"));
  }
}
