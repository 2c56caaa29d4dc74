package dev.holdfast.attestation;

import dev.holdfast.attestation.Collateral.Member;
import dev.holdfast.attestation.quote.QeEvidence;
import dev.holdfast.attestation.quote.Quote;
import dev.holdfast.attestation.quote.SignatureData;
import dev.holdfast.attestation.x509.BoundedCache;
import dev.holdfast.attestation.x509.Chain;
import dev.holdfast.attestation.x509.ChainException;
import dev.holdfast.attestation.x509.ChainVerifier;
import dev.holdfast.attestation.x509.P256;
import dev.holdfast.attestation.x509.P256Point;
import dev.holdfast.attestation.x509.Pem;
import dev.holdfast.attestation.x509.SgxExtension;
import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Digests;
import dev.holdfast.codec.MalformedException;
import java.security.MessageDigest;
import java.util.Optional;

/// Establishes that a quote was signed by a key that a genuine quoting enclave on a genuine
/// platform vouches for. Neither dates nor revocation.
///
/// Spec: docs/spec/attestation.md#evidence
final class EvidenceVerifier {
  /// Attestation keys remembered; one lives as long as its quoting enclave runs.
  static final int MAX_CACHED_KEYS = 4096;

  /// PCK chains remembered; one per platform and TCB level.
  static final int MAX_CACHED_CHAINS = 4096;

  private static final int HASH_SIZE = 32;

  private final ChainVerifier chainVerifier;
  private final P256 p256;
  private final BoundedCache<Evidence> keys = new BoundedCache<>(MAX_CACHED_KEYS);
  private final BoundedCache<Pck> chains = new BoundedCache<>(MAX_CACHED_CHAINS);

  EvidenceVerifier(ChainVerifier chainVerifier, P256 p256) {
    this.chainVerifier = chainVerifier;
    this.p256 = p256;
  }

  /// The chain and the platform behind an attestation key: everything about a quote that outlives
  /// it.
  record Evidence(Chain pckChain, SgxExtension pck, P256Point attestationKey) {}

  private record Pck(Chain chain, SgxExtension extension) {}

  Evidence verify(Quote quote, Collateral collateral) throws Refusal {
    SignatureData data = quote.signatureData();
    Bytes chain = chainText(data.qe(), collateral);
    Bytes chainKey = chain.sha256();
    Bytes key = cacheKey(data, chainKey);
    Optional<Evidence> cached = keys.find(key);
    Evidence evidence = cached.isPresent() ? cached.get() : certify(data, pck(chain, chainKey));
    if (!p256.verify(evidence.attestationKey(), quote.signed(), data.signature())) {
      throw Refusal.invalid(
          Reason.QUOTE_SIGNATURE_INVALID, "the signature over header and body does not verify");
    }
    if (cached.isEmpty()) {
      keys.put(key, evidence);
    }
    return evidence;
  }

  /// A quote of type 4 carries the PCK certificate alone; what is above it issues the PCK CRL too.
  private static Bytes chainText(QeEvidence qe, Collateral collateral) throws Refusal {
    if (qe.hasPckChain()) {
      return qe.certificationData();
    }
    if (collateral.find(Member.PCK_CERTIFICATE_CHAIN).isPresent()) {
      return collateral.bytes(Member.PCK_CERTIFICATE_CHAIN);
    }
    if (qe.hasPckCertificate() && collateral.find(Member.PCK_CRL_ISSUER_CHAIN).isPresent()) {
      return new ByteWriter()
          .bytes(certificateAlone(qe))
          .bytes(collateral.bytes(Member.PCK_CRL_ISSUER_CHAIN))
          .toBytes();
    }
    throw Refusal.invalid(
        Reason.UNSUPPORTED_CERTIFICATION_DATA,
        "a quote with certification data of type %d needs its PCK certificate chain beside it,"
                .formatted(qe.certificationDataType())
            + " as pck_certificate_chain of the collateral");
  }

  private static Bytes certificateAlone(QeEvidence qe) throws Refusal {
    try {
      Pem.blocks(qe.certificationData(), "CERTIFICATE", 1);
      return qe.certificationData();
    } catch (MalformedException e) {
      throw Refusal.invalid(
          Reason.UNSUPPORTED_CERTIFICATION_DATA,
          "expected one certificate in certification data of type 4: " + e.getMessage());
    }
  }

  /// Everything but the quote's own signature; what varies in size comes last.
  private static Bytes cacheKey(SignatureData data, Bytes chainKey) {
    MessageDigest digest = Digests.sha256();
    data.attestationKey().updateInto(digest);
    data.qe().report().body().updateInto(digest);
    data.qe().signature().updateInto(digest);
    chainKey.updateInto(digest);
    data.qe().authData().updateInto(digest);
    return Bytes.copyOf(digest.digest());
  }

  private Evidence certify(SignatureData data, Pck pck) throws Refusal {
    QeEvidence qe = data.qe();
    P256Point pckKey = pck.chain().signer().publicKey();
    if (!p256.verify(pckKey, qe.report().body(), qe.signature())) {
      throw Refusal.invalid(
          Reason.QE_REPORT_SIGNATURE_INVALID, "the QE report is not signed by the PCK key");
    }
    requireBinding(data);
    P256Point attestationKey =
        P256Point.of(data.attestationKey())
            .orElseThrow(() ->
                Refusal.invalid(
                    Reason.ATTESTATION_KEY_INVALID, "the attestation key is no point of P-256"));
    return new Evidence(pck.chain(), pck.extension(), attestationKey);
  }

  private static void requireBinding(SignatureData data) throws Refusal {
    MessageDigest digest = Digests.sha256();
    data.attestationKey().updateInto(digest);
    data.qe().authData().updateInto(digest);
    Bytes expected = Bytes.copyOf(digest.digest());
    Bytes reportData = data.qe().report().reportData();
    if (!reportData.slice(0, HASH_SIZE).equals(expected)) {
      throw Refusal.invalid(
          Reason.ATTESTATION_KEY_BINDING_INVALID,
          "the QE report does not hold the hash of attestation key and authentication data");
    }
    if (!reportData.slice(HASH_SIZE, HASH_SIZE).isZero()) {
      throw Refusal.invalid(
          Reason.ATTESTATION_KEY_BINDING_INVALID,
          "the last 32 bytes of the QE report data are not zero");
    }
  }

  private Pck pck(Bytes chainText, Bytes key) throws Refusal {
    Optional<Pck> cached = chains.find(key);
    if (cached.isPresent()) {
      return cached.get();
    }
    try {
      Chain chain = chainVerifier.ofPck(chainText);
      Pck pck = new Pck(chain, chain.signer().sgxExtension());
      chains.put(key, pck);
      return pck;
    } catch (ChainException e) {
      Reason reason =
          switch (e.defect()) {
            case INVALID, ROLE -> Reason.CERTIFICATE_CHAIN_INVALID;
            case UNTRUSTED_ROOT -> Reason.UNTRUSTED_ROOT;
          };
      throw Refusal.invalid(reason, "PCK chain: " + e.getMessage());
    } catch (MalformedException e) {
      throw Refusal.invalid(Reason.CERTIFICATE_CHAIN_INVALID, "PCK chain: " + e.getMessage());
    }
  }
}
