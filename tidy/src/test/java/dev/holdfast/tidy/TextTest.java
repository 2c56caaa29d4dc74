package dev.holdfast.tidy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// What every text file keeps to, and that its links and `Spec:` lines lead somewhere.
final class TextTest {
  private static final int COLUMNS_MAX = 100;
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:\\s]+)(#[^)]*)?\\)");
  private static final Pattern SPEC = Pattern.compile("Spec: (docs/[A-Za-z0-9/_.-]+)(#[\\w-]+)?");
  private static final Pattern UNFINISHED =
      Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b");
  private static final Pattern WILDCARD = Pattern.compile("(?m)^import [\\w.]+\\*;$");

  @Test
  void textFiles_everywhere_keepTheRules() {
    List<String> findings = new ArrayList<>();
    for (Path file : Tree.files(".java", ".md", ".xml", ".toml", ".properties")) {
      findings.addAll(findings(file, Tree.read(file)));
    }

    assertEquals(List.of(), findings);
  }

  @Test
  void canary_eachRule_isFoundBroken() {
    String unfinished = "FIX" + "ME";

    assertEquals(1, findings(java(), "class A {}").size(), "no final newline");
    assertEquals(1, findings(java(), "class A {}\t\n").size(), "tab");
    assertEquals(1, findings(java(), "class A {}\r\n").size(), "carriage return");
    assertEquals(1, findings(java(), "// " + unfinished + "\n").size(), "unfinished mark");
    assertEquals(1, findings(java(), "import java.util.*;\n").size(), "wildcard import");
    assertEquals(1, findings(java(), "// " + "x".repeat(COLUMNS_MAX) + "\n").size(), "long line");
    assertEquals(
        1, findings(java(), "/// Spec" + ": docs/spec/no.md#x\n").size(), "dead spec line");
    assertEquals(1, findings(Tree.ROOT.resolve("A.md"), "# A\n\n[b](no.md)\n").size(), "dead link");
    assertEquals(1, findings(Tree.ROOT.resolve("A.md"), "# A\n\n# B\n").size(), "two titles");
  }

  private static Path java() {
    return Tree.ROOT.resolve("A.java");
  }

  private static List<String> findings(Path file, String text) {
    List<String> findings = new ArrayList<>();
    String name = Tree.name(file);
    if (!text.endsWith("\n")) {
      findings.add(name + ": no newline at the end");
    }
    if (text.contains("\t") || text.contains("\r")) {
      findings.add(name + ": a tab or carriage return");
    }
    if (UNFINISHED.matcher(text).find()) {
      findings.add(name + ": an unfinished mark");
    }
    if (name.endsWith(".java")) {
      javaFindings(name, text, findings);
    }
    if (name.endsWith(".md")) {
      markdownFindings(file, text, findings);
    }
    return findings;
  }

  private static void javaFindings(String name, String text, List<String> findings) {
    if (WILDCARD.matcher(text).find()) {
      findings.add(name + ": a wildcard import");
    }
    if (text.lines().anyMatch(line -> line.length() > COLUMNS_MAX && !line.contains("://"))) {
      findings.add(name + ": a line over " + COLUMNS_MAX + " columns");
    }
    Matcher spec = SPEC.matcher(text);
    while (spec.find()) {
      Path target = Tree.ROOT.resolve(spec.group(1));
      if (!Files.exists(target) || !hasHeading(target, spec.group(2))) {
        findings.add(name + ": no " + spec.group());
      }
    }
  }

  private static void markdownFindings(Path file, String text, List<String> findings) {
    String prose = text.replaceAll("(?s)```.*?```", "");
    if (prose.lines().filter(line -> line.startsWith("# ")).count() != 1) {
      findings.add(Tree.name(file) + ": not exactly one title");
    }
    Matcher link = LINK.matcher(prose);
    while (link.find()) {
      if (!Files.exists(file.resolveSibling(link.group(1)))) {
        findings.add(Tree.name(file) + ": no " + link.group(1));
      }
    }
  }

  private static boolean hasHeading(Path target, String anchor) {
    if (anchor == null) {
      return true;
    }
    return Tree.read(target)
        .lines()
        .filter(line -> line.startsWith("#"))
        .map(line -> line.replaceFirst("^#+ ", "").toLowerCase(java.util.Locale.ROOT))
        .map(line -> line.replaceAll("[^\\w\\- ]", "").replace(' ', '-'))
        .anyMatch(anchor.substring(1)::equals);
  }
}
