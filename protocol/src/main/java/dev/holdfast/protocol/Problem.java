package dev.holdfast.protocol;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Json;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import java.util.Optional;
import java.util.Set;

/// A refusal (`application/problem+json`). `detail` is there only for a requester who may know it;
/// strangers get the code. `statement` is what somebody signed and what the refusal rests on: the
/// provider's word that it holds no deposit beside [ProblemCode#UNKNOWN_ACCOUNT], the account's own
/// later claim or witness beside [ProblemCode#CLAIM_LOST], [ProblemCode#WITNESS_WENT_BACK] and
/// [ProblemCode#WITNESS_FORKED].
///
/// Spec: docs/spec/protocol.md#problems
public record Problem(ProblemCode code, Optional<String> detail, Optional<SignedBody> statement) {
  public static final int MAX_SIZE = 4 * 1024;
  public static final int MAX_DETAIL_CHARACTERS = 512;
  public static final String CONTENT_TYPE = "application/problem+json";

  private static final String TYPE_PREFIX = "urn:holdfast:problem:";
  private static final Set<String> STATEMENT_MEMBERS = Set.of("body", "signature");
  private static final Set<String> MEMBERS =
      Set.of("type", "title", "status", "code", "detail", "statement", "retryable");

  public Problem {
    detail = detail.map(Problem::printable);
  }

  public static Problem of(ProblemCode code) {
    return new Problem(code, Optional.empty(), Optional.empty());
  }

  public static Problem of(ProblemCode code, String detail) {
    return new Problem(code, Optional.of(detail), Optional.empty());
  }

  public Problem withStatement(SignedBody signed) {
    return new Problem(code, detail, Optional.of(signed));
  }

  public Bytes toBytes() {
    JsonWriter out =
        JsonWriter.object()
            .put("type", TYPE_PREFIX + code.code())
            .put("title", code.title())
            .put("status", code.status())
            .put("code", code.code());
    detail.ifPresent(text -> out.put("detail", text));
    statement.ifPresent(signed -> out.put("statement", signed.write(JsonWriter.object())));
    return out.put("retryable", code.retryable()).toBytes();
  }

  /// @throws MalformedException when the bytes are no problem of a known code
  public static Problem parse(Bytes bytes) throws MalformedException {
    if (bytes.size() > MAX_SIZE) {
      throw new MalformedException(
          "problem", 0, "size", "at most " + MAX_SIZE + " bytes", bytes.size() + " bytes");
    }
    JsonObject object = Json.parse(bytes).asObject();
    object.requireOnly(MEMBERS);
    ProblemCode code =
        ProblemCode.of(object.string("code"))
            .orElseThrow(() -> object.mismatch("a known code", "another"));
    Optional<String> detail = Optional.empty();
    if (object.has("detail")) {
      detail = Optional.of(object.string("detail"));
    }
    Optional<SignedBody> statement = Optional.empty();
    if (object.has("statement")) {
      JsonObject signed = object.object("statement");
      signed.requireOnly(STATEMENT_MEMBERS);
      statement = Optional.of(SignedBody.read(signed, MAX_SIZE));
    }
    return new Problem(code, detail, statement);
  }

  /// Text of a peer ends in logs and on terminals: only printable ASCII, and not much of it.
  public static String printable(String text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < Math.min(text.length(), MAX_DETAIL_CHARACTERS); i++) {
      char c = text.charAt(i);
      out.append(c >= ' ' && c <= '~' ? c : '?');
    }
    return out.toString();
  }

  /// The code, and the detail if there is one.
  @Override
  public String toString() {
    return detail.map(text -> code.code() + ": " + text).orElse(code.code());
  }
}
