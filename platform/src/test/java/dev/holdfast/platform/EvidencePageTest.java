package dev.holdfast.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.platform.EvidenceException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// docs/operating/evidence.md has one row for every code, in their order, and says the same.
final class EvidencePageTest {
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z-]+)` \\|.*$");

  @Test
  void rows_ofThePage_areTheCodes() throws IOException {
    Stream<String> evidence = Arrays.stream(Kind.values()).map(Kind::code);
    Stream<String> collateral =
        Arrays.stream(CollateralSource.Kind.values()).map(CollateralSource.Kind::code);

    assertEquals(
        Stream.concat(evidence, collateral).toList(),
        ROW.matcher(page()).results().map(row -> row.group(1)).toList());
  }

  @Test
  void rows_ofThePage_sayWhatIsTriedAgain() throws IOException {
    String page = page();
    for (Kind kind : Kind.values()) {
      String again = kind.passing() ? "yes" : "no";
      Pattern row = Pattern.compile("(?m)^\\| `" + kind.code() + "` \\|[^|]*\\| " + again + " \\|");
      assertTrue(row.matcher(page).find(), kind.code());
    }
  }

  private static String page() throws IOException {
    Path root = Path.of(System.getProperty("holdfast.root", ".."));
    return Files.readString(root.resolve("docs/operating/evidence.md"));
  }
}
