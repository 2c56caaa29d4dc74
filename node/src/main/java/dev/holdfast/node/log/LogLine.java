package dev.holdfast.node.log;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Frame;
import dev.holdfast.codec.Json;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.Crypto;
import dev.holdfast.crypto.Labels;
import dev.holdfast.crypto.SigningKey;
import dev.holdfast.node.log.LogFact.Kind;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.Document;
import java.util.Arrays;
import java.util.Set;

/// One line of a log file: a JSON object.
///
/// Spec: docs/spec/log.md#lines
public sealed interface LogLine {
  int MAX_BYTES = 1024;
  int HEAD_SIZE = 32;

  /// The head before the first entry, and after a gap.
  Bytes NO_HEAD = Bytes.zero(HEAD_SIZE);

  Set<String> ENTRY_MEMBERS =
      Set.of("sequence", "at", "kind", "account", "count", "detail", "head");
  Set<String> CHECKPOINT_MEMBERS = Set.of("kind", "account", "sequence", "head", "signature");

  long sequence();

  /// SHA-256 over the head before and this entry; a checkpoint repeats that of its last entry.
  Bytes head();

  String toLine();

  /// Entry number `sequence`, from 1 on.
  record Entry(long sequence, LogFact fact, Bytes head) implements LogLine {
    /// The entry that follows `previous`.
    public static Entry of(long sequence, LogFact fact, Bytes previous) {
      return new Entry(sequence, fact, head(sequence, fact, previous));
    }

    /// True when this is what follows `previous`.
    public boolean follows(Bytes previous) {
      return head.equals(head(sequence, fact, previous));
    }

    private static Bytes head(long sequence, LogFact fact, Bytes previous) {
      return Frame.of(Labels.LOG_ENTRY)
          .add(previous)
          .add(sequence)
          .add(fact.at().getEpochSecond())
          .add(fact.kind().code())
          .add(fact.account().bytes())
          .add(fact.count())
          .add(fact.detail())
          .toBytes()
          .sha256();
    }

    @Override
    public String toLine() {
      return JsonWriter.object()
          .put("sequence", sequence)
          .put("at", fact.at().toString())
          .put("kind", fact.kind().code())
          .put("account", fact.account().bytes())
          .put("count", fact.count())
          .put("detail", fact.detail())
          .put("head", head)
          .toString();
    }
  }

  /// The account's signature over all entries up to `sequence`.
  record Checkpoint(AccountId account, long sequence, Bytes head, Bytes signature)
      implements LogLine {
    private static final String KIND = "checkpoint";

    public static Checkpoint sign(
        Crypto crypto, SigningKey key, AccountId account, long sequence, Bytes head) {
      return new Checkpoint(
          account, sequence, head, crypto.sign(key, statement(account, sequence, head)));
    }

    public boolean isSigned(Crypto crypto) {
      return crypto.verify(account.key(), statement(account, sequence, head), signature);
    }

    private static Bytes statement(AccountId account, long sequence, Bytes head) {
      return Frame.of(Labels.LOG_CHECKPOINT_SIGNATURE)
          .add(account.bytes())
          .add(sequence)
          .add(head)
          .toBytes();
    }

    @Override
    public String toLine() {
      return JsonWriter.object()
          .put("kind", KIND)
          .put("account", account.bytes())
          .put("sequence", sequence)
          .put("head", head)
          .put("signature", signature)
          .toString();
    }
  }

  /// @throws MalformedException when it is no line of a log
  static LogLine parse(Bytes line) throws MalformedException {
    if (line.size() > MAX_BYTES) {
      throw new MalformedException(
          "log", 0, "line", "at most " + MAX_BYTES + " bytes", line.size() + " bytes");
    }
    JsonObject object = Json.parse(line).asObject();
    String kind = object.string("kind");
    AccountId account = AccountId.read(object, "account");
    Bytes head = object.base64Url("head", HEAD_SIZE);
    if (kind.equals(Checkpoint.KIND)) {
      object.requireOnly(CHECKPOINT_MEMBERS);
      return new Checkpoint(
          account,
          object.integer("sequence", 0, Document.MAX_COUNTER),
          head,
          object.base64Url("signature", Crypto.SIGNATURE_SIZE));
    }
    object.requireOnly(ENTRY_MEMBERS);
    return new Entry(Document.counter(object, "sequence"), fact(object, kind, account), head);
  }

  private static LogFact fact(JsonObject object, String kind, AccountId account)
      throws MalformedException {
    Kind known =
        Arrays.stream(Kind.values())
            .filter(one -> one.code().equals(kind))
            .findAny()
            .orElseThrow(() -> new MalformedException("log", 0, "kind", "a known kind", "another"));
    try {
      return new LogFact(
          object.instant("at"),
          known,
          account,
          Document.counter(object, "count"),
          object.string("detail"));
    } catch (IllegalArgumentException e) {
      throw new MalformedException("log", 0, "detail", "a short plain text", "another");
    }
  }
}
