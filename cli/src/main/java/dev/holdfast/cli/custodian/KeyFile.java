package dev.holdfast.cli.custodian;

import dev.holdfast.cli.console.CommandException;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Frame;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.Aead;
import dev.holdfast.crypto.AeadException;
import dev.holdfast.crypto.Crypto;
import dev.holdfast.crypto.EnvelopeKey;
import dev.holdfast.crypto.EnvelopeKeys;
import dev.holdfast.crypto.Labels;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.crypto.passphrase.Passphrase;
import dev.holdfast.protocol.Document;
import dev.holdfast.protocol.custody.CustodianKey;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.Set;

/// A custodian's key in its file: the seed, sealed under a passphrase or, when its maker insisted,
/// in the clear.
///
/// Spec: docs/spec/custody.md#keys
record KeyFile(CustodianKey key, Stored stored) {
  static final int MAX_SIZE = 8 * 1024;

  private static final String TYPE = "custodian-key";
  private static final Set<String> MEMBERS = Set.of("key", "seed", "sealed");
  private static final Set<String> SEALED_MEMBERS =
      Set.of("salt", "memoryKiB", "passes", "lanes", "seed");
  private static final String SEALED = "sealed";

  /// The seed as the file has it.
  sealed interface Stored {
    record Plain(SecretBytes seed) implements Stored {}

    /// A passphrase's key seals once, so the nonce is constant.
    record Sealed(Bytes salt, Passphrase.Cost cost, Bytes seed) implements Stored {}
  }

  /// A new key; without a passphrase its file alone is enough to use it.
  static KeyFile generate(
      Crypto crypto, Optional<SecretBytes> passphrase, Passphrase.Cost cost, SecureRandom random) {
    SecretBytes seed = SecretBytes.generate(EnvelopeKeys.SEED_SIZE, random);
    CustodianKey key;
    try (EnvelopeKeys keys = crypto.envelopeKeys(seed)) {
      key = new CustodianKey(keys.publicKey());
    }
    if (passphrase.isEmpty()) {
      return new KeyFile(key, new Stored.Plain(seed));
    }
    byte[] drawn = new byte[Passphrase.SALT_SIZE];
    random.nextBytes(drawn);
    Bytes salt = Bytes.copyOf(drawn);
    try (seed;
        SecretBytes wrapping = Passphrase.key(passphrase.get(), salt, cost);
        Aead aead = Aead.of(wrapping)) {
      Bytes sealed = aead.seal(Bytes.zero(Aead.NONCE_SIZE), associated(key), seed);
      return new KeyFile(key, new Stored.Sealed(salt, cost, sealed));
    }
  }

  boolean isSealed() {
    return stored instanceof Stored.Sealed;
  }

  /// The keys, which the caller closes.
  ///
  /// @throws CommandException when the passphrase is another, or the file was changed
  EnvelopeKeys open(Crypto crypto, Optional<SecretBytes> passphrase) throws CommandException {
    EnvelopeKeys keys =
        switch (stored) {
          case Stored.Plain plain -> crypto.envelopeKeys(plain.seed());
          case Stored.Sealed sealed -> {
            try (SecretBytes wrapping =
                    Passphrase.key(passphrase.orElseThrow(), sealed.salt(), sealed.cost());
                Aead aead = Aead.of(wrapping);
                SecretBytes seed =
                    aead.open(Bytes.zero(Aead.NONCE_SIZE), associated(key), sealed.seed())) {
              yield crypto.envelopeKeys(seed);
            } catch (AeadException e) {
              throw CommandException.refused(
                  "the key does not open: another passphrase, or its file was changed");
            }
          }
        };
    if (!keys.publicKey().equals(key.key())) {
      keys.close();
      throw CommandException.refused("the key's file was changed: its seed is of another key");
    }
    return keys;
  }

  private static Bytes associated(CustodianKey key) {
    return Frame.of(Labels.PASSPHRASE, key.key().encoded());
  }

  Bytes toBytes() {
    JsonWriter out = Document.of(TYPE).put("key", key.key().encoded());
    switch (stored) {
      case Stored.Plain plain -> {
        Bytes seed = plain.seed().apply(Bytes::copyOf);
        out.put("seed", seed);
      }
      case Stored.Sealed sealed ->
          out.put(
              SEALED,
              JsonWriter.object()
                  .put("salt", sealed.salt())
                  .put("memoryKiB", sealed.cost().memoryKiB())
                  .put("passes", sealed.cost().passes())
                  .put("lanes", sealed.cost().lanes())
                  .put("seed", sealed.seed()));
    }
    return out.toBytes();
  }

  static KeyFile parse(Bytes bytes) throws MalformedException {
    JsonObject object = Document.parse(TYPE, MAX_SIZE, bytes, MEMBERS);
    CustodianKey key =
        new CustodianKey(EnvelopeKey.parse(object.base64Url("key", EnvelopeKey.SIZE)));
    if (object.has("seed") == object.has(SEALED)) {
      throw object.mismatch("either a seed or a sealed one", "both or none");
    }
    if (object.has("seed")) {
      Bytes seed = object.base64Url("seed", EnvelopeKeys.SEED_SIZE);
      return new KeyFile(key, new Stored.Plain(SecretBytes.take(seed.toArray())));
    }
    JsonObject sealed = object.object(SEALED);
    sealed.requireOnly(SEALED_MEMBERS);
    int memory = (int) sealed.integer("memoryKiB", 8, Passphrase.Cost.MAX_MEMORY_KIB);
    int passes = (int) sealed.integer("passes", 1, Passphrase.Cost.MAX_PASSES);
    int lanes = (int) sealed.integer("lanes", 1, Passphrase.Cost.MAX_LANES);
    if (!Passphrase.Cost.isValid(memory, passes, lanes)) {
      throw sealed.member("memoryKiB").mismatch("at least 8 KiB a lane", "less");
    }
    return new KeyFile(
        key,
        new Stored.Sealed(
            sealed.base64Url("salt", Passphrase.SALT_SIZE),
            new Passphrase.Cost(memory, passes, lanes),
            sealed.base64Url("seed", EnvelopeKeys.SEED_SIZE + Aead.OVERHEAD)));
  }
}
