package dev.holdfast.fuzz;

import dev.holdfast.attestation.tcb.QeIdentity;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.simulator.CollateralRecipe;
import dev.holdfast.simulator.quote.QuoteFormat;
import java.util.List;
import java.util.Map;

/// The input is the text of a QE identity, taken for signed.
final class QeIdentityTarget {
  private static final Map<String, String> TDX = World.members(World.TDX);
  private static final Map<String, String> SGX = World.members(World.SGX);
  private static final Bytes TDX_QUOTE = World.quote(QuoteFormat.TDX_V4);
  private static final Bytes SGX_QUOTE = World.quote(QuoteFormat.SGX_V3);

  private QeIdentityTarget() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Bytes text = Bytes.copyOf(input);
    Work.bounded(() -> run(text));
  }

  private static void run(Bytes text) {
    try {
      QeIdentity identity = QeIdentity.parse(text);
      Find.unless(!identity.levels().isEmpty(), "at least one level");
    } catch (MalformedException e) {
      Find.unlessShort(e);
      if (!World.sampled(text)) {
        return;
      }
    }
    String member = World.text(text);
    World.believe(TDX_QUOTE, TDX, "qe_identity", member);
    World.believe(SGX_QUOTE, SGX, "qe_identity", member);
  }

  static List<Bytes> seeds() {
    List<CollateralRecipe> recipes =
        List.of(World.TDX, World.SGX, World.TDX.withQeStatus("OutOfDate"));
    return recipes.stream()
        .map(recipe -> World.bytes(String.valueOf(World.members(recipe).get("qe_identity"))))
        .toList();
  }
}
