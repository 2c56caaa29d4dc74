package dev.holdfast.attestation.x509;

import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// An X.509 version 3 certificate with a P-256 key and an ecdsa-with-SHA256 signature, parsed
/// strictly from DER. Nothing is verified here.
///
/// Spec: docs/spec/attestation.md#certificates
public final class Certificate {
  private static final String FORMAT = "certificate";
  private static final Set<Bytes> UNDERSTOOD = Set.of(Oids.BASIC_CONSTRAINTS, Oids.KEY_USAGE);
  private static final int MAX_SERIAL_SIZE = 20;
  private static final int MAX_COMMON_NAME_SIZE = 64;

  private final Bytes encoded;
  private final Bytes signed;
  private final Bytes signature;
  private final Bytes serial;
  private final Bytes issuer;
  private final Bytes subject;
  private final Subject name;
  private final Instant notBefore;
  private final Instant notAfter;
  private final P256Point publicKey;
  private final Extensions extensions;

  private Certificate(Bytes encoded) throws MalformedException {
    this.encoded = encoded;
    Der outer = Der.of(FORMAT, encoded);
    Der certificate = outer.sequence("certificate");
    outer.requireEnd("certificate");

    int start = certificate.position();
    Der in = certificate.sequence("tbsCertificate");
    signed = certificate.since(start);
    requireAlgorithm(certificate, "signatureAlgorithm");
    signature = P256.parseSignature(FORMAT, certificate.bitString("signatureValue"));
    certificate.requireEnd("certificate");

    Der version = in.enter(Der.constructed(0), "version");
    if (version.smallInteger(255, "version") != 2) {
      throw in.malformed("version", "version 3", "another");
    }
    version.requireEnd("version");
    serial = in.unsigned("serialNumber");
    if (serial.size() > MAX_SERIAL_SIZE) {
      throw in.malformed("serialNumber", "at most 20 bytes", serial.size() + " bytes");
    }
    requireAlgorithm(in, "signature");
    issuer = in.element(Der.SEQUENCE, "issuer");
    Der validity = in.sequence("validity");
    notBefore = validity.time("notBefore");
    notAfter = validity.time("notAfter");
    validity.requireEnd("validity");
    subject = in.element(Der.SEQUENCE, "subject");
    name = Subject.parse(subject);
    publicKey = publicKey(in.element(Der.SEQUENCE, "subjectPublicKeyInfo"), in);
    Der wrapper = in.enter(Der.constructed(3), "extensions");
    extensions = Extensions.parse(wrapper, UNDERSTOOD);
    wrapper.requireEnd("extensions");
    in.requireEnd("tbsCertificate");
  }

  /// Parses exactly one certificate.
  public static Certificate parse(Bytes der) throws MalformedException {
    return new Certificate(der);
  }

  /// The whole certificate: the only identity of a certificate that caches may use, because the
  /// vendor issues certificates again under one serial number.
  public Bytes encoded() {
    return encoded;
  }

  /// The bytes that the signature is over.
  Bytes signed() {
    return signed;
  }

  /// r ‖ s.
  Bytes signature() {
    return signature;
  }

  public Bytes serial() {
    return serial;
  }

  /// The issuer's name as DER.
  public Bytes issuer() {
    return issuer;
  }

  /// The subject's name as DER.
  public Bytes subject() {
    return subject;
  }

  /// The one common name of the subject, or an empty string.
  public String commonName() {
    return name.commonName();
  }

  /// The other parts of the subject's name: organization, place, country.
  Bytes organization() {
    return name.organization();
  }

  /// The one common name of the issuer, or an empty string.
  public String issuerCommonName() throws MalformedException {
    return Subject.parse(issuer).commonName();
  }

  public Instant notBefore() {
    return notBefore;
  }

  public Instant notAfter() {
    return notAfter;
  }

  public P256Point publicKey() {
    return publicKey;
  }

  /// The SubjectKeyIdentifier.
  Optional<Bytes> subjectKeyId() throws MalformedException {
    Optional<Bytes> value = extensions.find(Oids.SUBJECT_KEY_ID);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    Der in = Der.of(FORMAT, value.get());
    Bytes id = in.content(Der.OCTET_STRING, "subjectKeyIdentifier");
    in.requireEnd("subjectKeyIdentifier");
    return Optional.of(id);
  }

