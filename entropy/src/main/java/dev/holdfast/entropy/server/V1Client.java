package dev.holdfast.entropy.server;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.entropy.account.Account;
import dev.holdfast.entropy.v1.EncryptedSignedMessage;
import dev.holdfast.entropy.v1.JsonBytes;
import dev.holdfast.entropy.v1.ProviderDetails;
import dev.holdfast.entropy.v1.QuoteContext;
import dev.holdfast.entropy.v1.RecoveryRequest;
import dev.holdfast.entropy.v1.ServerInfo;
import dev.holdfast.entropy.v1.SignedMessage;
import dev.holdfast.entropy.v1.TssKeys;
import dev.holdfast.entropy.v1.X25519Key;
import dev.holdfast.protocol.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Asks other servers of the network. Each request has a deadline over all of it and a bound on its
/// answer (G13), follows no redirects and reaches no link-local address (G19). Thread-safe.
final class V1Client implements AutoCloseable {
  private final HttpClient client;
  private final Duration deadline;
  private final SecureRandom random;

  V1Client(Duration deadline, SecureRandom random) {
    this.deadline = deadline;
    this.random = random;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(deadline)
            .proxy(HttpClient.Builder.NO_PROXY)
            .build();
  }

  /// Deposits `key` at `provider`.
  ///
  /// @throws IOException when the provider does not answer that it holds it
  void deposit(ServerInfo provider, SecretBytes key, TssKeys mine)
      throws IOException, InterruptedException {
    Bytes body;
    try {
      body =
          EncryptedSignedMessage.seal(key, mine.signing(), provider.x25519Key(), random).toJson();
    } catch (MalformedException e) {
      throw new IOException("the provider's key: " + e.getMessage(), e);
    }
    post(provider.endpoint(), "/v1/backup_encryption_key", body);
  }

  /// Asks for the key that `details` says was deposited: a new response key, nonce and quote each
  /// time (G9). Both answers must be signed by the recorded provider (G3).
  ///
  /// @return 32 bytes, which the caller closes
  SecretBytes recover(ProviderDetails details, Quoting quoting)
      throws IOException, InterruptedException {
    ServerInfo provider = details.provider();
    try (X25519Key response = X25519Key.generate(random)) {
      Bytes nonce;
      try (SecretBytes answer =
          ask(
              provider,
              "/v1/backup_provider_quote_nonce",
              Bytes.utf8(JsonBytes.numbers(response.publicKey())),
              response)) {
        nonce = answer.apply(Bytes::copyOf);
      }
      Bytes reportData =
          QuoteContext.ENCRYPTION_KEY_RECOVERY_REQUEST.reportData(
              details.account(), response.publicKey(), nonce);
      Bytes quote = quoting.quote(details.account(), reportData);
      RecoveryRequest request = new RecoveryRequest(details.account(), response.publicKey(), quote);
      return ask(provider, "/v1/recover_encryption_key", request.toBytes(), response);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }

  private SecretBytes ask(ServerInfo provider, String path, Bytes body, X25519Key mine)
      throws IOException, InterruptedException {
    Bytes answer = post(provider.endpoint(), path, body);
    try (SignedMessage message = EncryptedSignedMessage.parse(answer).open(mine)) {
      requireSigner(provider.account(), message.sender());
      if (message.payload().size() != Deposits.KEY_SIZE) {
        throw new IOException("the provider answered with other than 32 bytes");
      }
      return message.payload().copy();
    } catch (MalformedException e) {
      throw new IOException("the provider's answer: " + e.getMessage(), e);
    }
  }

  private static void requireSigner(Account expected, Account found) throws IOException {
    if (!expected.equals(found)) {
      throw new IOException("the answer is signed by another than the recorded provider");
    }
  }

  private Bytes post(Endpoint endpoint, String path, Bytes body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(uri(endpoint, path))
            .POST(BodyPublishers.ofByteArray(body.toArray()))
            .header("Content-Type", "application/json")
            .timeout(deadline)
            .build();
    var bounded =
        BodyHandlers.limiting(BodyHandlers.ofByteArray(), EncryptedSignedMessage.MAX_SIZE);
    CompletableFuture<HttpResponse<byte[]>> pending = client.sendAsync(request, bounded);
    try {
      HttpResponse<byte[]> response = pending.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
      if (response.statusCode() != 200) {
        throw new IOException(path + ": the server answered " + response.statusCode());
      }
      return Bytes.copyOf(response.body());
    } catch (TimeoutException e) {
      throw new IOException(path + ": no answer in time", e);
    } catch (ExecutionException e) {
      throw new IOException(path + ": no connection, or it broke, or the answer is too long", e);
    } finally {
      pending.cancel(true);
    }
  }

  /// The address is looked up once, judged and then connected to: a name cannot change between.
  private static URI uri(Endpoint endpoint, String path) throws IOException {
    InetAddress address = InetAddress.getByName(endpoint.host());
    if (Endpoint.isRefused(Bytes.copyOf(address.getAddress()))) {
      throw new IOException("the address is link-local, multicast or unspecified");
    }
    String literal = address.getHostAddress();
    String host = literal.contains(":") ? "[" + literal + "]" : literal;
    return URI.create("http://" + host + ":" + endpoint.port() + path);
  }
}
