package dev.holdfast.attestation.tcb;

import dev.holdfast.attestation.quote.EnclaveReport;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Json;
import dev.holdfast.codec.JsonValue;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.MalformedException;
import java.util.List;
import java.util.Optional;

/// The vendor's description of one of its enclaves; `levels` are sorted, the highest first.
///
/// Spec: docs/spec/attestation.md#qe-identity
public record QeIdentity(Id id, Issue issue, Enclave enclave, List<IsvLevel> levels) {
  public QeIdentity {
    levels = List.copyOf(levels);
  }

  /// The enclaves that the vendor describes in this form.
  public enum Id {
    QE,
    TD_QE,
    QVE,
    QAE
  }

  /// What the enclave's report must say. A field under a mask is compared with the unmasked value
  /// here, as the vendor does.
  public record Enclave(
      Bytes miscSelect,
      Bytes miscSelectMask,
      Bytes attributes,
      Bytes attributesMask,
      Bytes mrSigner,
      int isvProdId) {}

  /// Parses the inner object of version 2, exactly as signed.
  public static QeIdentity parse(Bytes json) throws MalformedException {
    JsonObject document = Json.parse(json).asObject();
    document.integer("version", 2, 2);
    Enclave enclave =
        new Enclave(
            document.hex("miscselect", 4),
            document.hex("miscselectMask", 4),
            document.hex("attributes", 16),
            document.hex("attributesMask", 16),
            document.hex("mrsigner", 32),
            (int) document.integer("isvprodid", 0, 0xffff));
    return new QeIdentity(
        id(document), Fields.issue(document), enclave, Fields.isvLevels(document));
  }

  /// The first field of `report` that is not as described, in words. A debuggable enclave never is,
  /// whatever the mask leaves open.
  public Optional<String> firstDifference(EnclaveReport report) {
    if (!masked(report.miscSelect(), enclave.miscSelectMask).equals(enclave.miscSelect)) {
      return Optional.of(
          "MISCSELECT is %s, needs %s".formatted(report.miscSelect(), enclave.miscSelect));
    }
    if (!masked(report.attributes(), enclave.attributesMask).equals(enclave.attributes)) {
      return Optional.of(
          "ATTRIBUTES is %s, needs %s".formatted(report.attributes(), enclave.attributes));
    }
    if (!report.mrSigner().equals(enclave.mrSigner)) {
      return Optional.of("MRSIGNER is %s, needs %s".formatted(report.mrSigner(), enclave.mrSigner));
    }
    if (report.isvProdId() != enclave.isvProdId) {
      return Optional.of(
          "ISVPRODID is %d, needs %d".formatted(report.isvProdId(), enclave.isvProdId));
    }
    return report.debug() ? Optional.of("it is a debug enclave") : Optional.empty();
  }

  private static Id id(JsonObject document) throws MalformedException {
    JsonValue value = document.member("id");
    return switch (value.asString()) {
      case "QE" -> Id.QE;
      case "TD_QE" -> Id.TD_QE;
      case "QVE" -> Id.QVE;
      case "QAE" -> Id.QAE;
      default -> throw value.mismatch("an enclave of the vendor", "another id");
    };
  }

  private static Bytes masked(Bytes value, Bytes mask) {
    byte[] out = value.toArray();
    for (int i = 0; i < out.length; i++) {
      out[i] = (byte) (out[i] & mask.at(i));
    }
    return Bytes.copyOf(out);
  }
}
