package dev.holdfast.fuzz;

import dev.holdfast.attestation.tcb.TcbInfo;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.simulator.CollateralRecipe;
import dev.holdfast.simulator.quote.QuoteFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The input is the text of a TCB info, taken for signed.
final class TcbInfoTarget {
  private static final Map<String, String> TDX = World.members(World.TDX);
  private static final Map<String, String> SGX = World.members(World.SGX);
  private static final Bytes TDX_QUOTE = World.quote(QuoteFormat.TDX_V5_15);
  private static final Bytes SGX_QUOTE = World.quote(QuoteFormat.SGX_V3);

  private TcbInfoTarget() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Bytes text = Bytes.copyOf(input);
    Work.bounded(() -> run(text));
  }

  private static void run(Bytes text) {
    try {
      TcbInfo info = TcbInfo.parse(text);
      Find.unless(!info.levels().isEmpty(), "at least one level");
    } catch (MalformedException e) {
      Find.unlessShort(e);
      if (!World.sampled(text)) {
        return;
      }
    }
    String member = World.text(text);
    World.believe(TDX_QUOTE, TDX, "tcb_info", member);
    World.believe(SGX_QUOTE, SGX, "tcb_info", member);
  }

  static List<Bytes> seeds() {
    List<CollateralRecipe> recipes = new ArrayList<>(List.of(World.TDX, World.SGX));
    for (String status :
        List.of("OutOfDate", "Revoked", "TDRelaunchAdvised", "ConfigurationNeeded")) {
      recipes.add(World.TDX.withPlatformStatus(status));
    }
    recipes.add(World.TDX.withModuleStatus("OutOfDate"));
    return recipes.stream()
        .map(recipe -> World.bytes(String.valueOf(World.members(recipe).get("tcb_info"))))
        .toList();
  }
}
