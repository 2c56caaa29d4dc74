package dev.holdfast.registry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The operating system's watch on a folder (inotify). On file systems without one it stays silent.
final class SystemWatch implements FolderWatch {
  private final Path folder;
  private final WatchService service;
  private @Nullable WatchKey key;

  private SystemWatch(Path folder, WatchService service) {
    this.folder = folder;
    this.service = service;
  }

  /// @throws IOException when the system has no watch left to give
  static SystemWatch open(Path folder) throws IOException {
    return new SystemWatch(folder, folder.getFileSystem().newWatchService());
  }

  @Override
  public Change take() throws InterruptedException {
    try {
      WatchKey next = service.take();
      Set<String> names = new TreeSet<>();
      boolean anything = false;
      while (next != null) {
        anything |= collect(next, names);
        next = service.poll();
      }
      return anything ? new Anything() : new Names(names);
    } catch (ClosedWatchServiceException e) {
      return new Closed();
    }
  }

  /// Adds the names of the events to `names`; true when the key cannot tell all of them.
  private static boolean collect(WatchKey key, Set<String> names) {
    boolean anything = false;
    for (WatchEvent<?> event : key.pollEvents()) {
      if (event.context() instanceof Path name) {
        names.add(name.toString());
      } else {
        anything = true;
      }
    }
    boolean valid = key.reset();
    return anything || !valid;
  }

  @Override
  public synchronized void renew() {
    try {
      // The same folder gives the same key again; another one by this name gives a new key.
      WatchKey now =
          folder.register(
              service,
              StandardWatchEventKinds.ENTRY_CREATE,
              StandardWatchEventKinds.ENTRY_MODIFY,
              StandardWatchEventKinds.ENTRY_DELETE);
      if (key != null && !key.equals(now)) {
        key.cancel();
      }
      key = now;
    } catch (IOException | ClosedWatchServiceException e) {
      key = null;
    }
  }

  @Override
  public void close() {
    try {
      service.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
