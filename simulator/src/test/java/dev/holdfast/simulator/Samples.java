package dev.holdfast.simulator;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.codec.Json;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.MalformedException;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;

/// One vendor, one instant, and the JDK's own readers for what the vendor issues.
final class Samples {
  static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  static final DevelopmentVendor VENDOR = DevelopmentVendor.generate(seeded(1), NOW);
  static final SimulatedPlatform PLATFORM = VENDOR.platform(PlatformRecipe.of("node-a"));
  static final CollateralRecipe TDX = CollateralRecipe.defaults(PlatformRecipe.DEFAULT_FMSPC, NOW);
  static final CollateralRecipe SGX = CollateralRecipe.sgx(PlatformRecipe.DEFAULT_FMSPC, NOW);

  private Samples() {}

  /// A generator that `seed` determines.
  static SecureRandom seeded(long seed) {
    try {
      SecureRandom random = SecureRandom.getInstance("SHA1PRNG");
      random.setSeed(seed);
      return random;
    } catch (NoSuchAlgorithmException e) {
      throw new InvariantError("every JDK has SHA1PRNG", e);
    }
  }

  static Bytes hex(String digits) {
    try {
      return Bytes.parseHex(digits);
    } catch (MalformedException e) {
      throw new InvariantError("test constants are hexadecimal", e);
    }
  }

  static JsonObject collateral(CollateralRecipe recipe) throws MalformedException {
    return Json.parse(VENDOR.collateral(recipe)).asObject();
  }

  static X509Certificate certificate(Bytes der) throws GeneralSecurityException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(der.toArray()));
  }

  static X509CRL crl(Bytes der) throws GeneralSecurityException {
    return (X509CRL)
        CertificateFactory.getInstance("X.509")
            .generateCRL(new ByteArrayInputStream(der.toArray()));
  }

  /// Whether r‖s is `certificate`'s signature over `message`.
  static boolean verifies(X509Certificate certificate, Bytes message, Bytes signature)
      throws GeneralSecurityException {
    return verifies(certificate.getPublicKey(), message, signature);
  }

  static boolean verifies(PublicKey key, Bytes message, Bytes signature)
      throws GeneralSecurityException {
    Signature verifier = Signature.getInstance("SHA256withECDSAinP1363Format");
    verifier.initVerify(key);
    verifier.update(message.toArray());
    return verifier.verify(signature.toArray());
  }
}
