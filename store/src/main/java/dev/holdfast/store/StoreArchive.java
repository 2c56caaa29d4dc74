package dev.holdfast.store;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.Aead;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.store.StoreException.Kind;
import dev.holdfast.store.archive.ArchiveFormat;
import dev.holdfast.store.archive.ArchiveReader;
import dev.holdfast.store.archive.ArchiveWriter;
import dev.holdfast.store.keys.RunKeys;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/// A store as one file, to move it to another machine: [#export] writes it, [#stage] reads it to a
/// folder beside the place where the store belongs, [#place] checks it and puts it there.
///
/// It holds what the engine holds, sealed as it is there, and needs no root key to be written. What
/// vouches for it is what vouches for a store: its own header, state and set digest, under the root
/// key.
///
/// Spec: docs/spec/archive.md
public final class StoreArchive implements AutoCloseable {
  /// Most bytes that may travel beside a store.
  public static final int MAX_ATTACHMENT_BYTES = ArchiveFormat.MAX_ATTACHMENT_BYTES;

  private static final int GROUP_BYTES = 4 << 20;
  private static final int MIN_RECORD_BYTES = Sealer.HEAD_SIZE + Aead.OVERHEAD;

  private final Path path;
  private final Optional<StoreFolder> present;
  private final StoreFolder staged;
  private final Contents contents;
  private final Bytes attachment;
  private boolean placed;
  private boolean closed;

  /// What an archive says of itself; true only when [#place] or an open has checked it.
  ///
  /// @param generations whose root keys open it: one, or two during a rotation
  /// @param version as [SealedStore#witness] gives it
  /// @param ledgerVersion as [SealedStore#ledgerWitness] gives it
  public record Contents(
      StoreIdentity identity,
      List<Long> generations,
      long version,
      long ledgerVersion,
      long records) {
    public Contents {
      generations = List.copyOf(generations);
    }
  }

  // The first two values of every store.
  private record Head(Bytes headerBytes, Header header, Bytes stateBytes, StoreWitness.Pair state) {
    static Head of(byte[] header, byte[] state) throws StoreException {
      return new Head(
          Bytes.copyOf(header),
          Header.parse(header),
          Bytes.copyOf(state),
          StateSealer.readable(state));
    }

    static Head of(Engine engine) throws StoreException {
      return of(
          OpenStore.require(engine, Engine.Keys.header(), "header"),
          OpenStore.require(engine, Engine.Keys.state(), "state"));
    }

    Contents contents(long records) {
      return new Contents(
          header.identity(),
          header.generations(),
          state.store().version(),
          state.ledger().version(),
          records);
    }
  }

  private StoreArchive(
      Path path,
      Optional<StoreFolder> present,
      StoreFolder staged,
      Contents contents,
      Bytes attachment) {
    this.path = path;
    this.present = present;
    this.staged = staged;
    this.contents = contents;
    this.attachment = attachment;
  }

  /// Writes the store at `path`, which nobody has open, to `out`, which stays the caller's. Changes
  /// nothing at `path`; checks no more than the engine's checksums and the form of the entries.
  ///
  /// @param attachment travels readable beside the store; at most [#MAX_ATTACHMENT_BYTES]
  /// @throws StoreException `MISSING`, `LOCKED`, `CORRUPTED`, `UNSUPPORTED_VERSION`, or `FULL` or
  ///   `FAILED`, also when `out` is: what `out` got then is no archive
  public static Contents export(Path path, Bytes attachment, OutputStream out)
      throws StoreException {
    try (StoreFolder folder = StoreFolder.open(path);
        Engine engine = Engine.openToRead(folder.engine())) {
      Head head = Head.of(engine);
      ArchiveWriter writer = ArchiveWriter.begin(out, attachment);
      Records records = new Records();
      engine.scan(
          new byte[0],
          (key, value) -> {
            if (!Engine.Keys.isHeaderOrState(key)) {
              records.judge(key, value);
            }
            try {
              writer.add(key, value);
            } catch (IOException e) {
              throw streamFailed("write", e);
            }
            return true;
          });
      writer.finish();
      return head.contents(records.count);
    } catch (IOException e) {
      throw streamFailed("write", e);
    }
  }

  /// What an archive says of itself, and what travels beside its store.
  public record Inspected(Contents contents, Bytes attachment) {}

