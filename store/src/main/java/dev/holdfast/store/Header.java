package dev.holdfast.store;

import dev.holdfast.codec.ByteReader;
import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Frame;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.Aead;
import dev.holdfast.crypto.AeadException;
import dev.holdfast.crypto.Labels;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.store.StoreException.Kind;
import dev.holdfast.store.keys.KeyRing;
import dev.holdfast.store.keys.WrapKey;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The record by which a root key opens a store: who it is, readable; its keys, sealed.
///
/// A header key, fresh in every header, seals the key ring with everything before it as associated
/// data; each wrap seals the header key under one generation's key-encryption key.
///
/// Spec: docs/spec/store.md#header
record Header(StoreIdentity identity, List<Wrap> wraps, Bytes sealedKeys) {
  /// Most wraps: the present generation and the next or the one before.
  static final int MAX_WRAPS = 2;

  static final int FORMAT_VERSION = 1;

  private static final byte[] MAGIC = "HOLDFAST".getBytes(StandardCharsets.US_ASCII);
  private static final int CHECKSUM_SIZE = 32;
  private static final int HEADER_KEY_SIZE = 32;
  private static final int MAX_SEALED_KEYS_SIZE = 1 << 20;

  /// The header key for one generation.
  record Wrap(long generation, Bytes keyCheck, Bytes nonce, Bytes sealedKey) {}

  Header {
    wraps = List.copyOf(wraps);
    InvariantError.check(
        !wraps.isEmpty() && wraps.size() <= MAX_WRAPS, "a header has one or two wraps");
  }

  /// A new header under a fresh header key.
  static Header seal(
      StoreIdentity identity, List<WrapKey> wrapKeys, KeyRing keys, SecureRandom random) {
    try (SecretBytes headerKey = SecretBytes.generate(HEADER_KEY_SIZE, random);
        SecretBytes ring = keys.encode();
        Aead aead = Aead.of(headerKey)) {
      List<Wrap> wraps = new ArrayList<>();
      for (WrapKey wrapKey : wrapKeys) {
        wraps.add(wrap(identity, wrapKey, headerKey, random));
      }
      // The header key seals once, so its nonce is constant.
      Bytes aad = Frame.of(Labels.STORE_HEADER, prefix(identity, wraps));
      return new Header(identity, wraps, aead.seal(Bytes.zero(Aead.NONCE_SIZE), aad, ring));
    }
  }

  /// @throws StoreException `CORRUPTED` or `UNSUPPORTED_VERSION`
  static Header parse(byte[] encoded) throws StoreException {
    ByteReader in = ByteReader.of("store header", encoded);
    try {
      if (!in.skipIf(MAGIC)) {
        throw in.malformed("magic", "HOLDFAST", "other bytes");
      }
      int version = in.u16be("format version");
      if (version != FORMAT_VERSION) {
        throw new StoreException(
            Kind.UNSUPPORTED_VERSION,
            "store format: expected version %d, found %d".formatted(FORMAT_VERSION, version));
      }
      Header header = parseBody(in);
      Bytes checksum = in.since(0).sha256();
      if (!checksum.equals(in.bytes(CHECKSUM_SIZE, "checksum"))) {
        throw in.malformed("checksum", "that of the bytes before", "another");
      }
      in.requireEnd("end");
      return header;
    } catch (MalformedException e) {
      throw StoreException.corrupted(e);
    }
  }

