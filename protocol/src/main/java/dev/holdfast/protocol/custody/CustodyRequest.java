package dev.holdfast.protocol.custody;

import dev.holdfast.attestation.Collateral;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.EnvelopeKey;
import dev.holdfast.protocol.Document;
import dev.holdfast.protocol.Limits;
import dev.holdfast.protocol.Posture;
import dev.holdfast.protocol.ReportData;
import dev.holdfast.protocol.SharingTerms;
import dev.holdfast.protocol.run.StoreMark;
import dev.holdfast.protocol.statement.SignedStatement;
import java.util.Optional;
import java.util.Set;

/// What a locked node asks its custodians, in a file that anybody may carry: everything that a
/// custodian needs to judge it without a network, and nothing secret.
///
/// Spec: docs/spec/custody.md#request
public record CustodyRequest(
    Posture posture,
    SharingTerms terms,
    Custody custody,
    Collateral originCollateral,
    Asked asked,
    Shown shown) {
  /// Two sets of collateral and two quotes, in base64url.
  public static final int MAX_SIZE = 1024 * 1024;

  private static final String TYPE = "custodian-request";
  private static final Set<String> MEMBERS =
      Set.of(
          "posture",
          "terms",
          "custody",
          "originCollateral",
          "requestId",
          "responseKey",
          "store",
          "quote",
          "collateral",
          "statement");

  /// To whom shares are to be sealed, and for which store.
  ///
  /// @param requestId drawn by the run that asks: an approval is of use to no other
  /// @param mark how the locked store stands, as far as it can be read without its key; the node
  ///   opens no other with the key
  public record Asked(Bytes requestId, EnvelopeKey responseKey, StoreMark mark) {
    public static final int REQUEST_ID_SIZE = 32;
  }

  /// The evidence for it, and the release statement that the node knows.
  public record Shown(Bytes quote, Collateral collateral, Optional<Bytes> statement) {}

  /// What a quote for `asked` must be bound to.
  public static Bytes reportData(SharingTerms terms, Custody custody, Asked asked) {
    return ReportData.custodianRecovery(
        terms,
        asked.responseKey(),
        asked.requestId(),
        custody.terms().digest(terms),
        asked.mark().digest());
  }

  public Bytes reportData() {
    return reportData(terms, custody, asked);
  }

  public Bytes toBytes() {
    JsonWriter out =
        Document.of(TYPE)
            .put("posture", posture.toBytes())
            .put("terms", terms.write(JsonWriter.object()))
            .put("custody", custody.toJson())
            .put("originCollateral", originCollateral.toJson())
            .put("requestId", asked.requestId())
            .put("responseKey", asked.responseKey().encoded())
            .put("store", asked.mark().write(JsonWriter.object()))
            .put("quote", shown.quote())
            .put("collateral", shown.collateral().toJson());
    shown.statement().ifPresent(statement -> out.put("statement", statement));
    return out.toBytes();
  }

  /// Checks the form, and that what is named by digest is what is there.
  public static CustodyRequest parse(Bytes bytes) throws MalformedException {
    JsonObject object = Document.parse(TYPE, MAX_SIZE, bytes, MEMBERS);
    Posture posture = Posture.parse(object.base64UrlUpTo("posture", Posture.MAX_SIZE));
    JsonObject inner = object.object("terms");
    inner.requireOnly(SharingTerms.MEMBERS);
    SharingTerms terms = SharingTerms.read(inner);
    if (!posture.digest().equals(terms.posture())) {
      throw object.member("posture").mismatch("the posture of the terms", "another");
    }
    Collateral origin = collateral(object, "originCollateral");
    if (!origin.digest().equals(terms.origin().collateralDigest())) {
      throw object.member("originCollateral").mismatch("what the origin names", "another");
    }
    Asked asked =
        new Asked(
            object.base64Url("requestId", Asked.REQUEST_ID_SIZE),
            EnvelopeKey.parse(object.base64Url("responseKey", EnvelopeKey.SIZE)),
            mark(object.object("store")));
    Optional<Bytes> statement =
        object.has("statement")
            ? Optional.of(object.base64UrlUpTo("statement", SignedStatement.MAX_SIZE))
            : Optional.empty();
    return new CustodyRequest(
        posture,
        terms,
        Custody.read(object.object("custody")),
        origin,
        asked,
        new Shown(
            object.base64UrlUpTo("quote", Limits.QUOTE_MAX_BYTES),
            collateral(object, "collateral"),
            statement));
  }

  private static StoreMark mark(JsonObject object) throws MalformedException {
    object.requireOnly(StoreMark.MEMBERS);
    return StoreMark.read(object);
  }

  private static Collateral collateral(JsonObject object, String name) throws MalformedException {
    return Collateral.parse(object.base64UrlUpTo(name, Limits.COLLATERAL_MAX_BYTES));
  }
}
