package dev.holdfast.daemon.runtime;

import dev.holdfast.codec.Bytes;
import dev.holdfast.node.model.Input;
import dev.holdfast.protocol.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/// The two manifests and the store's folder beside them.
public final class ManifestFiles {
  private static final String COMMITTED = "manifest.json";
  private static final String PENDING = "manifest.pending.json";
  private static final String STORE = "store";

  private final Path folder;

  /// @param folder the node's data folder, which exists
  public ManifestFiles(Path folder) {
    this.folder = folder;
  }

  /// Where the store lies.
  public Path store() {
    return folder.resolve(STORE);
  }

  /// The committed manifest.
  ///
  /// @throws IOException when it cannot be read or is larger than any manifest
  public Optional<Bytes> committed() throws IOException {
    return DurableFiles.read(folder.resolve(COMMITTED), Limits.MANIFEST_MAX_BYTES);
  }

  /// The pending manifest.
  ///
  /// @throws IOException as [#committed]
  public Optional<Bytes> pending() throws IOException {
    return DurableFiles.read(folder.resolve(PENDING), Limits.MANIFEST_MAX_BYTES);
  }

  Input write(boolean committed, Bytes bytes) {
    try {
      DurableFiles.write(folder, committed ? COMMITTED : PENDING, bytes);
      if (committed) {
        DurableFiles.delete(folder, PENDING);
      }
      return new Input.ManifestWritten(committed);
    } catch (IOException e) {
      return new Input.ManifestNotWritten(committed, DurableFiles.reason(e));
    }
  }

  /// Writes another committed manifest; the one before is kept beside.
  ///
  /// @return where that is now; empty when there was none
  Optional<Path> replace(Bytes bytes) throws IOException {
    Optional<Bytes> before = committed();
    Optional<Path> kept = Optional.empty();
    if (before.isPresent() && !before.get().equals(bytes)) {
      int number = 1;
      while (exists(replaced(number))) {
        number++;
      }
      DurableFiles.write(folder, replaced(number), before.get());
      kept = Optional.of(folder.resolve(replaced(number)));
    }
    DurableFiles.write(folder, COMMITTED, bytes);
    return kept;
  }

  /// Undoes [#replace].
  void putBack(Optional<Bytes> before) throws IOException {
    if (before.isPresent()) {
      DurableFiles.write(folder, COMMITTED, before.get());
    } else {
      DurableFiles.delete(folder, COMMITTED);
    }
  }

  private static String replaced(int number) {
    return "manifest.replaced-" + number + ".json";
  }

  Input setPendingAside() {
    try {
      int number = 1;
      while (exists(PENDING + aside(number)) || exists(STORE + aside(number))) {
        number++;
      }
      // The store first: a store without a pending manifest would look like a lost one.
      move(STORE, number);
      move(PENDING, number);
      DurableFiles.syncFolder(folder);
      return new Input.SetAside();
    } catch (IOException e) {
      return new Input.NotSetAside(DurableFiles.reason(e));
    }
  }

  private void move(String name, int number) throws IOException {
    if (exists(name)) {
      Files.move(
          folder.resolve(name),
          folder.resolve(name + aside(number)),
          StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private boolean exists(String name) {
    return Files.exists(folder.resolve(name));
  }

  private static String aside(int number) {
    return ".aside-" + number;
  }
}
