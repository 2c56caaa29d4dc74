package dev.holdfast.entropy.development;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Json;
import dev.holdfast.codec.JsonValue;
import dev.holdfast.codec.JsonValue.JsonArray;
import dev.holdfast.codec.JsonValue.JsonNull;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.JsonValue.JsonString;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.entropy.account.Account;
import dev.holdfast.entropy.chain.StorageKey;
import dev.holdfast.entropy.hash.Blake2;
import dev.holdfast.entropy.scale.ScaleReader;
import dev.holdfast.entropy.scale.ScaleWriter;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/// A development chain behind one WebSocket endpoint on the loopback address.
///
/// Several may serve one chain, each with its own [ChainFault].
public final class ChainStub implements AutoCloseable {
  private static final long SPEC_VERSION = 400;
  private static final long TRANSACTION_VERSION = 9;
  private static final int MAX_PARAMETERS = 8;
  private static final int MAX_EXTRINSIC = 64 * 1024;
  private static final Bytes REQUEST_ATTESTATION = Bytes.copyOf(new byte[] {58, 1});
  private static final String UNKNOWN_METHOD = "-32601";

  private final DevelopmentChain chain;
  private final Bytes metadata;
  private final WebSocketServer server;
  private final List<Bytes> submitted = new CopyOnWriteArrayList<>();
  private volatile ChainFault fault = ChainFault.NONE;

  private ChainStub(DevelopmentChain chain, Bytes metadata, int port) throws IOException {
    this.chain = chain;
    this.metadata = metadata;
    this.server = WebSocketServer.start(port, this::answer);
  }

  /// Serves with own metadata on `port`, a free one for 0.
  public static ChainStub start(DevelopmentChain chain, int port) throws IOException {
    return new ChainStub(chain, DevelopmentMetadata.write(), port);
  }

  /// Serves with the metadata of a real runtime, which clients of the original need.
  public static ChainStub start(DevelopmentChain chain, int port, Bytes metadata)
      throws IOException {
    return new ChainStub(chain, metadata, port);
  }

  public int port() {
    return server.port();
  }

  /// What this endpoint does from now on, to open connections too.
  public void fault(ChainFault next) {
    fault = next;
  }

  /// Ends every connection; new ones are taken.
  public void dropConnections() {
    server.dropConnections();
  }

  /// Leaves every connection open and answers nothing on it any more; new ones are served.
  public void freezeConnections() {
    server.freezeConnections();
  }

  /// Tells every subscriber of the newest finalised block.
  public void announce() {
    server.broadcast(
        JsonWriter.object()
            .put("jsonrpc", "2.0")
            .put("method", "chain_finalizedHead")
            .put(
                "params",
                JsonWriter.object()
                    .put("subscription", "finalised")
                    .put("result", chain.finalisedBlock().header()))
            .toString());
  }

  /// The extrinsics that were handed in, as they came.
  public List<Bytes> submitted() {
    return List.copyOf(submitted);
  }

  @Override
  public void close() {
    server.close();
  }

  private Optional<String> answer(String request) throws IOException {
    switch (fault) {
      case SILENT -> {
        return Optional.empty();
      }
      case DROPPING -> throw new IOException("as asked");
      case MALFORMED -> {
        return Optional.of("{\"jsonrpc\":\"2.0\",");
      }
      case OVERSIZED -> {
        return Optional.of("\"" + "0".repeat(3 * 1024 * 1024) + "\"");
      }
      case NONE, OTHER_GENESIS, OTHER_METADATA_VERSION, OTHER_TYPES, LYING, REFUSING -> {}
    }
    try {
      JsonObject object = Json.parse(Bytes.utf8(request)).asObject();
      return Optional.of(
          reply(object)
              .put("jsonrpc", "2.0")
              .put("id", object.integer("id", 0, Long.MAX_VALUE))
              .toString());
    } catch (MalformedException e) {
      throw new IOException("no JSON-RPC", e);
    }
  }

  private JsonWriter reply(JsonObject request) throws MalformedException {
    JsonArray parameters =
        request.has("params")
            ? request.array("params", MAX_PARAMETERS)
            : new JsonArray(request.path(), 0, 0, List.of());
    Optional<String> result =
        fault == ChainFault.REFUSING
            ? Optional.empty()
            : result(request.string("method"), parameters.items());
    return result.isPresent()
        ? JsonWriter.object().raw("result", result.get())
        : JsonWriter.object()
            .raw("error", "{\"code\":" + UNKNOWN_METHOD + ",\"message\":\"refused\"}");
  }

