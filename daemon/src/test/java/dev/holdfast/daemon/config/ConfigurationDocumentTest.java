package dev.holdfast.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// docs/operating/configuration.md says just what the code does.
final class ConfigurationDocumentTest {
  private static final Path DOCUMENT =
      Path.of(System.getProperty("holdfast.root", ".."), "docs/operating/configuration.md");

  @TempDir Path folder;

  @Test
  void table_rows_areAllSettingsAsTheCodeHasThem() throws Exception {
    List<String> rows =
        Files.readAllLines(DOCUMENT).stream().filter(line -> line.contains("`HOLDFAST_")).toList();
    assertEquals(Arrays.stream(Setting.values()).map(this::row).toList(), rows);
  }

  private String row(Setting setting) {
    String byDefault =
        setting
            .byDefault()
            .map(text -> isWords(text) ? text : "`" + text + "`")
            .orElse("**required**");
    return "| `%s` | `%s` | %s | %s |"
        .formatted(setting.key(), setting.variable(), byDefault, setting.meaning());
  }

  private static boolean isWords(String text) {
    return text.contains("`") || text.equals("empty") || text.equals("none");
  }

  @Test
  void examples_all_areAccepted() throws Exception {
    Matcher examples =
        Pattern.compile("```toml\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(DOCUMENT));
    List<NodeConfiguration> read = new ArrayList<>();
    while (examples.find()) {
      Path file = Files.writeString(folder.resolve("node.toml"), examples.group(1));
      read.add(ConfigurationReader.read(Optional.of(file), Map.of()));
    }
    assertEquals(List.of(false, true), read.stream().map(NodeConfiguration::simulated).toList());
  }
}
