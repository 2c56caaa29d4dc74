package dev.holdfast.entropy.v1;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Json;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.entropy.sr25519.Sr25519Key;
import java.security.SecureRandom;

/// A [SignedMessage] sealed to its receiver: the body of the original's requests and answers. Of a
/// 32-byte payload it has 765 bytes.
public final class EncryptedSignedMessage {
  /// Longest JSON taken.
  public static final int MAX_SIZE = 16 * 1024;

  private static final int ENCAPSULATION_SIZE = 32;
  private static final int MAX_CIPHERTEXT = 6 * 1024;

  private final Hpke.Sealed sealed;

  private EncryptedSignedMessage(Hpke.Sealed sealed) {
    this.sealed = sealed;
  }

  /// Signs `payload` with `sender` and seals it to `receiver`.
  ///
  /// @throws MalformedException when `receiver` is no key that can be sealed to
  public static EncryptedSignedMessage seal(
      SecretBytes payload, Sr25519Key sender, Bytes receiver, SecureRandom random)
      throws MalformedException {
    try (SecretBytes inner = SignedMessage.write(payload, sender, random)) {
      return new EncryptedSignedMessage(Hpke.seal(receiver, inner, random));
    }
  }

  /// Around a sealed text that exists already.
  static EncryptedSignedMessage of(Hpke.Sealed sealed) {
    return new EncryptedSignedMessage(sealed);
  }

  /// @throws MalformedException when the JSON has another form
  public static EncryptedSignedMessage parse(Bytes json) throws MalformedException {
    JsonObject message = Json.parse(json).asObject().object("hpke_message");
    Bytes encapsulation = JsonBytes.parseHex(message.member("encapsulation"), ENCAPSULATION_SIZE);
    if (encapsulation.size() != ENCAPSULATION_SIZE) {
      throw message.mismatch("an encapsulation of 32 bytes", encapsulation.size() + " bytes");
    }
    Bytes ciphertext = JsonBytes.parseHex(message.member("ciphertext"), MAX_CIPHERTEXT);
    return new EncryptedSignedMessage(new Hpke.Sealed(encapsulation, ciphertext));
  }

  /// Opens it and verifies the signature inside; the caller closes the result.
  ///
  /// @throws MalformedException when it was not sealed to `mine`, or what is inside is no signed
  ///   message
  public SignedMessage open(X25519Key mine) throws MalformedException {
    try (SecretBytes inner = Hpke.open(mine, sealed)) {
      return SignedMessage.parse(inner);
    }
  }

  public Bytes toJson() {
    return JsonWriter.object()
        .put(
            "hpke_message",
            JsonWriter.object()
                .put("ciphertext", JsonBytes.prefixedHex(sealed.ciphertext()))
                .put("encapsulation", JsonBytes.prefixedHex(sealed.encapsulation())))
        .toBytes();
  }
}