  /// Reads an archive to its end and keeps nothing of it: it is whole, and nobody vouches for it.
  ///
  /// @throws StoreException `UNSUPPORTED_VERSION`, `CORRUPTED` or `FAILED`
  public static Inspected inspect(InputStream in) throws StoreException {
    try {
      ArchiveReader reader = ArchiveReader.begin(in);
      Head head = acceptedHead(reader, Optional.empty(), Optional.empty());
      Records records = new Records();
      while (reader.next()) {
        records.judge(reader.key(), reader.value());
      }
      return new Inspected(head.contents(records.count), reader.attachment());
    } catch (MalformedException e) {
      throw malformed(e);
    } catch (IOException e) {
      throw streamFailed("read", e);
    }
  }

  /// Reads an archive to its end and keeps the store beside `path` until [#place]. Both are locked
  /// until [#close]. What is at `path` is not changed.
  ///
  /// @param account that the archive must be of; empty for that of the store at `path`, or any when
  ///   there is none
  /// @throws StoreException `WRONG_ACCOUNT`; `WRONG_STORE` when there is another store at `path`;
  ///   `ROLLED_BACK` when that one is later, or another history of this one; `EXISTS` when it is
  ///   this one; `LOCKED` when somebody has it open; `UNSUPPORTED_VERSION`; `CORRUPTED` when the
  ///   archive, or what is at `path`, is damaged; `FULL` or `FAILED`
  public static StoreArchive stage(InputStream in, Path path, Optional<Bytes> account)
      throws StoreException {
    Optional<StoreFolder> present = StoreFolder.openIfPresent(path);
    try {
      ArchiveReader reader = ArchiveReader.begin(in);
      Head head = acceptedHead(reader, account, present);
      StoreFolder staged = StoreFolder.importBeside(path);
      try {
        long records = load(reader, head, staged);
        return new StoreArchive(path, present, staged, head.contents(records), reader.attachment());
      } catch (StoreException | IOException | MalformedException | RuntimeException | Error e) {
        staged.delete();
        throw e;
      }
    } catch (MalformedException e) {
      unlock(present);
      throw malformed(e);
    } catch (IOException e) {
      unlock(present);
      throw streamFailed("read", e);
    } catch (StoreException | RuntimeException | Error e) {
      unlock(present);
      throw e;
    }
  }

  public Contents contents() {
    return contents;
  }

  /// What travelled beside the store. Nobody vouches for it.
  public Bytes attachment() {
    return attachment;
  }

  /// Checks the whole store as an open does, then puts it in place.
  ///
  /// @param rootKey of any generation of [Contents#generations]; stays the caller's
  /// @return where the store is that was replaced; empty when there was none
  /// @throws StoreException as [SealedStore#open(Path, StoreIdentity, SecretBytes, SecureRandom,
  ///   CheckProgress)]: then what was at the place is there still
  public Optional<Path> place(
      StoreIdentity expected, SecretBytes rootKey, SecureRandom random, CheckProgress progress)
      throws StoreException {
    OpenStore.check(staged, expected, rootKey, random, progress);
    return placeUnchecked();
  }

  /// Puts the store in place for a machine that has no root key yet: the next open makes the full
  /// check. When that refuses it, what was replaced is where this says.
  ///
  /// @return as [#place]
  /// @throws StoreException `FAILED`: then what was at the place is there, or the new store is
  public Optional<Path> placeUnchecked() throws StoreException {
    InvariantError.check(!placed, "a store is put in place once");
    if (present.isPresent()) {
      Path kept = staged.replace(present.get());
      placed = true;
      return Optional.of(kept);
    }
    staged.moveTo(path);
    placed = true;
    return Optional.empty();
  }

  /// Removes what was not put in place, and unlocks; idempotent.
  @Override
  public void close() throws StoreException {
    if (closed) {
      return;
    }
    closed = true;
    try {
      if (placed) {
        staged.close();
      } else {
        staged.delete();
      }
    } finally {
      unlock(present);
    }
  }

  // A refusal counts when the archive is whole: damage may look like anything.
  private static Head acceptedHead(
      ArchiveReader reader, Optional<Bytes> account, Optional<StoreFolder> present)
      throws IOException, MalformedException, StoreException {
    byte[] header = required(reader, Engine.Keys.header(), "header");
    byte[] state = required(reader, Engine.Keys.state(), "state");
    try {
      Head head = Head.of(header, state);
      require(head, account, present);
      return head;
    } catch (StoreException e) {
      reader.skipToEnd();
      throw e;
    }
  }

