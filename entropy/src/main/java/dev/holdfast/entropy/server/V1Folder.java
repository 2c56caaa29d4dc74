package dev.holdfast.entropy.server;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.entropy.account.Account;
import dev.holdfast.entropy.hash.Blake2;
import dev.holdfast.entropy.sr25519.Sr25519Key;
import dev.holdfast.entropy.v1.ProviderDetails;
import dev.holdfast.entropy.v1.TssKeys;
import dev.holdfast.store.Batch;
import dev.holdfast.store.Name;
import dev.holdfast.store.SealedStore;
import dev.holdfast.store.Space;
import dev.holdfast.store.StoreException;
import dev.holdfast.store.StoreIdentity;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.Set;

/// A server's folder: the store, the provider file, and a mark that stands while the store's key is
/// held by nobody else yet.
final class V1Folder {
  private static final String STORE = "store";
  private static final String UNCONFIRMED = "unconfirmed";
  private static final Name SIGNING = Name.of("SR25519_SEED");
  private static final Name ENCRYPTION = Name.of("X25519_SECRET");
  private static final Bytes STORE_LABEL = Bytes.utf8("holdfast/entropy-v1/store");

  private final Path folder;
  private final SecureRandom random;

  V1Folder(Path folder, SecureRandom random) {
    this.folder = folder;
    this.random = random;
  }

  /// The provider file; empty when there is none.
  ///
  /// @throws IOException also when it has another form
  Optional<ProviderDetails> details() throws IOException {
    Path file = folder.resolve(ProviderDetails.FILE);
    try {
      if (Files.size(file) > ProviderDetails.MAX_SIZE) {
        throw new IOException(ProviderDetails.FILE + " is larger than 4096 bytes");
      }
      return Optional.of(ProviderDetails.parse(Bytes.copyOf(Files.readAllBytes(file))));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (MalformedException e) {
      throw new IOException(ProviderDetails.FILE + ": " + e.getMessage(), e);
    }
  }

  /// Writes the provider file durably; from now on a restart recovers.
  void confirm(ProviderDetails details) throws IOException {
    write(ProviderDetails.FILE, details.toBytes());
    Files.deleteIfExists(folder.resolve(UNCONFIRMED));
    sync();
  }

  boolean hasStore() {
    return Files.exists(folder.resolve(STORE));
  }

  /// Makes a new store of `keys` under `storeKey`. A store that was never confirmed is put aside
  /// before: nobody holds its key.
  ///
  /// @throws IOException also when there is a store that was confirmed once
  OpenNode create(TssKeys keys, SecretBytes storeKey, int maxDeposits)
      throws IOException, StoreException {
    Files.createDirectories(folder);
    if (hasStore()) {
      if (!Files.exists(folder.resolve(UNCONFIRMED))) {
        throw new IOException(
            "there is a store but no "
                + ProviderDetails.FILE
                + ": bring the file back, or move the store away to start with a new identity");
      }
      Path aside = folder.resolve(STORE + "-unconfirmed");
      for (int i = 1; Files.exists(aside); i++) {
        aside = folder.resolve(STORE + "-unconfirmed-" + i);
      }
      Files.move(folder.resolve(STORE), aside, StandardCopyOption.ATOMIC_MOVE);
    }
    write(UNCONFIRMED, Bytes.EMPTY);
    SealedStore store =
        SealedStore.create(folder.resolve(STORE), identity(keys.account()), 1, storeKey, random);
    try (SecretBytes seed = keys.seed();
        SecretBytes secret = keys.encryption().secret()) {
      store.write(new Batch().put(Space.USER, SIGNING, seed).put(Space.USER, ENCRYPTION, secret));
    }
    return new OpenNode(store, storeKey, keys, Deposits.of(store, maxDeposits));
  }

  /// Opens the store of `account`. The account stands in its header and must be that of the keys
  /// inside: a store that somebody made around keys of his own choice is noticed only if he did not
  /// choose the file as well (G3).
  ///
  /// @param storeKey becomes the node's
  OpenNode open(Account account, SecretBytes storeKey, int maxDeposits)
      throws IOException, StoreException {
    SealedStore store =
        SealedStore.open(folder.resolve(STORE), identity(account), storeKey, random);
    try (SecretBytes seed = secret(store, SIGNING);
        SecretBytes secret = secret(store, ENCRYPTION)) {
      TssKeys keys = TssKeys.of(seed, secret);
      if (!keys.account().equals(account)) {
        keys.close();
        throw new IOException("the store holds the keys of another account");
      }
      return new OpenNode(store, storeKey, keys, Deposits.of(store, maxDeposits));
    } catch (IOException | StoreException e) {
      store.close();
      throw e;
    }
  }

  private static SecretBytes secret(SealedStore store, Name name)
      throws IOException, StoreException {
    SecretBytes secret =
        store.get(Space.USER, name).orElseThrow(() -> new IOException("the store lacks its keys"));
    if (secret.size() != Sr25519Key.SEED_SIZE) {
      secret.close();
      throw new IOException("a key in the store has not 32 bytes");
    }
    return secret;
  }

  private static StoreIdentity identity(Account account) {
    return new StoreIdentity(Blake2.b(32, STORE_LABEL, account.bytes()), account.bytes());
  }

  private void write(String name, Bytes content) throws IOException {
    Path temporary = folder.resolve(name + ".tmp");
    Set<StandardOpenOption> options =
        Set.of(
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
    try (FileChannel channel = FileChannel.open(temporary, options)) {
      ByteBuffer buffer = ByteBuffer.wrap(content.toArray());
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
    Files.move(temporary, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    sync();
  }

  private void sync() throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
