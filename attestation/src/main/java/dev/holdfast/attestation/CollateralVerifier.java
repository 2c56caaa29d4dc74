package dev.holdfast.attestation;

import dev.holdfast.attestation.Collateral.Member;
import dev.holdfast.attestation.tcb.QeIdentity;
import dev.holdfast.attestation.tcb.TcbEvaluationNumbers;
import dev.holdfast.attestation.tcb.TcbInfo;
import dev.holdfast.attestation.x509.BoundedCache;
import dev.holdfast.attestation.x509.Certificate;
import dev.holdfast.attestation.x509.CertificateList;
import dev.holdfast.attestation.x509.Chain;
import dev.holdfast.attestation.x509.ChainException;
import dev.holdfast.attestation.x509.ChainVerifier;
import dev.holdfast.attestation.x509.P256;
import dev.holdfast.attestation.x509.Pem;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import java.util.List;
import java.util.Optional;

/// Establishes that collateral is the vendor's: chains, signatures, roles, CRLs. Documents are
/// parsed only after everything is known to be authentic.
///
/// Spec: docs/spec/attestation.md#collateral
final class CollateralVerifier {
  /// Sets of collateral remembered; one per kind of platform and issue.
  static final int MAX_CACHED = 64;

  private final ChainVerifier chainVerifier;
  private final P256 p256;
  private final BoundedCache<Verified> cache = new BoundedCache<>(MAX_CACHED);

  CollateralVerifier(ChainVerifier chainVerifier, P256 p256) {
    this.chainVerifier = chainVerifier;
    this.p256 = p256;
  }

  /// Collateral whose signatures, chains and roles hold. Neither dates nor revocation.
  record Verified(
      Signed<TcbInfo> tcbInfo,
      Signed<QeIdentity> qeIdentity,
      Chain pckCa,
      CertificateList rootCrl,
      CertificateList pckCrl) {
    /// Of the signers of both documents, and of the CA whose PCK CRL this is.
    List<Chain> issuerChains() {
      return List.of(tcbInfo.chain(), qeIdentity.chain(), pckCa);
    }
  }

  /// A document and the chain of its signer.
  record Signed<T>(Chain chain, T document) {}

  Verified verify(Collateral collateral) throws Refusal {
    Optional<Verified> cached = cache.find(collateral.inputDigest());
    if (cached.isPresent()) {
      return cached.get();
    }
    requireComplete(collateral);
    Verified verified = authenticate(collateral);
    cache.put(collateral.inputDigest(), verified);
    return verified;
  }

  /// The same, or nothing where it throws.
  Optional<Verified> find(Collateral collateral) {
    try {
      return Optional.of(verify(collateral));
    } catch (Refusal e) {
      return Optional.empty();
    }
  }

  private static void requireComplete(Collateral collateral) throws Refusal {
    List<String> missing = collateral.missing();
    if (missing.isEmpty()) {
      return;
    }
    // Without any collateral all that is there, the quote, is known to be authentic.
    boolean nothing = collateral.equals(Collateral.none());
    throw new Refusal(
        Finding.of(
            Reason.COLLATERAL_MISSING,
            "missing: " + String.join(", ", missing),
            nothing ? Signatures.VALID : Signatures.NOT_CHECKED));
  }

  private Verified authenticate(Collateral collateral) throws Refusal {
    Chain tcbSigner =
        tcbSigner(
            collateral.bytes(Member.TCB_INFO_ISSUER_CHAIN), Reason.TCB_INFO_ISSUER_CHAIN_INVALID);
    requireSigned(
        tcbSigner,
        collateral.bytes(Member.TCB_INFO),
        collateral.text(Member.TCB_INFO_SIGNATURE),
        Reason.TCB_INFO_SIGNATURE_INVALID);
    Chain qeSigner = qeSigner(collateral, tcbSigner);
    requireSigned(
        qeSigner,
        collateral.bytes(Member.QE_IDENTITY),
        collateral.text(Member.QE_IDENTITY_SIGNATURE),
        Reason.QE_IDENTITY_SIGNATURE_INVALID);
    Chain pckCa = pckCa(collateral.bytes(Member.PCK_CRL_ISSUER_CHAIN));
    CertificateList rootCrl = crl("root CRL", collateral.text(Member.ROOT_CA_CRL));
    CertificateList pckCrl = crl("PCK CRL", collateral.text(Member.PCK_CRL));
    requireIssued("root CRL", rootCrl, chainVerifier.root());
    requireIssued("PCK CRL", pckCrl, pckCa.signer());
    return new Verified(
        new Signed<>(tcbSigner, tcbInfo(collateral)),
        new Signed<>(qeSigner, qeIdentity(collateral)),
        pckCa,
        rootCrl,
        pckCrl);
  }