  /// The result as JSON; empty for an unknown method.
  private Optional<String> result(String method, List<JsonValue> parameters)
      throws MalformedException {
    return switch (method) {
      case "chain_getBlockHash" -> Optional.of(blockHash(parameters));
      case "chain_getFinalizedHead" -> Optional.of(quoted(chain.finalisedBlock().hash()));
      case "chain_getHeader" ->
          Optional.of(block(parameters, 0).map(b -> b.header().toString()).orElse("null"));
      case "state_getRuntimeVersion" -> Optional.of(runtimeVersion());
      case "state_getStorage" -> Optional.of(storage(parameters));
      case "state_call" -> call(parameters);
      case "chain_subscribeFinalizedHeads" -> Optional.of("\"finalised\"");
      case "author_submitExtrinsic" -> {
        Bytes extrinsic = hex(parameters.getFirst());
        submitted.add(extrinsic);
        apply(extrinsic);
        yield Optional.of(quoted(Blake2.b(32, extrinsic)));
      }
      default -> Optional.empty();
    };
  }

  /// `request_attestation` takes effect in the next block; other calls are only remembered.
  private void apply(Bytes extrinsic) throws MalformedException {
    ScaleReader outer = ScaleReader.of("extrinsic", extrinsic);
    ScaleReader in = ScaleReader.of("extrinsic", outer.byteList(MAX_EXTRINSIC, "extrinsic"));
    in.bytes(2, "version and kind of address");
    Account signer = new Account(in.bytes(Account.SIZE, "signer"));
    Bytes rest = in.rest();
    if (rest.slice(rest.size() - 2, 2).equals(REQUEST_ATTESTATION)) {
      chain.put(StorageKey.PENDING_ATTESTATIONS.of(signer), Blake2.b(32, extrinsic));
    }
  }

  private String blockHash(List<JsonValue> parameters) throws MalformedException {
    if (parameters.isEmpty() || parameters.getFirst() instanceof JsonNull) {
      return quoted(chain.best().hash());
    }
    long number = parameters.getFirst().asInteger(0, Long.MAX_VALUE);
    if (number == 0 && fault == ChainFault.OTHER_GENESIS) {
      return quoted(Bytes.zero(32));
    }
    return chain.at(number).map(block -> quoted(block.hash())).orElse("null");
  }

  private String storage(List<JsonValue> parameters) throws MalformedException {
    Bytes key = hex(parameters.getFirst());
    Optional<Bytes> value =
        block(parameters, 1).flatMap(block -> Optional.ofNullable(block.storage().get(key)));
    return value
        .map(bytes -> quoted(fault == ChainFault.LYING ? changed(bytes) : bytes))
        .orElse("null");
  }

  private Optional<String> call(List<JsonValue> parameters) throws MalformedException {
    return switch (parameters.getFirst().asString()) {
      case "Metadata_metadata_at_version" -> Optional.of(metadata(hex(parameters.get(1))));
      case "AccountNonceApi_account_nonce" ->
          Optional.of(quoted(new ScaleWriter().u32(submitted.size()).toBytes()));
      default -> Optional.empty();
    };
  }

  private String metadata(Bytes version) throws MalformedException {
    if (!version.equals(Bytes.parseHex("0f000000"))) {
      return "\"0x00\"";
    }
    byte[] bytes = metadata.toArray();
    if (fault == ChainFault.OTHER_METADATA_VERSION) {
      bytes[4] = 13;
    }
    Bytes served = Bytes.copyOf(bytes);
    if (fault == ChainFault.OTHER_TYPES) {
      String other =
          served.toHex().replace(Bytes.utf8("endpoint").toHex(), Bytes.utf8("endpaint").toHex());
      served = Bytes.parseHex(other);
    }
    return quoted(new ScaleWriter().u8(1).byteList(served).toBytes());
  }

  private Optional<ChainBlock> block(List<JsonValue> parameters, int index)
      throws MalformedException {
    return parameters.size() <= index || parameters.get(index) instanceof JsonNull
        ? Optional.of(chain.best())
        : chain.at(hex(parameters.get(index)));
  }

  private static String runtimeVersion() {
    return JsonWriter.object()
        .put("specName", "entropy")
        .put("implName", "holdfast-development")
        .put("authoringVersion", 1)
        .put("specVersion", SPEC_VERSION)
        .put("implVersion", 1)
        .raw("apis", "[]")
        .put("transactionVersion", TRANSACTION_VERSION)
        .put("stateVersion", 1)
        .toString();
  }

  private static Bytes changed(Bytes bytes) {
    byte[] array = bytes.toArray();
    array[0] ^= 4;
    return Bytes.copyOf(array);
  }

  private static Bytes hex(JsonValue value) throws MalformedException {
    if (value instanceof JsonString string && string.value().startsWith("0x")) {
      return Bytes.parseHex(string.value().substring(2));
    }
    throw value.mismatch("0x and hexadecimal", value.kind());
  }

  private static String quoted(Bytes bytes) {
    return "\"0x" + bytes.toHex() + "\"";
  }
}