  private static Header parseBody(ByteReader in) throws MalformedException {
    StoreIdentity identity =
        new StoreIdentity(
            in.bytes(StoreIdentity.STORE_ID_SIZE, "store id"),
            in.bytes(StoreIdentity.ACCOUNT_SIZE, "account"));
    int count = in.u8("wrap count");
    if (count < 1 || count > MAX_WRAPS) {
      throw in.malformed("wrap count", "1 or 2", Integer.toString(count));
    }
    List<Wrap> wraps = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      wraps.add(
          new Wrap(
              generation(in),
              in.bytes(WrapKey.KEY_CHECK_SIZE, "key check"),
              in.bytes(Aead.NONCE_SIZE, "nonce"),
              in.bytes(HEADER_KEY_SIZE + Aead.OVERHEAD, "header key")));
    }
    long size = in.u32be("key ring size");
    if (size > MAX_SEALED_KEYS_SIZE) {
      throw in.malformed("key ring size", "at most 1 MiB", size + " bytes");
    }
    return new Header(identity, wraps, in.bytes((int) size, "key ring"));
  }

  private static long generation(ByteReader in) throws MalformedException {
    long generation = in.u64be("generation");
    if (generation <= 0) {
      throw in.malformed("generation", "1 or more", Long.toString(generation));
    }
    return generation;
  }

  Bytes encode() {
    ByteWriter out = new ByteWriter().bytes(prefix(identity, wraps));
    Bytes body = out.u32be(sealedKeys.size()).bytes(sealedKeys).toBytes();
    return out.bytes(body.sha256()).toBytes();
  }

  /// What a root key finds in this header; the caller closes both.
  record Opened(Header header, WrapKey wrapKey, KeyRing keys) {}

  /// @throws StoreException `WRONG_KEY` when no wrap was made under `rootKey`, `CORRUPTED` when one
  ///   was and the header was changed since
  Opened open(SecretBytes rootKey) throws StoreException {
    Bytes check = WrapKey.check(rootKey);
    for (Wrap wrap : wraps) {
      if (wrap.keyCheck().equals(check)) {
        WrapKey wrapKey = WrapKey.derive(wrap.generation(), rootKey);
        try {
          return new Opened(this, wrapKey, openKeys(wrap, wrapKey));
        } catch (AeadException e) {
          wrapKey.close();
          throw new StoreException(
              Kind.CORRUPTED,
              "header: the root key is the right one, but the header was changed",
              e);
        }
      }
    }
    throw new StoreException(
        Kind.WRONG_KEY,
        "root key: expected the one of generation %s, found another".formatted(generations()));
  }

  List<Long> generations() {
    return wraps.stream().map(Wrap::generation).sorted().toList();
  }

  private KeyRing openKeys(Wrap wrap, WrapKey wrapKey) throws AeadException, StoreException {
    try (Aead outer = Aead.of(wrapKey.keyEncryptionKey());
        SecretBytes headerKey =
            outer.open(wrap.nonce(), wrapAad(identity, wrap.generation()), wrap.sealedKey());
        Aead inner = Aead.of(headerKey);
        SecretBytes ring =
            inner.open(
                Bytes.zero(Aead.NONCE_SIZE),
                Frame.of(Labels.STORE_HEADER, prefix(identity, wraps)),
                sealedKeys)) {
      byte[] encoded = ring.apply(byte[]::clone);
      try {
        return KeyRing.parse(encoded);
      } catch (MalformedException e) {
        throw StoreException.corrupted(e);
      } finally {
        Arrays.fill(encoded, (byte) 0);
      }
    }
  }

  private static Wrap wrap(
      StoreIdentity identity, WrapKey wrapKey, SecretBytes headerKey, SecureRandom random) {
    byte[] nonceArray = new byte[Aead.NONCE_SIZE];
    random.nextBytes(nonceArray);
    Bytes nonce = Bytes.copyOf(nonceArray);
    try (Aead aead = Aead.of(wrapKey.keyEncryptionKey())) {
      Bytes aad = wrapAad(identity, wrapKey.generation());
      return new Wrap(
          wrapKey.generation(), wrapKey.keyCheck(), nonce, aead.seal(nonce, aad, headerKey));
    }
  }

  private static Bytes wrapAad(StoreIdentity identity, long generation) {
    return Frame.of(Labels.STORE_WRAP)
        .add(FORMAT_VERSION)
        .add(identity.storeId())
        .add(identity.account())
        .add(generation)
        .toBytes();
  }

  private static Bytes prefix(StoreIdentity identity, List<Wrap> wraps) {
    ByteWriter out = new ByteWriter().bytes(MAGIC).u16be(FORMAT_VERSION);
    out.bytes(identity.storeId()).bytes(identity.account()).u8(wraps.size());
    for (Wrap wrap : wraps) {
      out.u64be(wrap.generation()).bytes(wrap.keyCheck()).bytes(wrap.nonce());
      out.bytes(wrap.sealedKey());
    }
    return out.toBytes();
  }
}
