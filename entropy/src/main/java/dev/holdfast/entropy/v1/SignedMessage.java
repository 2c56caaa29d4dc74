package dev.holdfast.entropy.v1;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Json;
import dev.holdfast.codec.JsonValue.JsonNull;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.entropy.account.Account;
import dev.holdfast.entropy.account.Ss58;
import dev.holdfast.entropy.sr25519.Sr25519;
import dev.holdfast.entropy.sr25519.Sr25519Key;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;

/// What is inside an [EncryptedSignedMessage]: a payload and who signed it.
///
/// **The signature is over the bare payload**, without purpose, receiver or time (G5): whoever gets
/// 32 bytes signed can present them elsewhere. That is the original's and cannot change without
/// breaking it. The owner closes it.
public final class SignedMessage implements AutoCloseable {
  /// Longest payload taken.
  public static final int MAX_PAYLOAD = 1024;

  private final Account sender;
  private final SecretBytes payload;

  private SignedMessage(Account sender, SecretBytes payload) {
    this.sender = sender;
    this.payload = payload;
  }

  public Account sender() {
    return sender;
  }

  /// The payload, which this owns.
  public SecretBytes payload() {
    return payload;
  }

  @Override
  public void close() {
    payload.close();
  }

  /// The inner JSON of `payload` signed by `key`, a secret that the caller closes.
  static SecretBytes write(SecretBytes payload, Sr25519Key key, SecureRandom random) {
    Bytes message = payload.apply(Bytes::copyOf);
    return write(
        message, new Account(key.publicKey()), key.sign(Sr25519.SUBSTRATE, message, random));
  }

  /// The inner JSON around a given signature.
  static SecretBytes write(Bytes message, Account sender, Bytes signature) {
    String json =
        JsonWriter.object()
            .put("message", JsonBytes.prefixedHex(message))
            .put("sender", sender.toString())
            .put("signature", signature.toHex())
            .putNull("receiver_x25519")
            .toString();
    return SecretBytes.take(json.getBytes(StandardCharsets.US_ASCII));
  }

  /// Parses the inner JSON and verifies its signature.
  ///
  /// @throws MalformedException when it has another form, or the signature does not hold
  static SignedMessage parse(SecretBytes json) throws MalformedException {
    JsonObject object = json.attempt(Json::parse).asObject();
    Account sender = Ss58.parse(object.string("sender"));
    Bytes signature = JsonBytes.parseHex(object.member("signature"), Sr25519.SIGNATURE_SIZE);
    Bytes message = JsonBytes.parseHex(object.member("message"), MAX_PAYLOAD);
    var receiver = object.find("receiver_x25519");
    if (receiver.isPresent() && !(receiver.get() instanceof JsonNull)) {
      JsonBytes.parseKey(receiver.get(), X25519Key.SIZE);
    }
    if (!Sr25519.verify(sender.bytes(), Sr25519.SUBSTRATE, message, signature)) {
      throw object.mismatch("a signature of the message by its sender", "another");
    }
    return new SignedMessage(sender, SecretBytes.take(message.toArray()));
  }
}
