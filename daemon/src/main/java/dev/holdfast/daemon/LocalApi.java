package dev.holdfast.daemon;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.daemon.http.Reply;
import dev.holdfast.daemon.http.Request;
import dev.holdfast.daemon.http.RequestException;
import dev.holdfast.daemon.http.Route;
import dev.holdfast.daemon.local.LocalCode;
import dev.holdfast.daemon.runtime.EventLoop;
import dev.holdfast.daemon.runtime.StoreDesk;
import dev.holdfast.node.model.Input;
import dev.holdfast.node.model.MemberImage;
import dev.holdfast.node.model.NodeSnapshot;
import dev.holdfast.node.model.NodeSnapshot.DrillReport;
import dev.holdfast.node.work.Gate;
import dev.holdfast.node.work.StatementShelf;
import dev.holdfast.protocol.custody.CustodyApproval;
import dev.holdfast.protocol.statement.ReleaseStatement;
import dev.holdfast.protocol.statement.RollbackAcceptance;
import dev.holdfast.protocol.statement.SignedStatement;
import dev.holdfast.store.CheckProgress;
import dev.holdfast.store.Name;
import dev.holdfast.store.SealedStore;
import dev.holdfast.store.Space;
import dev.holdfast.store.StoreException;
import dev.holdfast.store.StoreWitness;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/// What the owner may do over the local socket: see the status, keep secrets in the sealed store,
/// stop the node. The whole table of routes.
///
/// Spec: docs/spec/local.md
final class LocalApi {
  /// Longest secret. The store takes more; a command line does not need it.
  static final int SECRET_MAX_BYTES = 1024 * 1024;

  private static final Duration WITNESS_DEADLINE = Duration.ofSeconds(10);
  private static final Duration DRILL_DEADLINE = Duration.ofSeconds(25);
  private static final Duration ACCEPTANCE_DEADLINE = Duration.ofSeconds(5);

  private final EventLoop loop;
  private final StoreDesk desk;
  private final StatementShelf statements;
  private final boolean everyCommit;
  private final Function<NodeSnapshot, JsonWriter> status;
  private final Runnable shutdown;
  private final CustodyApi custody;

  LocalApi(
      EventLoop loop,
      StoreDesk desk,
      StatementShelf statements,
      boolean everyCommit,
      Function<NodeSnapshot, JsonWriter> status,
      Runnable shutdown) {
    this.loop = loop;
    this.desk = desk;
    this.statements = statements;
    this.everyCommit = everyCommit;
    this.status = status;
    this.shutdown = shutdown;
    this.custody = new CustodyApi(loop);
  }

  List<Route> routes() {
    return List.of(
        Route.get("/v1/status", request -> Reply.json(status.apply(snapshot()))),
        Route.get("/v1/secrets", request -> list()),
        Route.get("/v1/secrets/{name}", this::get),
        Route.put("/v1/secrets/{name}", SECRET_MAX_BYTES, this::put),
        Route.delete("/v1/secrets/{name}", this::delete),
        Route.get("/v1/store", request -> stats()),
        Route.post("/v1/store/check", 0, request -> check()),
        Route.get("/v1/statement", request -> statement()),
        Route.put("/v1/statement", SignedStatement.MAX_SIZE, this::takeStatement),
        Route.post("/v1/statement/what-if", SignedStatement.MAX_SIZE, this::whatIf),
        Route.get("/v1/rollback", request -> rollback()),
        Route.post("/v1/rollback", SignedStatement.MAX_SIZE, this::acceptRollback),
        Route.post("/v1/custody/request", 0, request -> custody.request()),
        Route.post("/v1/custody/approve", CustodyApproval.MAX_SIZE, custody::approve),
        Route.post("/v1/rotate", 0, request -> rotate()),
        Route.post("/v1/drill", 0, request -> drill()),
        Route.post("/v1/leave", 0, request -> leave()),
        Route.post("/v1/shutdown", 0, request -> stop()));
  }

  private Reply stop() {
    shutdown.run();
    return Reply.noContent();
  }

  /// Only a node that serves its users has anything to rotate.
  private Reply rotate() throws RequestException, InterruptedException {
    writable();
    loop.post(new Input.RotationRequested());
    return Reply.noContent();
  }

