package dev.holdfast.cli.console;

import dev.holdfast.codec.Bytes;
import dev.holdfast.daemon.runtime.DurableFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// A file that a command makes and that others need not read.
public final class OwnerFile {
  private OwnerFile() {}

  /// Replaces `file`, owner-only, durably.
  public static void write(Path file, Bytes content) throws IOException {
    Path absolute = file.toAbsolutePath();
    Path folder = Optional.ofNullable(absolute.getParent()).orElse(absolute);
    DurableFiles.write(folder, String.valueOf(absolute.getFileName()), content);
  }
}
