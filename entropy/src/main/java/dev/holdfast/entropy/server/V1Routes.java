package dev.holdfast.entropy.server;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Json;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.entropy.chain.Chain;
import dev.holdfast.entropy.chain.ChainException;
import dev.holdfast.entropy.chain.Extrinsics;
import dev.holdfast.entropy.v1.EncryptedSignedMessage;
import dev.holdfast.entropy.v1.JsonBytes;
import dev.holdfast.entropy.v1.Quote;
import dev.holdfast.entropy.v1.QuoteContext;
import dev.holdfast.entropy.v1.RecoveryRequest;
import dev.holdfast.entropy.v1.SignedMessage;
import dev.holdfast.entropy.v1.X25519Key;
import dev.holdfast.store.StoreException;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;

/// The original's routes, without a server around them. Thread-safe; each call runs on its
/// request's own thread and may block.
///
/// Spec: docs/operating/entropy-v1.md
public final class V1Routes implements AutoCloseable {
  /// Longest body of any route.
  public static final int MAX_BODY = RecoveryRequest.MAX_SIZE;

  private static final String VERSION = "0.4.0-rc.1";
  private static final String CONTEXT = "context=";

  private final V1Node node;
  private final Chain chain;
  private final Quoting quoting;
  private final Nonces nonces;
  private final Pace attestations;
  private final SecureRandom random;

  V1Routes(V1Node node, Chain chain, Quoting quoting, InstantSource time, SecureRandom random) {
    this.node = node;
    this.chain = chain;
    this.quoting = quoting;
    this.nonces = new Nonces(random, time);
    this.attestations = new Pace(time);
    this.random = random;
  }

  /// Answers a request.
  ///
  /// @param query undecoded, without question mark; empty when there is none
  /// @param body at most [#MAX_BODY] bytes
  public V1Answer answer(String method, String path, String query, Bytes body)
      throws InterruptedException {
    try {
      return switch (method + " " + path) {
        case "GET /healthz" -> V1Answer.empty();
        case "GET /v1/version" -> version();
        case "GET /v1/hashes" ->
            V1Answer.json(
                Bytes.utf8(
                    "[\"sha1\",\"sha2\",\"sha3\",\"keccak\",\"blake2_256\",\"identity\","
                        + "{\"custom\":0}]"));
        case "GET /v1/info" -> info();
        case "GET /v1/attest" -> attest(query);
        case "POST /v1/backup_encryption_key" -> backup(body);
        case "POST /v1/backup_provider_quote_nonce" -> nonce(body);
        case "POST /v1/recover_encryption_key" -> recover(body);
        default -> V1Answer.text(404, "");
      };
    } catch (V1Exception e) {
      return V1Answer.text(e.status(), String.valueOf(e.getMessage()));
    } catch (ChainException e) {
      return V1Answer.text(500, "Substrate: " + e.kind().code());
    } catch (StoreException e) {
      return V1Answer.text(500, "Key-value store: " + e.kind());
    } catch (IOException e) {
      return V1Answer.text(500, "Attestation: no quote");
    }
  }

  @Override
  public void close() {
    nonces.close();
  }

  /// Not gated on READY: so two first servers can back each other up.
  private V1Answer backup(Bytes body)
      throws V1Exception, ChainException, StoreException, InterruptedException {
    OpenNode open = node.open().orElseThrow(V1Routes::notConnected);
    if (!node.state().canReadFromChain()) {
      throw notConnected();
    }
    try (SignedMessage message = parse(body).open(open.keys().encryption())) {
      if (message.payload().size() != Deposits.KEY_SIZE) {
        throw V1Exception.refused("Provider responded with a key which is not 32 bytes");
      }
      if (chain.stashOf(message.sender()).isEmpty()) {
        throw V1Exception.refused(
            "The account requesting to recover a key is not registered with the staking pallet");
      }
      return switch (open.deposits().keep(message.sender(), message.payload())) {
        case KEPT -> V1Answer.empty();
        case ANOTHER_IS_HELD ->
            throw V1Exception.refused("Another key is held for this account and is not replaced");
        case FULL -> throw V1Exception.refused("No more accounts are taken");
      };
    } catch (MalformedException e) {
      throw V1Exception.refused("Encryption: the message does not open or is not signed");
    }
  }

  private V1Answer nonce(Bytes body) throws V1Exception {
    OpenNode open = ready();
    Bytes responseKey;
    try {
      responseKey = JsonBytes.parseKey(Json.parse(body), X25519Key.SIZE);
    } catch (MalformedException e) {
      throw V1Exception.malformed("expected 32 numbers");
    }
    try (SecretBytes nonce = SecretBytes.take(nonces.nonce(responseKey).toArray())) {
      return sealed(open, nonce, responseKey);
    }
  }

