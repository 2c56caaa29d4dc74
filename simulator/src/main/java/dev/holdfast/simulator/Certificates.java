package dev.holdfast.simulator;

import dev.holdfast.codec.Bytes;
import dev.holdfast.simulator.pki.Authority;
import dev.holdfast.simulator.pki.CertificateRecipe;
import dev.holdfast.simulator.pki.CrlRecipe;
import dev.holdfast.simulator.pki.Extension;
import dev.holdfast.simulator.pki.Names;
import dev.holdfast.simulator.pki.P256Key;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;

/// The profiles of Intel's certificates and revocation lists, filled with the vendor's keys.
///
/// Spec: docs/spec/simulator.md#certificates
final class Certificates {
  private static final Duration BACKDATED = Duration.ofDays(1);
  private static final Duration ROOT_VALIDITY = Duration.ofDays(20 * 365);
  private static final Duration CA_VALIDITY = Duration.ofDays(15 * 365);
  private static final Duration SIGNER_VALIDITY = Duration.ofDays(7 * 365);
  private static final Duration ROOT_CRL_VALIDITY = Duration.ofDays(365);
  private static final String PCK_COMMON_NAME = "Intel SGX PCK Certificate";
  private static final String ROOT_CRL_URL = Names.CRL_BASE + "IntelSGXRootCA.der";

  private final Map<Authority, P256Key> keys;
  private final Instant notBefore;

  Certificates(Map<Authority, P256Key> keys, Instant created) {
    this.keys = keys;
    this.notBefore = created.truncatedTo(ChronoUnit.SECONDS).minus(BACKDATED);
  }

  /// The serial of the certificate for `point`: its key id read as a number.
  static BigInteger serial(Bytes point) {
    return new BigInteger(1, Names.keyId(point).toArray());
  }

  CertificateRecipe of(Authority authority) {
    Bytes point = key(authority).point();
    return switch (authority) {
      case ROOT ->
          certificate(authority.commonName(), point, Authority.ROOT, ROOT_VALIDITY)
              .withExtensions(extensions(Authority.ROOT, ROOT_CRL_URL, point, 1));
      case PLATFORM_CA, PROCESSOR_CA ->
          certificate(authority.commonName(), point, Authority.ROOT, CA_VALIDITY)
              .withExtensions(extensions(Authority.ROOT, ROOT_CRL_URL, point, 0));
      case TCB_SIGNING ->
          certificate(authority.commonName(), point, Authority.ROOT, SIGNER_VALIDITY)
              .withExtensions(extensions(Authority.ROOT, ROOT_CRL_URL, point, -1));
    };
  }

  CertificateRecipe ofPlatform(PlatformRecipe platform, Bytes point) {
    String which = platform.ca() == Authority.PLATFORM_CA ? "platform" : "processor";
    String url = Names.CRL_BASE + "sgx/certification/v4/pckcrl?ca=" + which + "&encoding=der";
    CertificateRecipe standard =
        certificate(PCK_COMMON_NAME, point, platform.ca(), SIGNER_VALIDITY)
            .withExtensions(extensions(platform.ca(), url, point, -1))
            .withAddedExtension(platform.extension().toExtension());
    return platform.certificate().apply(standard);
  }

  CrlRecipe rootCrl(Instant issuedAt) {
    return crl(Authority.ROOT, issuedAt, ROOT_CRL_VALIDITY);
  }

  CrlRecipe pckCrl(Authority ca, Instant issuedAt) {
    return crl(ca, issuedAt, CollateralRecipe.VALIDITY);
  }

  P256Key key(Authority authority) {
    return Objects.requireNonNull(keys.get(authority));
  }

  private CrlRecipe crl(Authority issuer, Instant issuedAt, Duration validity) {
    Instant thisUpdate = issuedAt.truncatedTo(ChronoUnit.SECONDS);
    Bytes keyId = Names.keyId(key(issuer).point());
    return new CrlRecipe(
        Names.of(issuer.commonName()),
        thisUpdate,
        thisUpdate.plus(validity),
        List.of(),
        List.of(Extension.crlNumber(1), Extension.authorityKeyId(keyId)),
        key(issuer),
        UnaryOperator.identity(),
        UnaryOperator.identity());
  }

  private CertificateRecipe certificate(
      String commonName, Bytes point, Authority issuer, Duration validity) {
    return new CertificateRecipe(
        serial(point),
        Names.of(issuer.commonName()),
        notBefore,
        notBefore.plus(validity),
        Names.of(commonName),
        point,
        List.of(),
        key(issuer),
        UnaryOperator.identity(),
        UnaryOperator.identity());
  }

  /// In Intel's order; `pathLength` below zero means no authority.
  private List<Extension> extensions(Authority issuer, String crlUrl, Bytes point, int pathLength) {
    boolean signer = pathLength < 0;
    return List.of(
        Extension.authorityKeyId(Names.keyId(key(issuer).point())),
        Extension.crlDistributionPoint(crlUrl),
        Extension.subjectKeyId(Names.keyId(point)),
        Extension.keyUsage(signer ? Extension.SIGNER_USAGE : Extension.CA_USAGE),
        signer ? Extension.endEntity() : Extension.authority(pathLength));
  }
}
