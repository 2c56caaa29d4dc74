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
import dev.holdfast.node.model.NodeSnapshot;
import dev.holdfast.store.Name;
import dev.holdfast.store.SealedStore;
import dev.holdfast.store.Space;
import dev.holdfast.store.StoreException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// What the owner may do over the local socket: see the status, keep secrets in the sealed store,
/// stop the node. The whole table of routes.
///
/// Spec: docs/spec/local.md
final class LocalApi {
  /// Longest secret. The store takes more; a command line does not need it.
  static final int SECRET_MAX_BYTES = 1024 * 1024;

  private final EventLoop loop;
  private final StoreDesk desk;
  private final Function<NodeSnapshot, JsonWriter> status;
  private final Runnable shutdown;

  LocalApi(
      EventLoop loop,
      StoreDesk desk,
      Function<NodeSnapshot, JsonWriter> status,
      Runnable shutdown) {
    this.loop = loop;
    this.desk = desk;
    this.status = status;
    this.shutdown = shutdown;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/v1/status", request -> Reply.json(status.apply(snapshot()))),
        Route.get("/v1/secrets", request -> list()),
        Route.get("/v1/secrets/{name}", this::get),
        Route.put("/v1/secrets/{name}", SECRET_MAX_BYTES, this::put),
        Route.delete("/v1/secrets/{name}", this::delete),
        Route.post("/v1/shutdown", 0, request -> stop()));
  }

  private Reply stop() {
    shutdown.run();
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
      return Reply.noContent();
    } catch (StoreException e) {
      throw failed(e);
    }
  }

  private Reply delete(Request request) throws RequestException {
    Name name = name(request);
    try {
      return writable().delete(Space.USER, name)
          ? Reply.noContent()
          : LocalCode.NO_SUCH_SECRET.reply("there is no secret of this name");
    } catch (StoreException e) {
      throw failed(e);
    }
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
    return loop.snapshot()
        .orElseThrow(() -> new RequestException(LocalCode.STARTING.reply("the node is starting")));
  }

  private SealedStore readable() throws RequestException {
    NodeSnapshot snapshot = snapshot();
    Optional<SealedStore> store = desk.store();
    if (!snapshot.storeOpen() || store.isEmpty()) {
      throw new RequestException(LocalCode.LOCKED.reply(snapshot.sentence()));
    }
    return store.get();
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