  /// The checks in the original's order, and one more: a debug TD (G4).
  private V1Answer recover(Bytes body)
      throws V1Exception, ChainException, StoreException, InterruptedException {
    OpenNode open = ready();
    RecoveryRequest request;
    try {
      request = RecoveryRequest.parse(body);
    } catch (MalformedException e) {
      throw V1Exception.malformed("expected tss_account, response_key and quote");
    }
    Quote quote = quote(request.quote());
    Bytes nonce = quote.reportData().slice(32, QuoteContext.NONCE_SIZE);
    if (!nonces.isGiven(request.responseKey(), nonce)) {
      throw V1Exception.refused("Cannot retrieve associated nonce for this backup");
    }
    Bytes expected =
        QuoteContext.ENCRYPTION_KEY_RECOVERY_REQUEST.reportData(
            request.account(), request.responseKey(), nonce);
    if (!quote.reportData().equals(expected)) {
      throw V1Exception.refused(
          "Bad quote input data: TSS account, response public key, or nonce are incorrect");
    }
    if (!chain.acceptedMeasurements().contains(quote.measurement())) {
      throw V1Exception.refused("Quote measurement: not accepted");
    }
    requireGenuine(quote, request.quote());
    Optional<SecretBytes> held = open.deposits().find(request.account());
    if (held.isEmpty()) {
      throw V1Exception.refused("Encryption key is not present in backup store");
    }
    try (SecretBytes key = held.get()) {
      return sealed(open, key, request.responseKey());
    }
  }

  private void requireGenuine(Quote quote, Bytes bytes) throws V1Exception {
    try {
      quoting.requireGenuine(quote, bytes);
    } catch (MalformedException e) {
      throw V1Exception.refused("Quote verify: not genuine");
    }
    if (quote.debug()) {
      throw V1Exception.refused("Quote verify: a debug TD");
    }
  }

  /// A quote over the nonce that the chain waits for. When it waits for none, this account asks it
  /// for one, which costs fees: at most every five minutes, since anybody may call this (G18). A
  /// nonce that is pending is quoted again (G21: the original asks anew, and fails until it is
  /// used).
  private V1Answer attest(String query)
      throws V1Exception, ChainException, IOException, InterruptedException {
    QuoteContext context =
        QuoteContext.ofWord(query.startsWith(CONTEXT) ? query.substring(CONTEXT.length()) : "")
            .orElseThrow(() -> V1Exception.malformed("expected a context"));
    OpenNode open = node.open().orElseThrow(V1Routes::notReady);
    Optional<Bytes> pending = chain.pendingAttestation(open.keys().account());
    if (pending.isPresent()) {
      return V1Answer.quote(quote(open, context, pending.get()));
    }
    if (attestations.mayAsk()) {
      chain.submit(
          Extrinsics.Call.requestAttestation(),
          new Extrinsics.Signer(open.keys().signing(), random));
    }
    throw V1Exception.later("Attestation: a nonce was asked for; try again once it is finalised");
  }

  private V1Answer info() throws V1Exception, IOException, InterruptedException {
    OpenNode open = node.open().orElseThrow(V1Routes::notReady);
    Bytes quote = quote(open, QuoteContext.VALIDATE, Bytes.zero(QuoteContext.NONCE_SIZE));
    return V1Answer.json(
        JsonWriter.object()
            .put("account_id", open.keys().account().toString())
            .raw("x25519_public_key", JsonBytes.numbers(open.keys().encryption().publicKey()))
            .put("tdx_quote", quote.toHex())
            .put("ready", node.state() == V1State.READY)
            .toBytes());
  }

  private V1Answer version() throws IOException, InterruptedException {
    JsonWriter out =
        JsonWriter.object().put("cargo_package_version", VERSION).put("git_tag_commit", "holdfast");
    Bytes measurement = quoting.measurement();
    if (measurement.isEmpty()) {
      out.put("build", "NonProduction");
    } else {
      out.put(
          "build", JsonWriter.object().put("ProductionWithMeasurementValue", measurement.toHex()));
    }
    return V1Answer.json(out.toBytes());
  }

  private Bytes quote(OpenNode open, QuoteContext context, Bytes nonce)
      throws IOException, InterruptedException {
    return quoting.quote(
        open.keys().account(),
        context.reportData(open.keys().account(), open.keys().encryption().publicKey(), nonce));
  }

  private V1Answer sealed(OpenNode open, SecretBytes payload, Bytes responseKey)
      throws V1Exception {
    try {
      return V1Answer.json(
          EncryptedSignedMessage.seal(payload, open.keys().signing(), responseKey, random)
              .toJson());
    } catch (MalformedException e) {
      throw V1Exception.malformed("expected a key of the large group");
    }
  }

  private OpenNode ready() throws V1Exception {
    if (node.state() != V1State.READY) {
      throw notReady();
    }
    return node.open().orElseThrow(V1Routes::notReady);
  }

  private static EncryptedSignedMessage parse(Bytes body) throws V1Exception {
    try {
      return EncryptedSignedMessage.parse(body);
    } catch (MalformedException e) {
      throw V1Exception.malformed("expected an encrypted signed message");
    }
  }

  private static Quote quote(Bytes bytes) throws V1Exception {
    try {
      return Quote.parse(bytes);
    } catch (MalformedException e) {
      throw V1Exception.refused("Quote parse: no TDX quote of version 4");
    }
  }

  private static V1Exception notReady() {
    return V1Exception.refused("Node has started fresh and not yet successfully set up");
  }

  private static V1Exception notConnected() {
    return V1Exception.refused("Timed out waiting to be connected to chain");
  }
}
