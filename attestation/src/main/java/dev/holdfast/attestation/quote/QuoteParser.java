package dev.holdfast.attestation.quote;

import dev.holdfast.attestation.quote.QuoteException.Defect;
import dev.holdfast.codec.ByteReader;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import java.util.HexFormat;

/// Takes quotes apart. Spec: docs/spec/quote.md
final class QuoteParser {
  private static final int ECDSA_P256 = 2;
  private static final Bytes INTEL_QE_VENDOR =
      Bytes.copyOf(HexFormat.of().parseHex("939a7233f79c4ca9940a0db3957f0607"));
  private static final int SIGNATURE_SIZE = 64;
  private static final int KEY_SIZE = 64;
  private static final int QE_REPORT_CERTIFICATION_DATA = 6;

  private final ByteReader in;

  private QuoteParser(ByteReader in) {
    this.in = in;
  }

  static Quote parse(Bytes quote) throws QuoteException {
    try {
      return new QuoteParser(ByteReader.of("quote", quote)).quote();
    } catch (MalformedException e) {
      throw new QuoteException(e);
    }
  }

  private Quote quote() throws MalformedException, QuoteException {
    int version = in.u16le("header.version");
    if (version < 3 || version > 5) {
      throw new QuoteException(
          Defect.UNSUPPORTED_VERSION, "expected quote version 3, 4 or 5, found " + version);
    }
    int keyType = in.u16le("header.attestationKeyType");
    if (keyType != ECDSA_P256) {
      throw new QuoteException(
          Defect.UNSUPPORTED_ATTESTATION_KEY_TYPE,
          "expected attestation key type 2 (ECDSA P-256), found " + keyType);
    }
    Tee tee = tee(version, in.u32le("header.teeType"));
    in.u32le("header.svns");
    if (!in.bytes(16, "header.qeVendorId").equals(INTEL_QE_VENDOR)) {
      throw new QuoteException(
          Defect.UNKNOWN_QE_VENDOR, "expected the QE vendor id of Intel, found another");
    }
    Bytes userData = in.bytes(20, "header.userData");
    Report report = report(version, tee);
    Bytes signed = in.since(0);

    ByteReader signatureData = in.slice(in.u32le("signatureDataSize"), "signatureData");
    int structureSize = in.position();
    SignatureData parsed = signatureData(version, signatureData);
    return new Quote(version, userData, report, signed, parsed, structureSize);
  }

  private static Tee tee(int version, long type) throws QuoteException {
    if (type == Tee.SGX.type()) {
      return Tee.SGX;
    }
    if (type == Tee.TDX.type() && version >= 4) {
      return Tee.TDX;
    }
    throw new QuoteException(
        Defect.UNSUPPORTED_TEE_TYPE,
        "expected TEE type 0 (SGX)%s, found %d"
            .formatted(version >= 4 ? " or 129 (TDX)" : " in version 3", type));
  }

  private Report report(int version, Tee tee) throws MalformedException {
    int size =
        switch (version) {
          case 5 -> describedSize(tee);
          default -> tee == Tee.SGX ? EnclaveReport.SIZE : TdReport.SIZE_1_0;
        };
    Bytes body = in.bytes(size, "body");
    return switch (tee) {
      case SGX -> new EnclaveReport(body);
      case TDX -> new TdReport(body);
    };
  }

  /// Reads the body descriptor of version 5.
  private int describedSize(Tee tee) throws MalformedException {
    int type = in.u16le("body.type");
    int expected =
        switch (type) {
          case 1 -> EnclaveReport.SIZE;
          case 2 -> TdReport.SIZE_1_0;
          case 3 -> TdReport.SIZE_1_5;
          case 4 -> TdReport.SIZE_1_5_EXTENDED;
          default -> throw in.malformed("body.type", "1..4", String.valueOf(type));
        };
    if ((type == 1) != (tee == Tee.SGX)) {
      throw in.malformed("body.type", "a body of " + tee, "type " + type);
    }
    long size = in.u32le("body.size");
    if (size != expected) {
      throw in.malformed("body.size", String.valueOf(expected), String.valueOf(size));
    }
    return expected;
  }

  private static SignatureData signatureData(int version, ByteReader in)
      throws MalformedException, QuoteException {
    Bytes signature = in.bytes(SIGNATURE_SIZE, "signature");
    Bytes attestationKey = in.bytes(KEY_SIZE, "attestationKey");
    QeEvidence qe;
    if (version == 3) {
      qe = qeEvidence(in);
    } else {
      int type = in.u16le("certificationData.type");
      if (type != QE_REPORT_CERTIFICATION_DATA) {
        throw new QuoteException(
            Defect.UNSUPPORTED_CERTIFICATION_DATA,
            "expected outer certification data of type 6, found " + type);
      }
      ByteReader nested = in.slice(in.u32le("certificationData.size"), "certificationData");
      qe = qeEvidence(nested);
      nested.requireEnd("certificationData");
    }
    in.requireEnd("signatureData");
    requireSupported(qe.certificationDataType());
    return new SignatureData(signature, attestationKey, qe);
  }

  private static QeEvidence qeEvidence(ByteReader in) throws MalformedException {
    EnclaveReport report = new EnclaveReport(in.bytes(EnclaveReport.SIZE, "qeReport"));
    Bytes signature = in.bytes(SIGNATURE_SIZE, "qeReportSignature");
    Bytes authData = in.bytes(in.u16le("qeAuthDataSize"), "qeAuthData");
    int type = in.u16le("pckCertificationData.type");
    ByteReader data = in.slice(in.u32le("pckCertificationData.size"), "pckCertificationData");
    return new QeEvidence(report, signature, authData, type, data.rest());
  }

  /// Comes after all lengths: a wrong one can make anything look like a type.
  private static void requireSupported(int type) throws QuoteException {
    if (type < 1 || type > QeEvidence.PCK_CHAIN) {
      throw new QuoteException(
          Defect.UNSUPPORTED_CERTIFICATION_DATA,
          "expected certification data of type 1..5, found " + type);
    }
  }
}
