package dev.holdfast.fuzz;

import dev.holdfast.attestation.x509.Certificate;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.simulator.PlatformRecipe;
import dev.holdfast.simulator.QuoteRecipe;
import dev.holdfast.simulator.pki.Der;
import dev.holdfast.simulator.pki.Extension;
import dev.holdfast.simulator.pki.Pem;
import dev.holdfast.simulator.pki.SgxExtension;
import dev.holdfast.simulator.quote.QuoteFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The input is the value of Intel's extension in a PCK certificate.
final class SgxExtensionTarget {
  private static final Map<String, String> MEMBERS = World.members(World.TDX);
  private static final Bytes QUOTE =
      World.quote(QuoteRecipe.of(QuoteFormat.TDX_V4).withCertificationType(1));
  private static final Bytes OID = Der.oid(SgxExtension.OID);
  private static final List<Bytes> CHAIN = chain();
  private static final SignedDer LEAF = SignedDer.of(CHAIN.getFirst());

  private SgxExtensionTarget() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Bytes value = Bytes.copyOf(input);
    Work.bounded(() -> run(value));
  }

  private static void run(Bytes value) {
    Bytes leaf = LEAF.with(bodyWith(value));
    Certificate certificate;
    try {
      certificate = Certificate.parse(leaf);
    } catch (MalformedException e) {
      throw new Find("a certificate does not depend on the value of this extension", e);
    }
    try {
      var extension = certificate.sgxExtension();
      Find.unless(extension.tcb().components().size() == 16, "sixteen components");
      Find.unless(extension.identity().fmspc().size() == 6, "six bytes of FMSPC");
    } catch (MalformedException e) {
      Find.unlessShort(e);
      if (!World.sampled(value)) {
        return;
      }
    }
    String pem = Pem.chain(List.of(leaf, CHAIN.get(1), CHAIN.get(2)));
    World.believe(QUOTE, MEMBERS, "pck_certificate_chain", pem);
  }

  /// The signed part of the PCK certificate with another value of the extension.
  private static Bytes bodyWith(Bytes value) {
    List<Bytes> body = new ArrayList<>(SignedDer.children(LEAF.body()));
    Bytes extensions = SignedDer.children(body.getLast()).getFirst();
    List<Bytes> all = new ArrayList<>();
    for (Bytes extension : SignedDer.children(extensions)) {
      boolean sgx = SignedDer.children(extension).getFirst().equals(OID);
      all.add(sgx ? Der.sequence(OID, Der.octetString(value)) : extension);
    }
    body.set(body.size() - 1, Der.explicit(3, Der.sequence(all)));
    return Der.sequence(body);
  }

  private static List<Bytes> chain() {
    List<Bytes> chain = new ArrayList<>();
    World.VENDOR.platform(
        PlatformRecipe.of("node-a")
            .withChain(all -> {
              chain.addAll(all);
              return all;
            }));
    return chain;
  }

  static List<Bytes> seeds() {
    PlatformRecipe platform = PlatformRecipe.of("node-a");
    PlatformRecipe processor = PlatformRecipe.of("node-p").underProcessorCa();
    return List.of(platform, processor).stream()
        .map(recipe -> recipe.extension().toExtension())
        .map(Extension::value)
        .toList();
  }
}
