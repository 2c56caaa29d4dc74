package dev.holdfast.attestation.x509;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// A version 2 CRL with an ecdsa-with-SHA256 signature, parsed strictly from DER. Nothing is
/// verified here.
///
/// Spec: docs/spec/attestation.md#crls
public final class CertificateList {
  private static final String FORMAT = "CRL";

  private final Bytes signed;
  private final Bytes signature;
  private final Bytes issuer;
  private final Instant thisUpdate;
  private final Instant nextUpdate;
  private final Set<Bytes> revoked;
  private final Bytes authorityKeyId;

  private CertificateList(Bytes encoded) throws MalformedException {
    Der outer = Der.of(FORMAT, encoded);
    Der list = outer.sequence("CRL");
    outer.requireEnd("CRL");

    int start = list.position();
    Der in = list.sequence("tbsCertList");
    signed = list.since(start);
    requireAlgorithm(list, "signatureAlgorithm");
    signature = P256.parseSignature(FORMAT, list.bitString("signatureValue"));
    list.requireEnd("CRL");

    if (in.smallInteger(255, "version") != 1) {
      throw in.malformed("version", "version 2", "another");
    }
    requireAlgorithm(in, "signature");
    issuer = in.element(Der.SEQUENCE, "issuer");
    thisUpdate = in.time("thisUpdate");
    nextUpdate = in.time("nextUpdate");
    revoked = revoked(in);
    Der wrapper = in.enter(Der.constructed(0), "crlExtensions");
    Extensions extensions = Extensions.parse(wrapper, Set.of());
    wrapper.requireEnd("crlExtensions");
    in.requireEnd("tbsCertList");
    requireNumber(extensions);
    authorityKeyId =
        extensions
            .authorityKeyId(FORMAT)
            .orElseThrow(() -> in.malformed("authorityKeyIdentifier", "a key id", "none"));
  }

  /// Parses exactly one CRL.
  public static CertificateList parse(Bytes der) throws MalformedException {
    return new CertificateList(der);
  }

  /// The issuer's name as DER.
  public Bytes issuer() {
    return issuer;
  }

  public Instant thisUpdate() {
    return thisUpdate;
  }

  public Instant nextUpdate() {
    return nextUpdate;
  }

  public boolean revokes(Certificate certificate) {
    return revoked.contains(certificate.serial());
  }

  /// True when the CRL names the key of `issuer` as its signer's.
  public boolean namesKeyOf(Certificate issuer) {
    try {
      return issuer.subjectKeyId().filter(authorityKeyId::equals).isPresent();
    } catch (MalformedException e) {
      return false;
    }
  }

  public boolean signedBy(Certificate issuer, P256 p256) {
    return p256.verify(issuer.publicKey(), signed, signature);
  }

  private static Set<Bytes> revoked(Der in) throws MalformedException {
    Set<Bytes> serials = new HashSet<>();
    Optional<Der> list = in.optional(Der.SEQUENCE, "revokedCertificates");
    if (list.isEmpty()) {
      return serials;
    }
    while (list.get().hasMore()) {
      Der entry = list.get().sequence("entry");
      serials.add(entry.unsigned("userCertificate"));
      entry.time("revocationDate");
      if (entry.hasMore()) {
        Extensions.parse(entry, Set.of());
      }
      entry.requireEnd("entry");
    }
    return serials;
  }

  private static void requireNumber(Extensions extensions) throws MalformedException {
    Optional<Bytes> value = extensions.find(Oids.CRL_NUMBER);
    if (value.isEmpty()) {
      throw new MalformedException(FORMAT, 0, "cRLNumber", "one", "none");
    }
    Der in = Der.of(FORMAT, value.get());
    in.unsigned("cRLNumber");
    in.requireEnd("cRLNumber");
  }

  private static void requireAlgorithm(Der in, String field) throws MalformedException {
    if (!in.element(Der.SEQUENCE, field).equals(Oids.ECDSA_WITH_SHA256)) {
      throw in.malformed(field, "ecdsa-with-SHA256", "another algorithm");
    }
  }
}
