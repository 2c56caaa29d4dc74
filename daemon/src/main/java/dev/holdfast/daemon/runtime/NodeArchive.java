package dev.holdfast.daemon.runtime;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.protocol.manifest.Manifest;
import dev.holdfast.store.StoreArchive;
import dev.holdfast.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// A stopped node as one file: its sealed store, and beside it the manifest with which the store's
/// key is recovered. Nothing else of a data folder is needed on another machine.
///
/// Spec: docs/spec/archive.md#of-a-node
public final class NodeArchive {
  private NodeArchive() {}

  /// Why files that are sound cannot be moved like this; says what to do.
  public static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    RefusedException(String message) {
      super(message);
    }
  }

  /// What an import did.
  ///
  /// @param keptStore where the store is that was replaced
  /// @param keptManifest where the manifest is that was replaced
  public record Imported(
      StoreArchive.Contents contents, Optional<Path> keptStore, Optional<Path> keptManifest) {}

  /// Writes the node of `dataDir` to `out`, which stays the caller's and holds no archive when this
  /// throws.
  ///
  /// @throws IOException when a node runs there, or there is no manifest to read
  /// @throws StoreException as [StoreArchive#export]
  /// @throws RefusedException when a new key is being placed, or manifest and store are not of one
  ///   another
  public static StoreArchive.Contents export(Path dataDir, OutputStream out)
      throws IOException, StoreException, RefusedException {
    if (!Files.isDirectory(dataDir)) {
      throw new IOException(dataDir + ": no such folder");
    }
    try (FolderLock _ = FolderLock.take(dataDir)) {
      ManifestFiles files = new ManifestFiles(dataDir);
      requireNothingPending(files);
      Bytes bytes =
          files
              .committed()
              .orElseThrow(() ->
                  new IOException(
                      dataDir + ": no manifest.json, without which nobody can open the store"));
      Manifest manifest = parse("manifest.json", bytes);
      StoreArchive.Contents contents = StoreArchive.export(files.store(), bytes, out);
      requireOneAnother(manifest, contents);
      return contents;
    }
  }

  /// Reads an archive and keeps nothing of it: whole, and its manifest is that of its store.
  /// Whether it is genuine is found by the start after an import.
  ///
  /// @throws StoreException as [StoreArchive#inspect]
  /// @throws RefusedException when the archive has no manifest of its store
  public static StoreArchive.Contents check(InputStream in)
      throws StoreException, RefusedException {
    StoreArchive.Inspected inspected = StoreArchive.inspect(in);
    requireOneAnother(
        parse("the archive's manifest", inspected.attachment()), inspected.contents());
    return inspected.contents();
  }

  /// Makes `dataDir` the folder of the node in an archive. What is there is replaced when it is an
  /// earlier state of the same store, and kept beside. The next start checks the store fully.
  ///
  /// An import that was interrupted is done again.
  ///
  /// @param account that the archive must be of; empty for that of the node in `dataDir`, or any
  ///   when there is none
  /// @throws IOException when a node runs there, or the disk fails
  /// @throws StoreException as [StoreArchive#stage]; nothing has changed then
  /// @throws RefusedException when the archive has no manifest of its store, or the one in
  ///   `dataDir` is of another node or later; nothing has changed then
  public static Imported importTo(Path dataDir, InputStream in, Optional<Bytes> account)
      throws IOException, StoreException, RefusedException {
    DurableFiles.createFolder(dataDir);
    try (FolderLock _ = FolderLock.take(dataDir)) {
      ManifestFiles files = new ManifestFiles(dataDir);
      requireNothingPending(files);
      Optional<Bytes> present = files.committed();
      try (StoreArchive staged = StoreArchive.stage(in, files.store(), account)) {
        Manifest manifest = parse("the archive's manifest", staged.attachment());
        requireOneAnother(manifest, staged.contents());
        if (present.isPresent()) {
          requireSuccessor(parse("manifest.json", present.get()), manifest);
        }
        return place(files, staged, present);
      }
    }
  }

  // The manifest first: when a crash follows, the import is done again; after the store it would be
  // refused as one that is there already.
  private static Imported place(ManifestFiles files, StoreArchive staged, Optional<Bytes> present)
      throws IOException, StoreException {
    Optional<Path> keptManifest = files.replace(staged.attachment());
    Optional<Path> keptStore;
    try {
      keptStore = staged.placeUnchecked();
    } catch (StoreException e) {
      files.putBack(present);
      throw e;
    }
    return new Imported(staged.contents(), keptStore, keptManifest);
  }

  private static void requireNothingPending(ManifestFiles files)
      throws IOException, RefusedException {
    if (files.pending().isPresent()) {
      throw new RefusedException(
          "there is a manifest.pending.json: a key is being placed with providers. Start the node"
              + " and wait until it is ready");
    }
  }

  private static Manifest parse(String what, Bytes bytes) throws RefusedException {
    Manifest manifest;
    try {
      manifest = Manifest.parse(bytes).manifest();
    } catch (MalformedException e) {
      throw new RefusedException(what + ": " + e.getMessage());
    }
    if (!manifest.committed()) {
      throw new RefusedException(what + " says that it was never committed");
    }
    return manifest;
  }

  private static void requireOneAnother(Manifest manifest, StoreArchive.Contents contents)
      throws RefusedException {
    if (!manifest.terms().depositor().bytes().equals(contents.identity().account())
        || !manifest.terms().storeId().equals(contents.identity().storeId())) {
      throw new RefusedException("manifest and store are not of one another");
    }
    if (!contents.generations().contains(manifest.terms().generation())) {
      throw new RefusedException(
          "the manifest is of generation %d, and the store opens with the key of %s"
              .formatted(manifest.terms().generation(), contents.generations()));
    }
  }

  private static void requireSuccessor(Manifest present, Manifest next) throws RefusedException {
    if (!present.terms().depositor().equals(next.terms().depositor())
        || !present.terms().storeId().equals(next.terms().storeId())) {
      throw new RefusedException(
          "manifest.json is of another node: expected account %s, found %s. Import into a folder of"
                  .formatted(present.terms().depositor(), next.terms().depositor())
              + " its own");
    }
    if (next.terms().generation() < present.terms().generation()) {
      throw new RefusedException(
          "the archive's key is of generation %d, and manifest.json knows of %d: providers have"
                  .formatted(next.terms().generation(), present.terms().generation())
              + " forgotten the older one");
    }
  }
}
