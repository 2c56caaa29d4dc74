package dev.holdfast.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Json;
import dev.holdfast.simulator.pki.Authority;
import dev.holdfast.simulator.pki.Extension;
import dev.holdfast.simulator.pki.SgxExtension;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509CRLEntry;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Certificates and revocation lists beside Intel's own.
final class CertificateShapeTest {
  private static final String TDX_QUOTE = "quotes/tdx-v4-google-cos113.bin";
  private static final String PROCESSOR_QUOTE = "quotes/sgx-v3-teepot-processor-2023.bin";

  @Test
  void platformCaChain_besideReal_hasTheSameSkeleton() throws Exception {
    List<Bytes> real = Vectors.certificates(Vectors.read(TDX_QUOTE));
    List<Bytes> simulated = Vectors.certificates(Samples.PLATFORM.pckChainPem());
    assertEquals(real.size(), simulated.size());
    for (int i = 0; i < real.size(); i++) {
      assertEquals(Skeleton.ofDer(real.get(i)), Skeleton.ofDer(simulated.get(i)));
    }
  }

  @Test
  void processorCaChain_besideReal_hasTheSameSkeleton() throws Exception {
    SimulatedPlatform platform =
        Samples.VENDOR.platform(PlatformRecipe.of("old").underProcessorCa());
    List<Bytes> real = Vectors.certificates(Vectors.read(PROCESSOR_QUOTE));
    List<Bytes> simulated = Vectors.certificates(platform.pckChainPem());
    assertEquals(real.size(), simulated.size());
    for (int i = 0; i < real.size(); i++) {
      assertEquals(Skeleton.ofDer(real.get(i)), Skeleton.ofDer(simulated.get(i)));
    }
  }

  @Test
  void tcbSigningChain_besideReal_hasTheSameSkeleton() throws Exception {
    String chain = Vectors.collateral("phala-tdx-2026-02.json").string("tcb_info_issuer_chain");
    String simulated = Samples.collateral(Samples.TDX).string("tcb_info_issuer_chain");
    List<Bytes> real = Vectors.certificates(chain);
    assertEquals(real.size(), Vectors.certificates(simulated).size());
    for (int i = 0; i < real.size(); i++) {
      Bytes certificate = Vectors.certificates(simulated).get(i);
      assertEquals(Skeleton.ofDer(real.get(i)), Skeleton.ofDer(certificate));
    }
  }

  @Test
  void revocationLists_besideReal_haveTheSameSkeleton() throws Exception {
    Bytes realRoot = Vectors.read("pcs-replies/intel-2025-05-27/IntelSGXRootCA.der");
    Bytes realPck = Vectors.read("pcs-replies/intel-2025-05-27/sgx-v4-pckcrl-platform.der");
    int revoked = Samples.crl(realPck).getRevokedCertificates().size();
    CollateralRecipe recipe =
        Samples.TDX.withPckCrl(crl -> {
          var changed = crl;
          for (int i = 0; i < revoked; i++) {
            changed = changed.withRevoked(BigInteger.TWO.pow(150).add(BigInteger.valueOf(i)));
          }
          return changed;
        });
    Bytes root = Samples.hex(Samples.collateral(recipe).string("root_ca_crl"));
    Bytes pck = Samples.hex(Samples.collateral(recipe).string("pck_crl"));
    assertEquals(Skeleton.ofDer(realRoot), Skeleton.ofDer(root));
    assertEquals(Skeleton.ofDer(realPck), Skeleton.ofDer(pck));
  }

  @Test
  void processorRevocationList_besideReal_hasTheSameSkeleton() throws Exception {
    Bytes real = Vectors.read("pcs-replies/intel-2025-05-27/sgx-v4-pckcrl-processor.der");
    CollateralRecipe recipe = Samples.TDX.withCa(Authority.PROCESSOR_CA);
    Bytes simulated = Samples.hex(Samples.collateral(recipe).string("pck_crl"));
    assertEquals(Skeleton.ofDer(real), Skeleton.ofDer(simulated));
  }

  @Test
  void everyCertificate_issued_verifiesUnderItsIssuerAndIsValidNow() throws Exception {
    X509Certificate root = Samples.certificate(Samples.VENDOR.certificate(Authority.ROOT));
    for (Authority authority : Authority.values()) {
      X509Certificate certificate = Samples.certificate(Samples.VENDOR.certificate(authority));
      certificate.verify(root.getPublicKey());
      certificate.checkValidity(Date.from(Samples.NOW));
      assertEquals(Samples.VENDOR.serial(authority), certificate.getSerialNumber());
    }
    X509Certificate pck = Samples.certificate(Samples.PLATFORM.pckCertificate());
    Bytes ca = Samples.VENDOR.certificate(Authority.PLATFORM_CA);
    pck.verify(Samples.certificate(ca).getPublicKey());
    pck.checkValidity(Date.from(Samples.NOW));
    assertEquals(Samples.PLATFORM.serial(), pck.getSerialNumber());
  }

