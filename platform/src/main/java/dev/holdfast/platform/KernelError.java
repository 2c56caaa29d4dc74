package dev.holdfast.platform;

import dev.holdfast.platform.EvidenceException.Kind;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import java.util.Objects;

/// Tells kernel errors apart. Java keeps no error number, only the C library's text: glibc's and
/// musl's English ones are known. Any other text is [Kind#OTHER], which is retried, so that a
/// translated "busy" still is.
final class KernelError {
  private static final Map<String, Kind> KINDS =
      Map.ofEntries(
          Map.entry("No such device or address", Kind.NO_PROVIDER),
          Map.entry("No such device", Kind.NO_PROVIDER),
          Map.entry("Permission denied", Kind.NOT_PERMITTED),
          Map.entry("Operation not permitted", Kind.NOT_PERMITTED),
          Map.entry("Read-only file system", Kind.NOT_PERMITTED),
          Map.entry("Not a directory", Kind.NOT_CONFIGFS),
          Map.entry("Device or resource busy", Kind.BUSY),
          Map.entry("Resource busy", Kind.BUSY),
          Map.entry("Resource temporarily unavailable", Kind.BUSY),
          Map.entry("Interrupted system call", Kind.INTERRUPTED),
          Map.entry("Connection timed out", Kind.HOST_SILENT),
          Map.entry("Operation timed out", Kind.HOST_SILENT),
          Map.entry("Input/output error", Kind.HOST_FAILED),
          Map.entry("I/O error", Kind.HOST_FAILED),
          Map.entry("Invalid argument", Kind.REFUSED_INPUT),
          Map.entry("File too large", Kind.TOO_LARGE),
          Map.entry("Cannot allocate memory", Kind.NO_MEMORY),
          Map.entry("Out of memory", Kind.NO_MEMORY));

  private static final int MAX_TEXT_CHARACTERS = 120;

  private KernelError() {}

  /// What `error` means; a file that is not there means `whenAbsent`.
  static Kind kindOf(IOException error, Kind whenAbsent) {
    if (error instanceof NoSuchFileException) {
      return whenAbsent;
    }
    if (error instanceof AccessDeniedException) {
      return Kind.NOT_PERMITTED;
    }
    return KINDS.getOrDefault(reason(error), Kind.OTHER);
  }

  /// The C library's text in `error`, printable and of bounded length.
  static String textOf(IOException error) {
    String reason = reason(error);
    return reason.isEmpty() ? error.getClass().getSimpleName() : printable(reason);
  }

  static String printable(String text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length() && i < MAX_TEXT_CHARACTERS; i++) {
      char c = text.charAt(i);
      out.append(Character.isISOControl(c) || Character.isSurrogate(c) ? '?' : c);
    }
    return out.toString();
  }

  private static String reason(IOException error) {
    String reason =
        error instanceof FileSystemException named ? named.getReason() : error.getMessage();
    return Objects.requireNonNullElse(reason, "");
  }
}
