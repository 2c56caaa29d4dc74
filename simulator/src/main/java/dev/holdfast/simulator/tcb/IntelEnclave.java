package dev.holdfast.simulator.tcb;

/// The vendor's own enclaves that have an identity document, by the `id` in it.
public enum IntelEnclave {
  /// Quotes enclaves.
  QE(Documents.QE_SIGNER, 1, Documents.QE_SVN, true),
  /// Quotes TDs.
  TD_QE(Documents.TD_QE_SIGNER, 2, Documents.TD_QE_SVN, true),
  /// Verifies quotes.
  QVE(Documents.QE_SIGNER, 2, 3, false),
  /// Appraises what was verified.
  QAE(Documents.QE_SIGNER, 3, 3, false);

  private final String mrSigner;
  private final int prodId;
  private final int isvSvn;
  private final boolean provisioned;

  IntelEnclave(String mrSigner, int prodId, int isvSvn, boolean provisioned) {
    this.mrSigner = mrSigner;
    this.prodId = prodId;
    this.isvSvn = isvSvn;
    this.provisioned = provisioned;
  }

  /// MRSIGNER, 32 bytes in hexadecimal.
  public String mrSigner() {
    return mrSigner;
  }

  public int prodId() {
    return prodId;
  }

  /// The SVN that is current under the standard documents.
  public int isvSvn() {
    return isvSvn;
  }

  /// The attributes in hexadecimal: INIT, for quoting enclaves with the provisioning key.
  public String attributes() {
    return (provisioned ? "11" : "01") + "0".repeat(30);
  }
}
