package dev.holdfast.protocol.custody;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Frame;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.Crypto;
import dev.holdfast.crypto.EnvelopeException;
import dev.holdfast.crypto.EnvelopeKeys;
import dev.holdfast.crypto.Labels;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.crypto.Sharing;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.Document;
import dev.holdfast.protocol.posture.KeyQuorum;
import java.util.Set;

/// What a custodian gives to a request: its share, sealed to the VM that asked and to nobody else.
/// Not signed: the share is what shows that a custodian made it.
///
/// Spec: docs/spec/custody.md#approval
public record CustodyApproval(To to, Bytes custodian, Bytes sealed) {
  public static final int MAX_SIZE = 8 * 1024;

  private static final String TYPE = "custodian-approval";
  private static final Set<String> MEMBERS =
      Set.of("account", "generation", "requestId", "custodian", "sealed");
  private static final int SEALED_SIZE = Crypto.ENVELOPE_OVERHEAD + Sharing.SECRET_SIZE;

  /// Which request it answers.
  public record To(AccountId account, long generation, Bytes requestId) {}

  /// Seals `share` to the VM that asked; the share stays the caller's.
  public static CustodyApproval seal(
      Crypto crypto, CustodyRequest request, Bytes custodian, SecretBytes share) {
    To to =
        new To(
            request.terms().depositor(), request.terms().generation(), request.asked().requestId());
    Bytes sealed =
        crypto.seal(request.asked().responseKey(), info(to, custodian), Bytes.EMPTY, share);
    return new CustodyApproval(to, custodian, sealed);
  }

  /// The share, which the caller closes.
  ///
  /// @throws EnvelopeException when it was sealed to another key, or any of it was changed
  public SecretBytes open(Crypto crypto, EnvelopeKeys mine) throws EnvelopeException {
    return crypto.open(mine, info(to, custodian), Bytes.EMPTY, sealed);
  }

  private static Bytes info(To to, Bytes custodian) {
    return Frame.of(Labels.CUSTODY_APPROVAL_ENVELOPE)
        .add(to.account().bytes())
        .add(to.generation())
        .add(to.requestId())
        .add(custodian)
        .toBytes();
  }

  public Bytes toBytes() {
    return Document.of(TYPE)
        .put("account", to.account().bytes())
        .put("generation", to.generation())
        .put("requestId", to.requestId())
        .put("custodian", custodian)
        .put("sealed", sealed)
        .toBytes();
  }

  public static CustodyApproval parse(Bytes bytes) throws MalformedException {
    JsonObject object = Document.parse(TYPE, MAX_SIZE, bytes, MEMBERS);
    To to =
        new To(
            AccountId.read(object, "account"),
            Document.counter(object, "generation"),
            object.base64Url("requestId", CustodyRequest.Asked.REQUEST_ID_SIZE));
    return new CustodyApproval(
        to,
        object.base64Url("custodian", KeyQuorum.KEY_SIZE),
        object.base64Url("sealed", SEALED_SIZE));
  }
}
