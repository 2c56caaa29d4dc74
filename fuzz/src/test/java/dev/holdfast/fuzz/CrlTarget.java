package dev.holdfast.fuzz;

import dev.holdfast.attestation.x509.CertificateList;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.simulator.CollateralRecipe;
import dev.holdfast.simulator.pki.Authority;
import dev.holdfast.simulator.quote.QuoteFormat;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/// The first byte of the input says what the rest is: the signed part of the PCK's or the root's
/// CRL, a whole CRL, or the text of the member of the collateral.
final class CrlTarget {
  private static final int WAYS = 4;
  private static final Map<String, String> MEMBERS = World.members(World.TDX);
  private static final Bytes QUOTE = World.quote(QuoteFormat.TDX_V4);
  private static final SignedDer PCK_CRL = crl(World.TDX, "pck_crl");
  private static final SignedDer ROOT_CRL = crl(World.TDX, "root_ca_crl");

  private CrlTarget() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Work.chosen(input, WAYS, CrlTarget::verify);
  }

  private static void verify(int way, Bytes input) throws MalformedException {
    switch (way) {
      case 0 -> believe("pck_crl", parsed(PCK_CRL.with(input)).toHex());
      case 1 -> believe("root_ca_crl", parsed(ROOT_CRL.with(input)).toHex());
      case 2 -> believe("pck_crl", parsed(input).toHex());
      default -> believe("pck_crl", World.text(input));
    }
  }

  private static void believe(String member, String value) {
    World.believe(QUOTE, MEMBERS, member, value);
  }

  private static Bytes parsed(Bytes der) throws MalformedException {
    if (!World.sampled(der)) {
      CertificateList.parse(der);
    }
    return der;
  }

  private static SignedDer crl(CollateralRecipe recipe, String member) {
    return SignedDer.of(der(World.members(recipe), member));
  }

  private static Bytes der(Map<String, String> members, String member) {
    try {
      return Bytes.parseHex(String.valueOf(members.get(member)));
    } catch (MalformedException e) {
      throw new Find("the simulator's CRLs are hexadecimal", e);
    }
  }

  static List<Bytes> seeds() {
    CollateralRecipe revoking =
        World.TDX
            .withPckCrl(crl ->
                crl.withRevoked(World.PLATFORM.serial()).withRevoked(BigInteger.valueOf(200)))
            .withRootCrl(crl -> crl.withRevoked(World.VENDOR.serial(Authority.PLATFORM_CA)));
    SignedDer pck = crl(revoking, "pck_crl");
    Bytes whole = der(MEMBERS, "pck_crl");
    String pem =
        "-----BEGIN X509 CRL-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(whole.toArray())
            + "\n-----END X509 CRL-----\n";
    List<Bytes> seeds = new ArrayList<>();
    seeds.addAll(World.chosen(0, List.of(PCK_CRL.body(), pck.body())));
    seeds.addAll(World.chosen(1, List.of(ROOT_CRL.body(), crl(revoking, "root_ca_crl").body())));
    seeds.addAll(World.chosen(2, List.of(whole)));
    seeds.addAll(World.chosen(3, List.of(World.bytes(whole.toHex()), World.bytes(pem))));
    return seeds;
  }
}