  @Test
  void distributionPoints_everywhere_nameAPlaceThatCannotExist() throws Exception {
    for (Bytes der : Vectors.certificates(Samples.PLATFORM.pckChainPem())) {
      byte[] value = Samples.certificate(der).getExtensionValue(Extension.CRL_DISTRIBUTION_POINTS);
      String text = new String(value, StandardCharsets.ISO_8859_1);
      assertTrue(text.contains("https://vendor.example.invalid/"), text);
    }
  }

  @Test
  void crl_withRevokedSerials_listsThemForKeyCompromise() throws Exception {
    BigInteger serial = Samples.PLATFORM.serial();
    CollateralRecipe recipe = Samples.TDX.withPckCrl(crl -> crl.withRevoked(serial));
    Bytes der = Samples.hex(Samples.collateral(recipe).string("pck_crl"));
    X509CRLEntry entry = Samples.crl(der).getRevokedCertificate(serial);
    assertEquals("KEY_COMPROMISE", entry.getRevocationReason().name());
    Bytes ca = Samples.VENDOR.certificate(Authority.PLATFORM_CA);
    Samples.crl(der).verify(Samples.certificate(ca).getPublicKey());
  }

  @Test
  void certificate_withChangedRecipe_isWrongAndValidlySigned() throws Exception {
    Extension unknown = new Extension("1.3.6.1.4.1.32473.1", true, Bytes.zero(2));
    PlatformRecipe recipe =
        PlatformRecipe.of("node-b")
            .withCertificate(c ->
                c.withSubject("Somebody Else")
                    .withExtension(Extension.authority(0))
                    .withExtension(Extension.keyUsage(Extension.CA_USAGE))
                    .withAddedExtension(unknown)
                    .withValidity(Instant.EPOCH, Instant.parse("2050-01-01T00:00:00Z")));
    X509Certificate pck = Samples.certificate(Samples.VENDOR.platform(recipe).pckCertificate());
    Bytes ca = Samples.VENDOR.certificate(Authority.PLATFORM_CA);
    pck.verify(Samples.certificate(ca).getPublicKey());
    assertTrue(pck.getSubjectX500Principal().getName().contains("CN=Somebody Else"));
    assertEquals(0, pck.getBasicConstraints());
    assertTrue(pck.getKeyUsage()[5]);
    assertTrue(pck.hasUnsupportedCriticalExtension());
    assertEquals(Date.from(Instant.parse("2050-01-01T00:00:00Z")), pck.getNotAfter());
  }

  @Test
  void certificate_withTamper_noLongerVerifies() throws Exception {
    PlatformRecipe recipe =
        PlatformRecipe.of("node-c")
            .withCertificate(c -> c.withTamper(der -> Tampering.xor(der.size() - 1, 1).apply(der)));
    Bytes tampered = Samples.VENDOR.platform(recipe).pckCertificate();
    Bytes straight = Samples.VENDOR.platform(PlatformRecipe.of("node-c")).pckCertificate();
    assertEquals(straight.slice(0, straight.size() - 1), tampered.slice(0, straight.size() - 1));
    assertFalse(straight.equals(tampered));
  }

  @Test
  void authority_issuedAnew_standsInEveryChain() throws Exception {
    DevelopmentVendor changed =
        Samples.VENDOR.withCertificate(
            Authority.PLATFORM_CA, c -> c.withExtension(Extension.endEntity()));
    Bytes expected = changed.certificate(Authority.PLATFORM_CA);
    assertEquals(-1, Samples.certificate(expected).getBasicConstraints());
    SimulatedPlatform platform = changed.platform(PlatformRecipe.of("node-a"));
    assertEquals(expected, Vectors.certificates(platform.pckChainPem()).get(1));
    String chain =
        Json.parse(changed.collateral(Samples.TDX)).asObject().string("pck_crl_issuer_chain");
    assertEquals(expected, Vectors.certificates(chain).getFirst());
  }

  @Test
  void sgxExtension_withHighSvn_encodesItPositive() throws Exception {
    PlatformRecipe recipe =
        PlatformRecipe.of("node-d")
            .withExtension(e ->
                e.withComponents(List.of(255, 128, 127, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)));
    Bytes der = Samples.VENDOR.platform(recipe).pckCertificate();
    String value =
        Bytes.copyOf(Samples.certificate(der).getExtensionValue(SgxExtension.OID)).toHex();
    assertTrue(value.contains("0d010201020200ff"), value);
    assertTrue(value.contains("0d01020202020080"), value);
    assertTrue(value.contains("0d01020302017f"), value);
    assertTrue(value.contains("0410ff807f00000000000000000000000001"), value);
  }

  @Test
  void sgxExtension_with15Components_isIssuedAsAsked() throws Exception {
    PlatformRecipe recipe =
        PlatformRecipe.of("node-e")
            .withExtension(e -> e.withComponents(e.components().subList(0, 15)));
    Bytes der = Samples.VENDOR.platform(recipe).pckCertificate();
    List<String> full = Skeleton.ofDer(Samples.PLATFORM.pckCertificate());
    assertEquals(full.size() - 3, Skeleton.ofDer(der).size());
  }
}
