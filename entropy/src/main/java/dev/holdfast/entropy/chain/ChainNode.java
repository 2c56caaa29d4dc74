package dev.holdfast.entropy.chain;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.JsonValue;
import dev.holdfast.codec.JsonValue.JsonNull;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.entropy.chain.ChainException.Kind;
import dev.holdfast.entropy.scale.ScaleReader;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/// One endpoint of a chain: its connection, made anew when it broke, and that it serves the pinned
/// chain with a known runtime, checked at each connection and whenever the runtime changes.
/// Thread-safe.
final class ChainNode implements AutoCloseable {
  static final int HASH_SIZE = 32;

  private static final int MAX_VALUE = 512 * 1024;
  private static final Pattern NUMBER = Pattern.compile("0x[0-9a-f]{1,8}");
  private static final String METADATA = "\"Metadata_metadata_at_version\"";
  private static final String VERSION_15 = "\"0x0f000000\"";

  private final HttpClient client;
  private final ChainEndpoint endpoint;
  private final Bytes genesis;
  private final Duration deadline;
  private Optional<JsonRpc> connection = Optional.empty();
  private Optional<Release> known = Optional.empty();

  ChainNode(HttpClient client, ChainEndpoint endpoint, Bytes genesis, Duration deadline) {
    this.client = client;
    this.endpoint = endpoint;
    this.genesis = genesis;
    this.deadline = deadline;
  }

  /// A block by number and hash.
  record Block(long number, Bytes hash) {}

  /// What an extrinsic is made for.
  record Release(long specVersion, long transactionVersion, Metadata metadata) {}

  /// The newest finalised block.
  Block finalisedHead() throws ChainException, InterruptedException {
    JsonRpc rpc = rpc();
    Bytes hash = hash(rpc.call("chain_getFinalizedHead"));
    JsonObject header = object(rpc.call("chain_getHeader", quoted(hash)));
    return new Block(number(header), hash);
  }

  /// The hash of block `number` on the endpoint's best chain; empty when it has none.
  Optional<Bytes> blockHash(long number) throws ChainException, InterruptedException {
    JsonValue result = rpc().call("chain_getBlockHash", Long.toString(number));
    return result instanceof JsonNull ? Optional.empty() : Optional.of(hash(result));
  }

  /// The value at `key` in block `at`.
  Optional<Bytes> storage(Bytes key, Bytes at) throws ChainException, InterruptedException {
    JsonValue result = rpc().call("state_getStorage", quoted(key), quoted(at));
    return result instanceof JsonNull ? Optional.empty() : Optional.of(hex(result, MAX_VALUE));
  }

  /// The next nonce of `account`, with what waits in the pool.
  long nextNonce(Bytes account, Bytes at) throws ChainException, InterruptedException {
    JsonValue result =
        rpc().call("state_call", "\"AccountNonceApi_account_nonce\"", quoted(account), quoted(at));
    try {
      ScaleReader in = ScaleReader.of("nonce", hex(result, 4));
      long nonce = in.u32("nonce");
      in.requireEnd("nonce");
      return nonce;
    } catch (MalformedException e) {
      throw malformed(e);
    }
  }

  /// Hands an extrinsic in; its hash.
  Bytes submit(Bytes extrinsic) throws ChainException, InterruptedException {
    return hash(rpc().call("author_submitExtrinsic", quoted(extrinsic)));
  }

  /// The runtime, as checked when this connection was made.
  synchronized Release release() throws ChainException, InterruptedException {
    rpc();
    return known.orElseThrow(() -> new ChainException(Kind.CHAIN_UNAVAILABLE, "not connected"));
  }

  /// Waits for word of a newly finalised block; false after `atMost`.
  boolean awaitFinalised(Duration atMost) throws ChainException, InterruptedException {
    return rpc().awaitFinalised(atMost);
  }

  @Override
  public synchronized void close() {
    connection.ifPresent(JsonRpc::close);
    connection = Optional.empty();
  }

  @Override
  public String toString() {
    return endpoint.toString();
  }

  private synchronized JsonRpc rpc() throws ChainException, InterruptedException {
    if (connection.isPresent() && connection.get().isOpen()) {
      return connection.get();
    }
    close();
    JsonRpc fresh = JsonRpc.connect(client, endpoint, deadline);
    try {
      requireGenesis(fresh);
      known = Optional.of(check(fresh));
      fresh.call("chain_subscribeFinalizedHeads");
      connection = Optional.of(fresh);
      return fresh;
    } finally {
      if (connection.isEmpty()) {
        fresh.close();
      }
    }
  }

  private void requireGenesis(JsonRpc rpc) throws ChainException, InterruptedException {
    Bytes found = hash(rpc.call("chain_getBlockHash", "0"));
    if (!found.equals(genesis)) {
      throw new ChainException(
          Kind.CHAIN_OTHER_GENESIS,
          "%s: expected genesis %s, found %s".formatted(endpoint, genesis, found));
    }
  }

  private Release check(JsonRpc rpc) throws ChainException, InterruptedException {
    JsonObject version = object(rpc.call("state_getRuntimeVersion"));
    JsonValue metadata = rpc.call("state_call", METADATA, VERSION_15);
    try {
      ScaleReader in = ScaleReader.of("metadata", hex(metadata, Metadata.MAX_SIZE + 8));
      Bytes bytes =
          in.option("metadata", inner -> inner.byteList(Metadata.MAX_SIZE, "metadata"))
              .orElseThrow(() -> in.malformed("metadata", "version 15", "none"));
      in.requireEnd("metadata");
      Metadata parsed = Metadata.parse(bytes);
      parsed.requireKnown();
      return new Release(
          version.integer("specVersion", 0, 0xffff_ffffL),
          version.integer("transactionVersion", 0, 0xffff_ffffL),
          parsed);
    } catch (MalformedException e) {
      throw malformed(e);
    }
  }

  private long number(JsonObject header) throws ChainException {
    try {
      String text = header.string("number");
      if (!NUMBER.matcher(text).matches()) {
        throw header.mismatch("a block number in hexadecimal", "another text");
      }
      return Long.parseLong(text.substring(2), 16);
    } catch (MalformedException e) {
      throw malformed(e);
    }
  }

  private JsonObject object(JsonValue value) throws ChainException {
    try {
      return value.asObject();
    } catch (MalformedException e) {
      throw malformed(e);
    }
  }

  private Bytes hash(JsonValue value) throws ChainException {
    Bytes hash = hex(value, HASH_SIZE);
    if (hash.size() != HASH_SIZE) {
      throw malformed(value.mismatch("32 bytes", hash.size() + " bytes"));
    }
    return hash;
  }

  private Bytes hex(JsonValue value, int max) throws ChainException {
    try {
      String text = value.asString();
      if (!text.startsWith("0x") || text.length() > 2 + 2 * max) {
        throw value.mismatch("0x and at most " + max + " bytes", "another text");
      }
      return Bytes.parseHex(text.substring(2));
    } catch (MalformedException e) {
      throw malformed(e);
    }
  }

  private ChainException malformed(MalformedException e) {
    return JsonRpc.malformed(endpoint.toString(), e);
  }

  private static String quoted(Bytes bytes) {
    return "\"0x" + bytes.toHex() + "\"";
  }
}
