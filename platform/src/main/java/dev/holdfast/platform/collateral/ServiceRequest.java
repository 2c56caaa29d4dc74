package dev.holdfast.platform.collateral;

import dev.holdfast.attestation.UnverifiedQuote.PckCa;
import dev.holdfast.attestation.UnverifiedQuote.PckId;
import dev.holdfast.attestation.quote.Tee;
import dev.holdfast.codec.Bytes;
import java.net.URI;
import java.util.Locale;

/// One question to a collateral service. All are GET.
///
/// Spec: docs/operating/collateral.md#requests
record ServiceRequest(URI uri, Subject subject) {
  /// What is asked for, and the name of the reply's header with the chain of its issuer.
  enum Subject {
    TCB_INFO("TCB-Info-Issuer-Chain"),
    TCB_INFO_V3("SGX-TCB-Info-Issuer-Chain"),
    QE_IDENTITY("SGX-Enclave-Identity-Issuer-Chain"),
    PCK_CRL("SGX-PCK-CRL-Issuer-Chain"),
    ROOT_CRL(""),
    PCK_CERTIFICATE("SGX-PCK-Certificate-Issuer-Chain"),
    EVALUATION_NUMBERS("TCB-Evaluation-Data-Numbers-Issuer-Chain");

    private final String chainHeader;

    Subject(String chainHeader) {
      this.chainHeader = chainHeader;
    }

    String chainHeader() {
      return chainHeader;
    }

    /// True when the document is one for each kind of platform: then 404 means an unknown one.
    boolean ofPlatform() {
      return switch (this) {
        case TCB_INFO, TCB_INFO_V3, PCK_CERTIFICATE -> true;
        case QE_IDENTITY, PCK_CRL, ROOT_CRL, EVALUATION_NUMBERS -> false;
      };
    }
  }

  static ServiceRequest tcbInfo(ServiceUrl url, CollateralKey key) {
    String query = "tcb?fmspc=" + hex(key.fmspc()) + update(key.update(), "&");
    return new ServiceRequest(
        url.uri(key.technology(), query),
        url.version() == 3 ? Subject.TCB_INFO_V3 : Subject.TCB_INFO);
  }

  static ServiceRequest qeIdentity(ServiceUrl url, CollateralKey key) {
    String query = "qe/identity" + update(key.update(), "?");
    return new ServiceRequest(url.uri(key.technology(), query), Subject.QE_IDENTITY);
  }

  static ServiceRequest pckCrl(ServiceUrl url, PckCa ca) {
    String query = "pckcrl?ca=" + ca.code() + "&encoding=der";
    return new ServiceRequest(url.uri("sgx", query), Subject.PCK_CRL);
  }

  static ServiceRequest rootCrl(ServiceUrl url) {
    return new ServiceRequest(url.rootCrl(), Subject.ROOT_CRL);
  }

  /// A PCCS finds it by the QE's id even without the encrypted PPID, Intel's service does not.
  static ServiceRequest pckCertificate(ServiceUrl url, PckId id) {
    String query =
        "pckcert?"
            + id.encryptedPpid().map(ppid -> "encrypted_ppid=" + hex(ppid) + "&").orElse("")
            + "cpusvn=%s&pcesvn=%s&pceid=%s&qeid=%s"
                .formatted(hex(id.cpuSvn()), hex(id.pceSvn()), hex(id.pceId()), hex(id.qeId()));
    return new ServiceRequest(url.uri("sgx", query), Subject.PCK_CERTIFICATE);
  }

  static ServiceRequest evaluationNumbers(ServiceUrl url, Tee tee) {
    String technology = tee.name().toLowerCase(Locale.ROOT);
    return new ServiceRequest(
        url.uri(technology, "tcbevaluationdatanumbers"), Subject.EVALUATION_NUMBERS);
  }

  /// For messages: the path, and the query but for ids of one machine.
  String path() {
    String query = uri.getRawQuery();
    return query == null || subject == Subject.PCK_CERTIFICATE
        ? uri.getRawPath()
        : uri.getRawPath() + "?" + query;
  }

  CollateralServiceException failure(CollateralServiceException.Kind kind, String what) {
    return new CollateralServiceException(kind, path(), what);
  }

  /// Nothing for the standard channel: it is the default, and older caches know no parameter.
  private static String update(TcbUpdate update, String separator) {
    return switch (update) {
      case TcbUpdate.Channel.STANDARD -> "";
      case TcbUpdate.Channel.EARLY -> separator + "update=early";
      case TcbUpdate.EvaluationNumber number ->
          separator + "tcbEvaluationDataNumber=" + number.value();
    };
  }

  private static String hex(Bytes bytes) {
    return bytes.toHex().toUpperCase(Locale.ROOT);
  }
}
