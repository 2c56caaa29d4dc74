package dev.holdfast.platform.collateral;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.platform.collateral.CollateralServiceException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// docs/operating/collateral.md has one row for every code, in their order, and names the limits.
final class CollateralPageTest {
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z-]+)` \\|.*$");

  @Test
  void rows_ofTheErrors_areTheCodes() throws IOException {
    String page = page();
    String errors = page.substring(page.indexOf("## Errors"));

    assertEquals(
        Arrays.stream(Kind.values()).map(Kind::code).toList(),
        ROW.matcher(errors).results().map(row -> row.group(1)).toList());
  }

  @Test
  void limits_ofThePage_areThoseOfTheCode() throws IOException {
    String page = page().replace('\n', ' ');
    CollateralService.Options options = CollateralService.Options.defaults();

    assertTrue(
        page.contains("at most %d characters".formatted(ServiceReply.MAX_HEADER_CHARACTERS)));
    assertTrue(page.contains("at most %d bytes".formatted(ServiceReply.MAX_BODY_BYTES)));
    assertTrue(
        page.contains(
            "waited for %d s, a request %d s, all requests for one set %d s"
                .formatted(
                    options.connectTimeout().toSeconds(),
                    options.requestDeadline().toSeconds(),
                    options.totalDeadline().toSeconds())));
  }

  private static String page() throws IOException {
    Path root = Path.of(System.getProperty("holdfast.root", ".."));
    return Files.readString(root.resolve("docs/operating/collateral.md"));
  }
}
