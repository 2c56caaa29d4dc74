package dev.holdfast.tidy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Every Java file is as google-java-format writes it; `./dev format` mends what is not.
final class FormatTest {
  private static final JavaFormatterOptions OPTIONS = JavaFormatterOptions.defaultOptions();
  private static final boolean WRITE = "write".equals(System.getProperty("holdfast.format"));
  private static final Formatter FORMATTER = new Formatter(OPTIONS);

  @Test
  void everyJavaFile_formatted_isUnchanged() throws FormatterException, IOException {
    List<String> unformatted = new ArrayList<>();
    for (var file : Tree.files(".java")) {
      String source = Tree.read(file);
      String formatted = formatted(source);
      if (!formatted.equals(source)) {
        if (WRITE) {
          Files.writeString(file, formatted);
        } else {
          unformatted.add(Tree.name(file));
        }
      }
    }

    assertEquals(List.of(), unformatted, "run ./dev format");
  }

  @Test
  void canary_badlyFormattedSource_isFound() throws FormatterException {
    String source = "class  A{int a ;}\n";

    assertFalse(formatted(source).equals(source));
  }

  private static String formatted(String source) throws FormatterException {
    String ordered = ImportOrderer.reorderImports(source, OPTIONS.style());
    return FORMATTER.formatSource(RemoveUnusedImports.removeUnusedImports(ordered));
  }
}
