package dev.holdfast.store;

import dev.holdfast.codec.ByteReader;
import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Frame;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.Aead;
import dev.holdfast.crypto.AeadException;
import dev.holdfast.crypto.Labels;
import dev.holdfast.crypto.MacKey;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.store.keys.KeyRing;
import dev.holdfast.store.keys.RunKeys;
import dev.holdfast.store.keys.SealId;
import dev.holdfast.store.keys.SetDigest;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// Turns records into what lies in the engine and back.
///
/// Spec: docs/spec/store.md#records
final class Sealer implements AutoCloseable {
  /// Bytes before the ciphertext: data key id, salt id, number.
  static final int HEAD_SIZE = 4 + 4 + 8;

  private static final int PLAIN_HEAD_SIZE = 1 + 2;

  private final KeyRing keys;
  private final RunKeys runs;
  private final MacKey names;
  private final MacKey elements;

  /// What stands under a name.
  enum Content {
    /// A value.
    VALUE(0),
    /// A reservation.
    MARK(1);

    private final int code;

    Content(int code) {
      this.code = code;
    }
  }

  /// A record ready for the engine.
  static final class Sealed {
    private final RecordKey key;
    private final RunKeys.Ticket ticket;
    private final byte[] stored;
    private final SetDigest element;

    private Sealed(RecordKey key, RunKeys.Ticket ticket, byte[] stored, SetDigest element) {
      this.key = key;
      this.ticket = ticket;
      this.stored = stored;
      this.element = element;
    }

    RecordKey key() {
      return key;
    }

    SealId id() {
      return ticket.id();
    }

    RunKeys.Run run() {
      return ticket.run();
    }

    /// The engine's value; nobody changes it.
    byte[] stored() {
      return stored;
    }

    SetDigest element() {
      return element;
    }
  }

  /// A record read from the engine; the caller closes the value.
  record Opened(SealId seal, Content content, Name name, SecretBytes value) {}

  /// The head of a sealed text.
  record Head(int keyId, SealId seal) {}

  Sealer(KeyRing keys, RunKeys runs) {
    this.keys = keys;
    this.runs = runs;
    this.names = MacKey.of(keys.nameKey());
    this.elements = MacKey.of(keys.digestKey());
  }

  RunKeys runs() {
    return runs;
  }

  /// What derived keys come from.
  SecretBytes derivationSecret() {
    return keys.derivationSecret();
  }

  RecordKey keyOf(Space space, Name name) {
    byte[] message =
        Frame.of(Labels.STORE_NAME).add((long) space.prefix()).add(name.bytes()).toArray();
    return RecordKey.of(space, Bytes.copyOf(names.mac(message)));
  }

  /// Seals `value`, which stays the caller's.
  ///
  /// @throws IllegalArgumentException past [SealedStore#MAX_VALUE_BYTES]
  Sealed seal(Space space, Name name, Content content, SecretBytes value) {
    if (value.size() > SealedStore.MAX_VALUE_BYTES) {
      throw new IllegalArgumentException(
          "value: expected at most %d bytes, found %d"
              .formatted(SealedStore.MAX_VALUE_BYTES, value.size()));
    }
    RecordKey key = keyOf(space, name);
    int size = PLAIN_HEAD_SIZE + name.bytes().size() + value.size();
    ByteBuffer plain = ByteBuffer.allocate(size);
    plain.put((byte) content.code).putShort((short) name.bytes().size());
    plain.put(name.bytes().toArray());
    value.use(plain::put);
    try {
      RunKeys.Ticket ticket = runs.draw(size);
      byte[] stored = seal(Labels.STORE_RECORD, key.toArray(), ticket, plain.array());
      return new Sealed(key, ticket, stored, element(key, ticket.id()));
    } finally {
      Arrays.fill(plain.array(), (byte) 0);
    }
  }

  /// @throws StoreException `CORRUPTED` when this is no record sealed for `key`
  Opened open(RecordKey key, byte[] stored) throws StoreException {
    return open(key, head(key, stored), stored);
  }

  /// [#open(RecordKey, byte[])] of a record whose head was read before.
  Opened open(RecordKey key, Head head, byte[] stored) throws StoreException {
    byte[] plain = open(Labels.STORE_RECORD, key.toArray(), key, head, stored);
    try {
      ByteBuffer in = ByteBuffer.wrap(plain);
      Content content = in.get() == Content.MARK.code ? Content.MARK : Content.VALUE;
      byte[] nameBytes = new byte[in.getShort() & 0xffff];
      in.get(nameBytes);
      byte[] value = new byte[in.remaining()];
      in.get(value);
      return new Opened(
          head.seal(), content, new Name(Bytes.copyOf(nameBytes)), SecretBytes.take(value));
    } finally {
      Arrays.fill(plain, (byte) 0);
    }
  }

  /// The record's share of the set digest. Salt and number name one sealing in all histories of the
  /// store, so they stand for what was sealed.
  SetDigest element(RecordKey key, SealId seal) {
    byte[] message =
        Frame.of(Labels.STORE_DIGEST_ELEMENT)
            .add(key.toArray())
            .add(runs.salt(seal.saltId()))
            .add(seal.number())
            .toArray();
    return SetDigest.of(Bytes.copyOf(elements.mac(message)));
  }

  /// Seals `plain` for the place `context` in the engine.
  byte[] seal(String label, byte[] context, RunKeys.Ticket ticket, byte[] plain) {
    SealId seal = ticket.id();
    byte[] head =
        new ByteWriter().u32be(ticket.keyId()).u32be(seal.saltId()).u64be(seal.number()).toArray();
    byte[] stored = Arrays.copyOf(head, HEAD_SIZE + plain.length + Aead.OVERHEAD);
    ticket.seal(aad(label, context, head), plain, stored, HEAD_SIZE);
    return stored;
  }

  /// Opens what [#seal] wrote; `what` names it in errors.
  byte[] open(String label, byte[] context, Object what, byte[] stored) throws StoreException {
    return open(label, context, what, head(what, stored), stored);
  }

  private byte[] open(String label, byte[] context, Object what, Head head, byte[] stored)
      throws StoreException {
    ByteBuffer sealed = ByteBuffer.wrap(stored, HEAD_SIZE, stored.length - HEAD_SIZE);
    byte[] aad = aad(label, context, Arrays.copyOf(stored, HEAD_SIZE));
    Aead key =
        runs.key(head.keyId(), head.seal().saltId())
            .orElseThrow(() ->
                StoreException.corrupted(
                    "%s: data key %d or run salt %d is missing"
                        .formatted(what, head.keyId(), head.seal().saltId())));
    try {
      return key.open(RunKeys.nonce(head.seal().number()), aad, sealed);
    } catch (AeadException e) {
      throw new StoreException(
          StoreException.Kind.CORRUPTED,
          what + ": its seal does not open: it was altered or comes from another place",
          e);
    }
  }

  /// Reads the head of what [#seal] wrote; `what` is asked for its text in errors only.
  Head head(Object what, byte[] stored) throws StoreException {
    ByteReader in = ByteReader.of("sealed text", stored);
    try {
      int keyId = (int) in.u32be("data key id");
      return new Head(keyId, new SealId((int) in.u32be("salt id"), in.u64be("number")));
    } catch (MalformedException e) {
      throw StoreException.corrupted(what + ": " + e.getMessage());
    }
  }

  /// Erases the keys for names and elements; those in [#runs] are theirs to erase.
  @Override
  public void close() {
    names.close();
    elements.close();
  }

  private static byte[] aad(String label, byte[] context, byte[] head) {
    return Frame.of(label).add(context).add(head).toArray();
  }
}
