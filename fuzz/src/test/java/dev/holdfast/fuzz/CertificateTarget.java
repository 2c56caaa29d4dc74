package dev.holdfast.fuzz;

import dev.holdfast.attestation.x509.Certificate;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.simulator.PlatformRecipe;
import dev.holdfast.simulator.QuoteRecipe;
import dev.holdfast.simulator.pki.Authority;
import dev.holdfast.simulator.pki.Pem;
import dev.holdfast.simulator.quote.QuoteFormat;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The first byte of the input says what the rest is: the signed part or the whole of a
/// certificate, in one of its places in a chain, or the text of a PCK chain.
final class CertificateTarget {
  private static final int WAYS = 5;
  private static final Map<String, String> MEMBERS = World.members(World.TDX);

  /// A quote without a chain of its own: the collateral brings it.
  private static final Bytes QUOTE =
      World.quote(QuoteRecipe.of(QuoteFormat.TDX_V4).withCertificationType(1));

  private static final Bytes LEAF = World.PLATFORM.pckCertificate();
  private static final Bytes CA = World.VENDOR.certificate(Authority.PLATFORM_CA);
  private static final Bytes SIGNER = World.VENDOR.certificate(Authority.TCB_SIGNING);
  private static final Bytes ROOT = World.VENDOR.certificate(Authority.ROOT);

  private CertificateTarget() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Work.chosen(input, WAYS, CertificateTarget::verify);
  }

  private static void verify(int way, Bytes input) throws MalformedException {
    switch (way) {
      case 0 -> pckChain(Pem.chain(List.of(parsed(SignedDer.of(LEAF).with(input)), CA, ROOT)));
      case 1 -> pckChain(Pem.chain(List.of(LEAF, parsed(SignedDer.of(CA).with(input)), ROOT)));
      case 2 -> pckChain(Pem.chain(List.of(parsed(input), CA, ROOT)));
      case 3 -> {
        String chain = Pem.chain(List.of(parsed(SignedDer.of(SIGNER).with(input)), ROOT));
        World.believe(QUOTE, MEMBERS, "tcb_info_issuer_chain", chain);
      }
      default -> pckChain(new String(input.toArray(), StandardCharsets.ISO_8859_1));
    }
  }

  private static void pckChain(String pem) {
    World.believe(QUOTE, MEMBERS, "pck_certificate_chain", pem);
  }

  /// Parses `der` and everything in it that is parsed on demand; returns it as it is.
  private static Bytes parsed(Bytes der) throws MalformedException {
    if (World.sampled(der)) {
      return der;
    }
    Certificate certificate = Certificate.parse(der);
    Find.unless(certificate.encoded().equals(der), "a certificate is its bytes");
    Find.unless(
        certificate.commonName().chars().allMatch(c -> c >= 0x20 && c < 0x7f),
        "names are harmless");
    return der;
  }

  static List<Bytes> seeds() {
    Bytes processor =
        World.VENDOR.platform(PlatformRecipe.of("node-p").underProcessorCa()).pckCertificate();
    List<Bytes> seeds = new ArrayList<>();
    seeds.addAll(
        World.chosen(0, List.of(SignedDer.of(LEAF).body(), SignedDer.of(processor).body())));
    seeds.addAll(World.chosen(1, List.of(SignedDer.of(CA).body(), SignedDer.of(ROOT).body())));
    seeds.addAll(World.chosen(2, List.of(LEAF, CA, ROOT)));
    seeds.addAll(World.chosen(3, List.of(SignedDer.of(SIGNER).body())));
    seeds.addAll(World.chosen(4, List.of(World.PLATFORM.pckChainPem())));
    return seeds;
  }
}