  private Reply drill() throws RequestException, InterruptedException {
    readable();
    long before = loop.snapshot().flatMap(NodeSnapshot::drill).map(DrillReport::number).orElse(0L);
    loop.post(new Input.DrillRequested());
    boolean ended =
        loop.await(
            now -> now.drill().filter(report -> report.number() > before).isPresent(),
            DRILL_DEADLINE);
    if (!ended) {
      throw new RequestException(
          LocalCode.NOT_BACKED_UP.reply("no rehearsal could be made: " + snapshot().sentence()));
    }
    return Reply.json(StatusDocument.drill(snapshot().drill().orElseThrow()));
  }

  private Reply stats() throws RequestException {
    try {
      SealedStore store = opened(snapshot());
      SealedStore.Stats stats = store.stats();
      StoreWitness own = store.witness();
      StoreWitness ledger = store.ledgerWitness();
      JsonWriter records = JsonWriter.object();
      for (Space space : Space.values()) {
        records.put(space.name().toLowerCase(Locale.ROOT), stats.records().getOrDefault(space, 0L));
      }
      return Reply.json(
          JsonWriter.object()
              .put("version", own.version())
              .put("ledgerVersion", ledger.version())
              .put("records", records)
              .put("generations", store.generations().size())
              .put("dataKeys", stats.dataKeys())
              .put("diskBytes", stats.diskBytes()));
    } catch (StoreException e) {
      throw failed(e);
    }
  }

  private Reply check() throws RequestException {
    try {
      return Reply.json(
          JsonWriter.object().put("checkedRecords", opened(snapshot()).check(CheckProgress.NONE)));
    } catch (StoreException e) {
      throw failed(e);
    }
  }

  private Reply leave() throws InterruptedException {
    loop.post(new Input.LeaveRequested());
    return Reply.noContent();
  }

  private Reply list() throws RequestException {
    try {
      List<String> names =
          readable().list(Space.USER).stream().map(name -> name.bytes().toBase64Url()).toList();
      return Reply.json(JsonWriter.object().putStrings("names", names));
    } catch (StoreException e) {
      throw failed(e);
    }
  }

  private Reply get(Request request) throws RequestException {
    Name name = name(request);
    try {
      return readable()
          .get(Space.USER, name)
          .map(Reply::secret)
          .orElseGet(() -> LocalCode.NO_SUCH_SECRET.reply("there is no secret of this name"));
    } catch (StoreException e) {
      throw failed(e);
    }
  }

  private Reply put(Request request) throws RequestException {
    Name name = name(request);
    try (SecretBytes value = request.takeSecretBody()) {
      writable().put(Space.USER, name, value);
      return written();
    } catch (StoreException e) {
      throw failed(e);
    }
  }

  private Reply delete(Request request) throws RequestException {
    Name name = name(request);
    try {
      return writable().delete(Space.USER, name)
          ? written()
          : LocalCode.NO_SUCH_SECRET.reply("there is no secret of this name");
    } catch (StoreException e) {
      throw failed(e);
    }
  }

