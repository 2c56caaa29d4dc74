package dev.holdfast.entropy;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/// The rows of `vectors/*.txt`: kind and fields, parted by tabs; comments start with `#`.
public final class Vectors {
  private Vectors() {}

  /// The rows of one kind, without the kind.
  public static List<List<String>> rows(String file, String kind) throws IOException {
    try (InputStream in = Vectors.class.getResourceAsStream("/vectors/" + file)) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      return text.lines()
          .filter(line -> line.startsWith(kind + "\t"))
          .map(line -> List.of(line.split("\t", -1)))
          .map(row -> row.subList(1, row.size()))
          .toList();
    }
  }

  public static Bytes hex(String digits) {
    try {
      return Bytes.parseHex(digits);
    } catch (MalformedException e) {
      throw new AssertionError(digits, e);
    }
  }
}