  /// Usually both documents come with the same chain.
  private Chain qeSigner(Collateral collateral, Chain tcbSigner) throws Refusal {
    Bytes text = collateral.bytes(Member.QE_IDENTITY_ISSUER_CHAIN);
    return text.equals(collateral.bytes(Member.TCB_INFO_ISSUER_CHAIN))
        ? tcbSigner
        : tcbSigner(text, Reason.QE_IDENTITY_ISSUER_CHAIN_INVALID);
  }

  private Chain tcbSigner(Bytes text, Reason invalid) throws Refusal {
    try {
      return chainVerifier.ofTcbSigner(text);
    } catch (ChainException e) {
      throw refusal(e, invalid);
    }
  }

  private Chain pckCa(Bytes text) throws Refusal {
    try {
      return chainVerifier.ofPckCa(text);
    } catch (ChainException e) {
      throw refusal(e, Reason.PCK_CRL_ISSUER_CHAIN_INVALID);
    }
  }

  /// The signer of `document`, which must hold, and its content.
  Signed<TcbEvaluationNumbers> verifyNumbers(String document, String signature, String issuerChain)
      throws Refusal {
    Chain signer = tcbSigner(Bytes.utf8(issuerChain), Reason.TCB_INFO_ISSUER_CHAIN_INVALID);
    requireSigned(signer, Bytes.utf8(document), signature, Reason.TCB_INFO_SIGNATURE_INVALID);
    try {
      return new Signed<>(signer, TcbEvaluationNumbers.parse(Bytes.utf8(document)));
    } catch (MalformedException e) {
      throw Refusal.valid(Reason.TCB_INFO_MALFORMED, String.valueOf(e.getMessage()));
    }
  }

  private static Refusal refusal(ChainException e, Reason invalid) {
    Reason reason =
        switch (e.defect()) {
          case INVALID -> invalid;
          case UNTRUSTED_ROOT -> Reason.UNTRUSTED_ROOT;
          case ROLE -> Reason.SIGNER_ROLE_INVALID;
        };
    return Refusal.invalid(reason, invalid.code() + ": " + e.getMessage());
  }

  private void requireSigned(Chain signer, Bytes document, String signatureText, Reason reason)
      throws Refusal {
    Bytes signature;
    try {
      signature = Bytes.parseHex(trim(signatureText));
    } catch (MalformedException e) {
      throw Refusal.invalid(reason, "the signature is no hexadecimal");
    }
    if (!p256.verify(signer.signer().publicKey(), document, signature)) {
      throw Refusal.invalid(reason, "the signature over the document does not verify");
    }
  }

  private static CertificateList crl(String name, String member) throws Refusal {
    String text = trim(member);
    try {
      return CertificateList.parse(
          text.startsWith("-")
              ? Pem.blocks(Bytes.utf8(text), "X509 CRL", 1).getFirst()
              : Bytes.parseHex(text));
    } catch (MalformedException e) {
      throw Refusal.invalid(Reason.CRL_MALFORMED, name + ": " + e.getMessage());
    }
  }

  /// Around hexadecimal and PEM, sources leave white space and the NUL that ends a text in C.
  private static String trim(String text) {
    int start = 0;
    int end = text.length();
    while (end > start && text.charAt(end - 1) <= ' ') {
      end--;
    }
    while (start < end && text.charAt(start) <= ' ') {
      start++;
    }
    return text.substring(start, end);
  }

  private void requireIssued(String name, CertificateList crl, Certificate issuer) throws Refusal {
    if (!crl.issuer().equals(issuer.subject())) {
      throw Refusal.invalid(
          Reason.CRL_ISSUER_MISMATCH,
          "%s: not issued by \"%s\"".formatted(name, issuer.commonName()));
    }
    if (!crl.signedBy(issuer, p256)) {
      throw Refusal.invalid(
          Reason.CRL_SIGNATURE_INVALID,
          "%s: not signed by \"%s\"".formatted(name, issuer.commonName()));
    }
    if (!crl.namesKeyOf(issuer)) {
      throw Refusal.invalid(
          Reason.CRL_ISSUER_MISMATCH,
          "%s: names another key than that of \"%s\"".formatted(name, issuer.commonName()));
    }
  }

  private static TcbInfo tcbInfo(Collateral collateral) throws Refusal {
    try {
      return TcbInfo.parse(collateral.bytes(Member.TCB_INFO));
    } catch (MalformedException e) {
      throw Refusal.valid(Reason.TCB_INFO_MALFORMED, String.valueOf(e.getMessage()));
    }
  }

  private static QeIdentity qeIdentity(Collateral collateral) throws Refusal {
    try {
      return QeIdentity.parse(collateral.bytes(Member.QE_IDENTITY));
    } catch (MalformedException e) {
      throw Refusal.valid(Reason.QE_IDENTITY_MALFORMED, String.valueOf(e.getMessage()));
    }
  }
}