  /// Tells the node; in mode every-commit an answer is given only when a quorum has acknowledged.
  private Reply written() throws RequestException {
    try {
      long version = desk.mark().storeVersion();
      if (desk.noteUserWrite()) {
        loop.post(new Input.StoreChanged());
      }
      if (everyCommit && !loop.await(s -> s.witnessed() >= version, WITNESS_DEADLINE)) {
        throw new RequestException(
            LocalCode.NOT_WITNESSED.reply(
                "it is stored durably here, and no quorum of providers has acknowledged it yet:"
                    + " repeat it to be sure, or see the status"));
      }
      return Reply.noContent();
    } catch (IOException e) {
      throw new RequestException(LocalCode.STORE_FAILED.reply(String.valueOf(e.getMessage())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RequestException(LocalCode.NOT_WITNESSED.reply("the node is stopping"));
    }
  }

  private Reply statement() throws RequestException {
    return Reply.json(
        statements
            .bytes()
            .orElseThrow(() ->
                new RequestException(
                    LocalCode.NO_STATEMENT.reply("no release statement was published"))));
  }

  private Reply takeStatement(Request request) throws RequestException, InterruptedException {
    if (!statements.offer(request.body())) {
      throw new RequestException(
          LocalCode.STATEMENT_REFUSED.reply(
              "expected a release statement of a serial above %d, signed by enough of the release"
                      .formatted(statements.serial())
                  + " keys that the posture names"));
    }
    loop.post(new Input.Tick());
    return Reply.noContent();
  }

  /// Whom a statement, signed or not, would let run. Asks nobody and changes nothing.
  private Reply whatIf(Request request) throws RequestException {
    ReleaseStatement statement;
    try {
      statement = ReleaseStatement.parse(SignedStatement.parse(request.body()).body());
    } catch (MalformedException e) {
      throw new RequestException(LocalCode.STATEMENT_REFUSED.reply(String.valueOf(e.getMessage())));
    }
    List<JsonWriter> members = new ArrayList<>();
    for (MemberImage member : loop.gate().map(Gate::members).orElse(List.of())) {
      Optional<ReleaseStatement.Use> use = statement.useOf(member.role(), member.report());
      members.add(
          JsonWriter.object()
              .put("account", member.account().toString())
              .put("name", member.labels().name())
              .put("role", member.role())
              .put("imageVersion", member.imageVersion())
              .put("verdict", use.map(ReleaseStatement.Use::code).orElse("refused")));
    }
    return Reply.json(
        JsonWriter.object().put("serial", statement.serial()).putObjects("members", members));
  }

  /// What the release keys would have to sign.
  private Reply rollback() throws RequestException {
    return Reply.json(SignedStatement.unsigned(demanded().toBytes()).toBytes());
  }

  private RollbackAcceptance demanded() throws RequestException {
    return snapshot()
        .rollback()
        .orElseThrow(() ->
            new RequestException(
                LocalCode.NOTHING_TO_ACCEPT.reply("this store is not found to have gone back")));
  }

  private Reply acceptRollback(Request request) throws RequestException, InterruptedException {
    SignedStatement statement;
    try {
      statement = SignedStatement.parse(request.body());
    } catch (MalformedException e) {
      throw new RequestException(
          LocalCode.ACCEPTANCE_REFUSED.reply(String.valueOf(e.getMessage())));
    }
    if (!demanded().toBytes().equals(statement.body())) {
      throw new RequestException(
          LocalCode.ACCEPTANCE_REFUSED.reply(
              "it accepts another state than this store and its providers are in"));
    }
    loop.post(new Input.RollbackAcceptanceGiven(statement));
    if (!loop.await(now -> now.rollback().isEmpty(), ACCEPTANCE_DEADLINE)) {
      throw new RequestException(
          LocalCode.ACCEPTANCE_REFUSED.reply(
              "too few of the release keys that the posture names have signed it"));
    }
    return Reply.noContent();
  }

  private static Name name(Request request) throws RequestException {
    try {
      return Name.of(Bytes.parseBase64Url(request.parameter()));
    } catch (MalformedException | IllegalArgumentException e) {
      throw new RequestException(
          LocalCode.NAME_INVALID.reply("a name has 1 to " + Name.MAX_BYTES + " bytes"));
    }
  }

  private NodeSnapshot snapshot() throws RequestException {
    return snapshot(loop);
  }

  /// Where the node stands, once it has taken a step.
  static NodeSnapshot snapshot(EventLoop loop) throws RequestException {
    return loop.snapshot()
        .orElseThrow(() -> new RequestException(LocalCode.STARTING.reply("the node is starting")));
  }

  private SealedStore opened(NodeSnapshot snapshot) throws RequestException {
    Optional<SealedStore> store = desk.store();
    if (!snapshot.storeOpen() || store.isEmpty()) {
      throw new RequestException(LocalCode.LOCKED.reply(snapshot.sentence()));
    }
    return store.get();
  }

  private SealedStore readable() throws RequestException {
    NodeSnapshot snapshot = snapshot();
    SealedStore store = opened(snapshot);
    if (!snapshot.users().mayRead()) {
      throw new RequestException(LocalCode.UNCONFIRMED.reply(snapshot.sentence()));
    }
    return store;
  }

  private SealedStore writable() throws RequestException {
    SealedStore store = readable();
    NodeSnapshot snapshot = snapshot();
    if (!snapshot.acceptsUserWrites()) {
      throw new RequestException(LocalCode.NOT_BACKED_UP.reply(snapshot.sentence()));
    }
    return store;
  }

  private static RequestException failed(StoreException e) {
    return new RequestException(LocalCode.STORE_FAILED.reply(String.valueOf(e.getMessage())));
  }
}
