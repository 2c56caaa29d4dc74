package dev.holdfast.tidy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/// Files, methods, parameter lists and packages stay within what a reader can hold.
final class SizesTest {
  private static final int FILE_LINES_MAX = 500;
  private static final int TEST_FILE_LINES_MAX = 900;
  private static final int METHOD_LINES_MAX = 70;
  private static final int PARAMETERS_MAX = 6;
  private static final int PACKAGE_TYPES_MAX = 25;

  @Test
  void javaFiles_everywhere_staySmall() throws IOException {
    List<String> findings = new ArrayList<>();
    for (Path file : Tree.files(".java")) {
      findings.addAll(findings(Tree.name(file), Tree.read(file), Tree.isTest(file)));
    }

    assertEquals(List.of(), findings);
  }

  @Test
  void packages_inProduction_haveFewTypes() {
    Map<String, Integer> types = new TreeMap<>();
    for (Path file : Tree.files(".java")) {
      if (!Tree.isTest(file) && !file.endsWith("package-info.java")) {
        types.merge(Tree.name(file.getParent()), 1, Integer::sum);
      }
    }
    types.values().removeIf(count -> count <= PACKAGE_TYPES_MAX);

    assertEquals(Map.of(), types);
  }

  @Test
  void canary_longFileLongMethodManyParameters_areFound() throws IOException {
    String body = "    int a;\n".repeat(METHOD_LINES_MAX);
    String wide = "int a, int b, int c, int d, int e, int f, int g";
    String source = "class A {\n  void m(" + wide + ") {\n" + body + "  }\n}\n";
    String padding = "// more\n".repeat(FILE_LINES_MAX);

    List<String> findings = findings("A.java", source + padding, false);

    assertEquals(3, findings.size(), findings::toString);
  }

  private static List<String> findings(String name, String source, boolean test)
      throws IOException {
    List<String> findings = new ArrayList<>();
    long lines = source.lines().count();
    long limit = test ? TEST_FILE_LINES_MAX : FILE_LINES_MAX;
    if (lines > limit) {
      findings.add("%s: %d lines, limit %d".formatted(name, lines, limit));
    }
    var compiler = ToolProvider.getSystemJavaCompiler();
    var task =
        (JavacTask)
            compiler.getTask(null, null, d -> {}, null, null, List.of(new Source(name, source)));
    SourcePositions positions = Trees.instance(task).getSourcePositions();
    for (CompilationUnitTree unit : task.parse()) {
      new Methods(name, unit, positions, findings).scan(unit, null);
    }
    return findings;
  }

  private static final class Methods extends TreeScanner<Void, Void> {
    private final String name;
    private final CompilationUnitTree unit;
    private final SourcePositions positions;
    private final List<String> findings;

    Methods(
        String name, CompilationUnitTree unit, SourcePositions positions, List<String> findings) {
      this.name = name;
      this.unit = unit;
      this.positions = positions;
      this.findings = findings;
    }

    @Override
    public Void visitMethod(MethodTree method, Void unused) {
      LineMap map = unit.getLineMap();
      long start = positions.getStartPosition(unit, method);
      long end = positions.getEndPosition(unit, method);
      String where = "%s: %s".formatted(name, method.getName());
      long lines = end < 0 ? 0 : map.getLineNumber(end) - map.getLineNumber(start) + 1;
      if (lines > METHOD_LINES_MAX) {
        findings.add("%s: %d lines, limit %d".formatted(where, lines, METHOD_LINES_MAX));
      }
      boolean constructor = method.getReturnType() == null;
      int parameters = method.getParameters().size();
      if (!constructor && parameters > PARAMETERS_MAX) {
        findings.add("%s: %d parameters, limit %d".formatted(where, parameters, PARAMETERS_MAX));
      }
      return super.visitMethod(method, null);
    }
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String name, String text) {
      super(URI.create("string:///" + name), JavaFileObject.Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
