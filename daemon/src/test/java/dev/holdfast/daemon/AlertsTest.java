package dev.holdfast.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.node.model.NodeState;
import dev.holdfast.node.model.ProviderStatus.Progress;
import dev.holdfast.protocol.ProblemCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The alert rules and the dashboard name what exists. That the document of the metrics lists just
/// what is served is another test's.
final class AlertsTest {
  private static final Path ROOT = Path.of(System.getProperty("holdfast.root", ".."));
  private static final Path FOLDER = ROOT.resolve("docs/operating/prometheus");
  private static final Path RULES = FOLDER.resolve("holdfast-alerts.yaml");
  private static final Path DASHBOARD = FOLDER.resolve("holdfast-grafana.json");
  private static final Pattern METRIC = Pattern.compile("\\bholdfast_[a-z0-9_]+");
  private static final Pattern ANCHOR =
      Pattern.compile("(?m)^ *runbook_url: \"(docs/[a-z/-]+\\.md)#([a-z0-9-]+)\"$");

  private static Set<String> documented() throws Exception {
    return Files.readAllLines(ROOT.resolve("docs/operating/metrics.md")).stream()
        .filter(line -> line.startsWith("| `holdfast_"))
        .map(line -> line.split("`", 3)[1])
        .collect(Collectors.toSet());
  }

  private static Set<String> found(Pattern pattern, int group, String text) {
    Set<String> found = new TreeSet<>();
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      found.add(matcher.group(group));
    }
    return found;
  }

  private static Set<String> without(Set<String> all, Predicate<String> known) {
    Set<String> rest = new TreeSet<>(all);
    rest.removeIf(known);
    return rest;
  }

  private static String expressions(JsonNode dashboard) {
    return String.join("\n", dashboard.findValuesAsString("expr"));
  }

  @Test
  void metrics_inRulesAndDashboard_areDocumented() throws Exception {
    Set<String> known = documented();
    String rules = Files.readString(RULES);
    String dashboard = Files.readString(DASHBOARD);
    assertTrue(found(METRIC, 0, rules).size() > 10);
    assertTrue(found(METRIC, 0, dashboard).size() > 10);
    assertEquals(Set.of(), without(found(METRIC, 0, rules + dashboard), known::contains));
  }

  @Test
  void labelValues_inRulesAndDashboard_exist() throws Exception {
    String text = Files.readString(RULES) + expressions(dashboard());
    Set<String> states = found(Pattern.compile("\\bstate=\"([^\"]+)\""), 1, text);
    Set<String> reasons = found(Pattern.compile("\\bcode!?=\"([^\"]+)\""), 1, text);
    assertEquals(Set.of(), without(reasons, code -> ProblemCode.of(code).isPresent()));
    Set<String> progresses = found(Pattern.compile("\\bprogress=\"([^\"]+)\""), 1, text);
    assertTrue(states.size() >= 3, states::toString);
    Set<String> codes =
        Stream.of(NodeState.values()).map(NodeState::code).collect(Collectors.toSet());
    assertEquals(Set.of(), without(states, codes::contains));
    Set<String> names =
        Stream.of(Progress.values())
            .map(progress -> progress.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet());
    assertEquals(Set.of(), without(progresses, names::contains));
  }

  /// Each has an expression, a severity, a summary, and a runbook at a heading that exists.
  @Test
  void rules_each_areWholeAndLeadToARunbook() throws Exception {
    List<String> rules = rules();
    assertTrue(rules.size() > 10);
    for (String rule : rules) {
      Matcher anchor = ANCHOR.matcher(rule);
      assertTrue(anchor.find(), rule);
      Set<String> headings = headings(ROOT.resolve(anchor.group(1)));
      assertTrue(headings.contains(anchor.group(2)), anchor.group(2));
      for (String part : List.of(" expr: ", " severity: ", " summary: ")) {
        assertTrue(rule.contains(part), part + rule);
      }
    }
    assertEquals(rules.size(), rules.stream().map(AlertsTest::name).distinct().count());
  }

  private static String name(String rule) {
    return rule.lines().findFirst().orElseThrow();
  }

  private static List<String> rules() throws Exception {
    List<String> parts = List.of(Files.readString(RULES).split("\n +- alert: ", -1));
    return parts.subList(1, parts.size());
  }

  /// A runbook that no rule leads to describes an alarm that nobody gets.
  @Test
  void runbooks_each_haveARule() throws Exception {
    Path page = ROOT.resolve("docs/operating/alerts.md");
    Set<String> used = found(ANCHOR, 2, Files.readString(RULES));
    assertEquals(Set.of("set-up"), without(headings(page), used::contains));
  }

  private static Set<String> headings(Path page) throws Exception {
    return Files.readAllLines(page).stream()
        .filter(line -> line.startsWith("## "))
        .map(line -> line.substring(3).toLowerCase(Locale.ROOT))
        .map(line -> line.replaceAll("[^a-z0-9 -]", "").replace(' ', '-'))
        .collect(Collectors.toSet());
  }

  private static JsonNode dashboard() throws Exception {
    return JsonMapper.builder().build().readTree(Files.readString(DASHBOARD));
  }

  @Test
  void dashboard_panels_haveTitlesAndQueries() throws Exception {
    JsonNode panels = dashboard().get("panels");
    assertTrue(panels.size() >= 10);
    for (JsonNode panel : panels) {
      assertTrue(panel.hasNonNull("title"), panel::toString);
      assertTrue(!panel.findValuesAsString("expr").isEmpty(), panel::toString);
    }
  }
}