  private static byte[] required(ArchiveReader reader, byte[] key, String what)
      throws IOException, MalformedException, StoreException {
    if (!reader.next() || !Arrays.equals(reader.key(), key)) {
      throw StoreException.corrupted("archive: the " + what + " is missing");
    }
    return reader.value();
  }

  private static void require(Head head, Optional<Bytes> account, Optional<StoreFolder> present)
      throws StoreException {
    StoreIdentity identity = head.header().identity();
    if (account.isPresent()) {
      OpenStore.requireIdentity(new StoreIdentity(identity.storeId(), account.get()), identity);
    }
    if (present.isPresent()) {
      try (Engine engine = Engine.openToRead(present.get().engine())) {
        Head there = Head.of(engine);
        OpenStore.requireIdentity(there.header().identity(), identity);
        requireLater(there.state(), head.state());
      }
    }
  }

  private static void requireLater(StoreWitness.Pair there, StoreWitness.Pair archived)
      throws StoreException {
    if (archived.equals(there)) {
      throw new StoreException(
          Kind.EXISTS,
          "store: the one in place is the archive's already, at version %d"
              .formatted(there.store().version()));
    }
    requireNotBefore("store", there.store(), archived.store());
    requireNotBefore("ledger", there.ledger(), archived.ledger());
  }

  private static void requireNotBefore(String side, StoreWitness there, StoreWitness archived)
      throws StoreException {
    if (archived.version() < there.version()) {
      throw new StoreException(
          Kind.ROLLED_BACK,
          "archive: expected %s version %d or later as in the store in place, found %d"
              .formatted(side, there.version(), archived.version()));
    }
    if (archived.version() == there.version() && !archived.mac().equals(there.mac())) {
      throw new StoreException(
          Kind.ROLLED_BACK,
          "archive: its %s version %d is not the one in place: another history of this store"
              .formatted(side, archived.version()));
    }
  }

  // The reader stands behind header and state.
  private static long load(ArchiveReader reader, Head head, StoreFolder staged)
      throws StoreException, IOException, MalformedException {
    Records records = new Records();
    try (Engine engine = Engine.create(staged.engine());
        WriteBatch group = new WriteBatch()) {
      group.put(Engine.Keys.header(), head.headerBytes().toArray());
      group.put(Engine.Keys.state(), head.stateBytes().toArray());
      while (reader.next()) {
        records.judge(reader.key(), reader.value());
        group.put(reader.key(), reader.value());
        if (group.getDataSize() >= GROUP_BYTES) {
          engine.write(group);
          group.clear();
        }
      }
      engine.write(group);
    } catch (RocksDBException e) {
      throw Engine.translate("write", Engine.kind(e), e);
    }
    return records.count;
  }

  // Whether entries have the form of a store's, header and state apart.
  private static final class Records {
    private long count;

    void judge(byte[] key, byte[] value) throws StoreException {
      if (Engine.Keys.saltId(key).isPresent()) {
        require(value.length == RunKeys.SALT_SIZE, "a run salt of 32 bytes");
      } else {
        require(RecordKey.parse(key).isPresent(), "a key of a store");
        require(
            value.length >= MIN_RECORD_BYTES && value.length <= ArchiveFormat.MAX_VALUE_BYTES,
            "a record of some size");
        count++;
      }
    }

    private static void require(boolean good, String expected) throws StoreException {
      if (!good) {
        throw StoreException.corrupted("entry: expected " + expected + ", found another");
      }
    }
  }

  private static void unlock(Optional<StoreFolder> folder) throws StoreException {
    if (folder.isPresent()) {
      folder.get().close();
    }
  }

  private static StoreException malformed(MalformedException e) {
    return e.field().equals(ArchiveReader.VERSION_FIELD)
        ? new StoreException(Kind.UNSUPPORTED_VERSION, String.valueOf(e.getMessage()), e)
        : StoreException.corrupted(e);
  }

  private static StoreException streamFailed(String doing, IOException e) {
    // The system's words for ENOSPC; the JDK has no type for it.
    boolean full = String.valueOf(e.getMessage()).contains("No space left");
    return new StoreException(
        full ? Kind.FULL : Kind.FAILED, "archive: cannot " + doing + " it: " + e, e);
  }
}
