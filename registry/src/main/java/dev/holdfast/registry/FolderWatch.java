package dev.holdfast.registry;

import java.util.Set;

/// Tells that something in a folder changed, as soon as it knows. May be wrong either way: whoever
/// uses it also looks by itself from time to time.
interface FolderWatch extends AutoCloseable {
  sealed interface Change {}

  /// The files of these names were created, changed or removed.
  record Names(Set<String> names) implements Change {}

  /// Anything may have changed.
  record Anything() implements Change {}

  /// The watch was closed; nothing more will come.
  record Closed() implements Change {}

  /// Waits for the next change; several that happened meanwhile come as one.
  Change take() throws InterruptedException;

  /// Makes sure that the folder that has its name now is the one that is watched.
  void renew();

  @Override
  void close();
}
