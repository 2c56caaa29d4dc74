package dev.holdfast.protocol.run;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.protocol.Document;
import dev.holdfast.protocol.SignedBody;
import java.util.Optional;
import java.util.Set;

/// What a provider keeps of an account beside its deposits, and after they are gone: the highest
/// claim and the latest witness, as they were signed, and the generation below which everything was
/// retired (0 for none).
///
/// Spec: docs/spec/protocol.md#claims
public record RunRecord(
    Optional<Claim.Signed> claim, Optional<Witness.Signed> witness, long retired) {
  public static final RunRecord NONE = new RunRecord(Optional.empty(), Optional.empty(), 0);
  public static final int MAX_SIZE = 8 * 1024;

  private static final String TYPE = "run-record";
  private static final Set<String> MEMBERS = Set.of("claim", "witness", "retired");
  private static final Set<String> CLAIM_MEMBERS = Set.of("body", "signature");

  public RunRecord with(Claim.Signed next) {
    return new RunRecord(Optional.of(next), witness, retired);
  }

  public RunRecord with(Witness.Signed next) {
    return new RunRecord(claim, Optional.of(next), retired);
  }

  /// Everything below `generation` was retired.
  public RunRecord withRetired(long generation) {
    return new RunRecord(claim, witness, Math.max(retired, generation));
  }

  public Bytes toBytes() {
    JsonWriter out = Document.of(TYPE).put("retired", retired);
    claim.ifPresent(held -> out.put("claim", held.signed().write(JsonWriter.object())));
    witness.ifPresent(held -> out.put("witness", held.signed().write(JsonWriter.object())));
    return out.toBytes();
  }

  /// What a ledger holds of an account, which was accepted when it was written.
  public static RunRecord ofLedger(Optional<Bytes> entry) {
    try {
      return entry.isPresent() ? parse(entry.get()) : NONE;
    } catch (MalformedException e) {
      throw new InvariantError("the ledger holds what was accepted", e);
    }
  }

  public static RunRecord parse(Bytes bytes) throws MalformedException {
    JsonObject object = Document.parse(TYPE, MAX_SIZE, bytes, MEMBERS);
    Optional<Claim.Signed> claim = Optional.empty();
    if (object.has("claim")) {
      JsonObject signed = object.object("claim");
      signed.requireOnly(CLAIM_MEMBERS);
      claim = Optional.of(Claim.of(SignedBody.read(signed, Claim.MAX_BODY_SIZE)));
    }
    return new RunRecord(
        claim, Witness.readFrom(object), object.integer("retired", 0, Document.MAX_COUNTER));
  }
}