  /// BasicConstraints; without the extension no CA.
  Constraints constraints() throws MalformedException {
    Optional<Bytes> value = extensions.find(Oids.BASIC_CONSTRAINTS);
    if (value.isEmpty()) {
      return new Constraints(false, Optional.empty());
    }
    Der outer = Der.of(FORMAT, value.get());
    Der in = outer.sequence("basicConstraints");
    outer.requireEnd("basicConstraints");
    boolean ca = in.hasMore() && in.bool("basicConstraints.cA");
    Optional<Integer> pathLength =
        in.hasMore()
            ? Optional.of(in.smallInteger(255, "basicConstraints.pathLen"))
            : Optional.empty();
    in.requireEnd("basicConstraints");
    return new Constraints(ca, pathLength);
  }

  record Constraints(boolean ca, Optional<Integer> pathLength) {}

  /// The first byte of KeyUsage, bit 0 (digitalSignature) being 0x80; 0 without the extension.
  int keyUsage() throws MalformedException {
    Optional<Bytes> value = extensions.find(Oids.KEY_USAGE);
    if (value.isEmpty()) {
      return 0;
    }
    Der in = Der.of(FORMAT, value.get());
    Bytes bits = in.content(Der.BIT_STRING, "keyUsage");
    in.requireEnd("keyUsage");
    if (bits.size() < 2 || bits.size() > 3 || bits.at(0) > 7) {
      throw in.malformed("keyUsage", "a bit string of one or two bytes", "another");
    }
    return bits.at(1);
  }

  /// The value of Intel's SGX extension.
  public SgxExtension sgxExtension() throws MalformedException {
    Optional<Bytes> value = extensions.find(Oids.SGX);
    if (value.isEmpty()) {
      throw new MalformedException(FORMAT, 0, "SGX extension", "one", "none");
    }
    return SgxExtension.parse(value.get());
  }

  private static void requireAlgorithm(Der in, String field) throws MalformedException {
    if (!in.element(Der.SEQUENCE, field).equals(Oids.ECDSA_WITH_SHA256)) {
      throw in.malformed(field, "ecdsa-with-SHA256", "another algorithm");
    }
  }

  private static P256Point publicKey(Bytes info, Der in) throws MalformedException {
    int prefix = P256Point.PREFIX.size();
    if (info.size() != prefix + P256Point.SIZE || !info.slice(0, prefix).equals(P256Point.PREFIX)) {
      throw in.malformed("subjectPublicKeyInfo", "an uncompressed P-256 point", "another key");
    }
    return P256Point.of(info.slice(prefix, P256Point.SIZE))
        .orElseThrow(() -> in.malformed("subjectPublicKeyInfo", "a point on the curve", "another"));
  }

  /// A name's one common name, or an empty text, and all its other parts in order, whichever of the
  /// two types of text they are written in.
  private record Subject(String commonName, Bytes organization) {
    static Subject parse(Bytes name) throws MalformedException {
      Der outer = Der.of(FORMAT, name);
      Der in = outer.sequence("subject");
      Optional<String> found = Optional.empty();
      ByteWriter others = new ByteWriter();
      while (in.hasMore()) {
        Der set = in.enter(Der.SET, "subject.rdn");
        Der attribute = set.sequence("subject.attribute");
        set.requireEnd("subject.rdn");
        Bytes type = attribute.oid("subject.attribute");
        Optional<Der> utf8 = attribute.optional(Der.UTF8_STRING, "subject.text");
        Bytes text =
            utf8.isPresent()
                ? utf8.get().rest()
                : attribute.content(Der.PRINTABLE_STRING, "subject.text");
        attribute.requireEnd("subject.attribute");
        if (!type.equals(Oids.COMMON_NAME)) {
          others.u8(type.size()).bytes(type).u32be(text.size()).bytes(text);
        } else if (found.isPresent()) {
          throw in.malformed("subject", "one common name", "two");
        } else {
          found = Optional.of(ascii(text, in));
        }
      }
      return new Subject(found.orElse(""), others.toBytes());
    }
  }

  private static String ascii(Bytes text, Der in) throws MalformedException {
    if (text.size() > MAX_COMMON_NAME_SIZE) {
      throw in.malformed("commonName", "at most 64 characters", text.size() + " characters");
    }
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.size(); i++) {
      // Names end in messages: only harmless characters are taken.
      if (text.at(i) < 0x20 || text.at(i) > 0x7e || text.at(i) == '"' || text.at(i) == '\\') {
        throw in.malformed("commonName", "plain ASCII", "another character");
      }
      out.append((char) text.at(i));
    }
    return out.toString();
  }
}
