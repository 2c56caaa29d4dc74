package dev.holdfast.platform;

import dev.holdfast.attestation.Collateral;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/// Collateral from a file of at most [Collateral#MAX_SIZE] bytes, as `vectors/dcap` and `holdfast
/// simulator collateral` have it.
///
/// Every [#refresh] reads the file and compares its bytes with the last ones: a time stamp or a
/// size alone would miss a file written twice within one tick. A file that is gone, half written or
/// otherwise no collateral never replaces one that was read before. Thread-safe.
public final class CollateralFile implements CollateralSource {
  private final Path file;
  private volatile View view = new View(Optional.empty(), Optional.empty());
  private Bytes lastRead = Bytes.EMPTY;

  private CollateralFile(Path file) {
    this.file = file;
  }

  /// Reads `file` for the first time; whether that went well is in the view.
  public static CollateralFile open(Path file) {
    CollateralFile source = new CollateralFile(file);
    source.refresh();
    return source;
  }

  @Override
  public View view() {
    return view;
  }

  @Override
  public synchronized View refresh() {
    View next = look();
    view = next;
    return next;
  }

  private View look() {
    Bytes bytes;
    try {
      if (Files.exists(file) && !Files.isRegularFile(file)) {
        return keep(Kind.NOT_A_FILE, "expected a regular file, found something else");
      }
      bytes = read();
    } catch (NoSuchFileException e) {
      return keep(Kind.ABSENT, "there is no such file");
    } catch (IOException e) {
      return keep(Kind.UNREADABLE, "cannot be read: " + KernelError.textOf(e));
    }
    if (bytes.size() > Collateral.MAX_SIZE) {
      return keep(Kind.TOO_LARGE, "expected at most " + Collateral.MAX_SIZE + " bytes, found more");
    }
    if (view.collateral().isPresent() && bytes.equals(lastRead)) {
      return new View(view.collateral(), Optional.empty());
    }
    try {
      Collateral collateral = Collateral.parse(bytes);
      lastRead = bytes;
      return new View(Optional.of(collateral), Optional.empty());
    } catch (MalformedException e) {
      return keep(Kind.MALFORMED, String.valueOf(e.getMessage()));
    }
  }

  /// A stream, since an interrupt does not end it: what is known must not depend on who looks.
  private Bytes read() throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return Bytes.copyOf(in.readNBytes(Collateral.MAX_SIZE + 1));
    }
  }

  private View keep(Kind kind, String what) {
    return new View(
        view.collateral(), Optional.of(new Problem(kind, "collateral " + file + ": " + what)));
  }
}
