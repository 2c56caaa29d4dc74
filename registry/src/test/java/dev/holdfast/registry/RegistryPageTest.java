package dev.holdfast.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.registry.MembershipView.Ignored;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// docs/operating/registry.md has one row for every code, in their order.
final class RegistryPageTest {
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z-]+)` \\|");

  @Test
  void rows_ofThePage_areTheCodes() throws IOException {
    Path root = Path.of(System.getProperty("holdfast.root", ".."));
    String page = Files.readString(root.resolve("docs/operating/registry.md"));
    Stream<String> ignored = Arrays.stream(Ignored.Kind.values()).map(Ignored.Kind::code);
    Stream<String> failures =
        Arrays.stream(RegistryException.Kind.values()).map(RegistryException.Kind::code);

    assertEquals(
        Stream.concat(ignored, failures).toList(),
        ROW.matcher(page).results().map(row -> row.group(1)).toList());
  }
}
