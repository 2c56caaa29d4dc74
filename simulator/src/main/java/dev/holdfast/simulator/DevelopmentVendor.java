package dev.holdfast.simulator;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.simulator.pki.Authority;
import dev.holdfast.simulator.pki.CertificateRecipe;
import dev.holdfast.simulator.pki.CrlRecipe;
import dev.holdfast.simulator.pki.P256Key;
import dev.holdfast.simulator.pki.Pem;
import dev.holdfast.simulator.tcb.DocumentRecipe;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;

/// A complete vendor for development: root, CAs, signers, platforms, collateral and quotes in
/// exactly Intel's form, under a root that nothing real trusts. Its keys lie open in its file.
///
/// Everything it issues is determined by its file and the recipe, to the byte. Immutable and
/// thread-safe.
///
/// Spec: docs/spec/simulator.md
public final class DevelopmentVendor {
  private static final int SEED_SIZE = 32;

  private final VendorFile file;
  private final Certificates certificates;

  private DevelopmentVendor(VendorFile file) {
    this.file = file;
    Map<Authority, P256Key> keys = new EnumMap<>(Authority.class);
    file.authorities().forEach((authority, issued) -> keys.put(authority, issued.key()));
    this.certificates = new Certificates(keys, file.created());
  }

  /// A new vendor whose certificates are valid from one day before `now`.
  public static DevelopmentVendor generate(SecureRandom random, Instant now) {
    byte[] seed = new byte[SEED_SIZE];
    random.nextBytes(seed);
    return new DevelopmentVendor(VendorFile.generate(Bytes.copyOf(seed), now));
  }

  /// Restores a vendor from [#toJson].
  public static DevelopmentVendor parse(Bytes json) throws MalformedException {
    return new DevelopmentVendor(VendorFile.parse(json));
  }

  /// The same vendor with one authority's certificate issued anew from a changed recipe, in every
  /// chain it stands in.
  public DevelopmentVendor withCertificate(
      Authority authority, UnaryOperator<CertificateRecipe> change) {
    Bytes certificate = change.apply(certificateRecipe(authority)).issue();
    return new DevelopmentVendor(file.withCertificate(authority, certificate));
  }

  /// Its keys and certificates.
  public Bytes toJson() {
    return file.toJson();
  }

  /// The root certificate as PEM: the trust anchor to configure.
  public Bytes rootPem() {
    return text(Pem.certificate(certificate(Authority.ROOT)));
  }

  /// The DER of an authority's certificate.
  public Bytes certificate(Authority authority) {
    return issued(authority).certificate();
  }

  /// What an authority's certificate is made of, for issuing another one like it.
  public CertificateRecipe certificateRecipe(Authority authority) {
    return certificates.of(authority);
  }

  /// An authority's key, for signing what it should not.
  public P256Key key(Authority authority) {
    return issued(authority).key();
  }

  /// The serial of an authority's certificate, for revoking it.
  public BigInteger serial(Authority authority) {
    return Certificates.serial(key(authority).point());
  }

  /// A machine with a PCK certificate of this vendor.
  public SimulatedPlatform platform(PlatformRecipe recipe) {
    P256Key pck = P256Key.derive(file.derive("pck", recipe.name()));
    P256Key attestationKey = P256Key.derive(file.derive("attestation key", recipe.name()));
    CertificateRecipe intermediate = recipe.intermediate().apply(certificateRecipe(recipe.ca()));
    List<Bytes> chain =
        List.of(
            certificates.ofPlatform(recipe, pck.point()).issue(),
            issue(recipe.ca(), intermediate),
            certificate(Authority.ROOT));
    return new SimulatedPlatform(recipe, recipe.chain().apply(chain), pck, attestationKey);
  }

  /// Collateral as JSON of nine strings: chains in PEM, lists and signatures in hexadecimal, the
  /// two documents as the exact text that was signed.
  public Bytes collateral(CollateralRecipe recipe) {
    CrlRecipe rootCrl = recipe.rootCrl().apply(crl(Authority.ROOT, recipe.issuedAt()));
    CrlRecipe pckCrl = recipe.pckCrl().apply(crl(recipe.ca(), recipe.issuedAt()));
    CertificateRecipe crlIssuer = recipe.crlIssuer().apply(certificateRecipe(recipe.ca()));
    Map<String, String> members = new LinkedHashMap<>();
    members.put("pck_crl_issuer_chain", chainWithRoot(issue(recipe.ca(), crlIssuer)));
    members.put("root_ca_crl", rootCrl.issue().toHex());
    members.put("pck_crl", pckCrl.issue().toHex());
    putDocument(members, "tcb_info", recipe.tcbInfo());
    putDocument(members, "qe_identity", recipe.qeIdentity());
    JsonWriter json = JsonWriter.object();
    recipe.members().apply(members).forEach(json::put);
    return json.toBytes();
  }

  /// The revocation list of the root or of a CA with nothing revoked, dated `issuedAt`.
  public CrlRecipe crl(Authority issuer, Instant issuedAt) {
    return issuer == Authority.ROOT
        ? certificates.rootCrl(issuedAt)
        : certificates.pckCrl(issuer, issuedAt);
  }

  /// An authority's certificate and the root's, in PEM: the issuer chain of what it signs.
  public String issuerChain(Authority authority) {
    return chainWithRoot(certificate(authority));
  }

  /// Signs a document.
  public SignedDocument sign(DocumentRecipe document) {
    CertificateRecipe signer = document.certificate().apply(certificateRecipe(document.signer()));
    List<Bytes> chain = List.of(issue(document.signer(), signer), certificate(Authority.ROOT));
    String signed = document.toText();
    P256Key key = document.key().orElse(key(document.signer()));
    return new SignedDocument(
        signed,
        document.signature().apply(key.sign(text(signed))),
        Pem.chain(document.issuerChain().apply(chain)));
  }

  private void putDocument(Map<String, String> members, String name, DocumentRecipe document) {
    SignedDocument signed = sign(document);
    members.put(name + "_issuer_chain", signed.issuerChain());
    members.put(name, signed.text());
    members.put(name + "_signature", signed.signature().toHex());
  }

  private String chainWithRoot(Bytes certificate) {
    return Pem.chain(List.of(certificate, certificate(Authority.ROOT)));
  }

  /// The certificate on file when the recipe is unchanged.
  private Bytes issue(Authority authority, CertificateRecipe recipe) {
    return recipe.equals(certificateRecipe(authority)) ? certificate(authority) : recipe.issue();
  }

  private VendorFile.Issued issued(Authority authority) {
    return Objects.requireNonNull(file.authorities().get(authority));
  }

  private static Bytes text(String text) {
    return Bytes.copyOf(text.getBytes(StandardCharsets.UTF_8));
  }
}
