package dev.holdfast.fuzz;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.JsonWriter;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Runs Jazzer on the targets, one after another, each from the simulator's inputs and the
/// repository's corpus; ends with one line of JSON. Exit code 1 when there was a find.
///
/// Arguments: `[--minutes N] [--recorded] [--keep] [TARGET…]`, or `--again TARGET FILE` to run one
/// input once. What it finds stays in the build folder; with `--keep` the best of it is also put
/// into the corpus (with 0 minutes nothing else is done). With `--recorded` the quotes and
/// collateral of real machines beside the project are inputs to start from too, and what comes of
/// them is kept nowhere.
final class Campaign {
  private static final Path ROOT =
      Path.of(System.getProperty("holdfast.root", ".")).toAbsolutePath().normalize();
  private static final Path FOLDER = ROOT.resolve("fuzz/target/fuzz");
  private static final int DEFAULT_MINUTES = 10;

  /// Seconds for one input, the loading of all classes on a busy machine included; any input takes
  /// milliseconds.
  private static final int INPUT_SECONDS_MAX = 60;

  private static final String INSTRUMENTED =
      "dev.holdfast.codec.**:dev.holdfast.attestation.**:tools.jackson.core.**";
  private static final Pattern COVERAGE =
      Pattern.compile("#\\d+\\s+\\w+\\s+cov: (\\d+) ft: (\\d+)");
  private static final Pattern EXECUTIONS =
      Pattern.compile("stat::number_of_executed_units:\\s+(\\d+)");

  private final int minutes;
  private final boolean recorded;

  private Campaign(int minutes, boolean recorded) {
    this.minutes = minutes;
    this.recorded = recorded;
  }

  /// What became of one target.
  private record Outcome(Target target, long executions, int edges, int features, int crashes) {
    static Outcome start(Target target) {
      return new Outcome(target, 0, 0, 0, 0);
    }

    Outcome after(String line) {
      Matcher coverage = COVERAGE.matcher(line);
      if (coverage.find()) {
        return new Outcome(
            target,
            executions,
            Integer.parseInt(coverage.group(1)),
            Integer.parseInt(coverage.group(2)),
            crashes);
      }
      Matcher executed = EXECUTIONS.matcher(line);
      return executed.find()
          ? new Outcome(target, Long.parseLong(executed.group(1)), edges, features, crashes)
          : this;
    }

    Outcome crashed(int count) {
      return new Outcome(target, executions, edges, features, count);
    }
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    try {
      System.exit(run(List.of(arguments)));
    } catch (IllegalArgumentException e) {
      System.err.println("fuzz: " + e.getMessage());
      System.exit(2);
    }
  }

  private static int run(List<String> arguments) throws IOException, InterruptedException {
    if (arguments.size() == 3 && arguments.getFirst().equals("--again")) {
      target(arguments.get(1)).run(Bytes.copyOf(Files.readAllBytes(Path.of(arguments.get(2)))));
      System.out.println(JsonWriter.object().put("command", "fuzz").put("crashes", 0));
      return 0;
    }
    int minutes = DEFAULT_MINUTES;
    boolean recorded = false;
    boolean keep = false;
    List<Target> targets = new ArrayList<>();
    Iterator<String> rest = arguments.iterator();
    while (rest.hasNext()) {
      String argument = rest.next();
      switch (argument) {
        case "--minutes" -> minutes = Integer.parseInt(rest.hasNext() ? rest.next() : "");
        case "--recorded" -> recorded = true;
        case "--keep" -> keep = true;
        default -> targets.add(target(argument));
      }
    }
    Campaign campaign = new Campaign(minutes, recorded);
    List<Outcome> outcomes = new ArrayList<>();
    for (Target target : targets.isEmpty() ? List.of(Target.values()) : targets) {
      if (minutes > 0) {
        outcomes.add(campaign.fuzz(target));
      }
      if (keep) {
        campaign.keep(target);
      }
    }
    return report(outcomes, minutes);
  }

  private static Target target(String code) {
    return Stream.of(Target.values())
        .filter(target -> target.code().equals(code))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "no such target: "
                    + code
                    + "; there are "
                    + Stream.of(Target.values()).map(Target::code).toList()));
  }

  private static int report(List<Outcome> outcomes, int minutes) {
    JsonWriter json =
        JsonWriter.object()
            .put("command", "fuzz")
            .put("targets", outcomes.size())
            .put("crashes", outcomes.stream().mapToLong(Outcome::crashes).sum())
            .put("minutes", (long) minutes * outcomes.size())
            .put("executions", outcomes.stream().mapToLong(Outcome::executions).sum());
    System.out.println(json);
    return outcomes.stream().anyMatch(outcome -> outcome.crashes() > 0) ? 1 : 0;
  }

  private Outcome fuzz(Target target) throws IOException, InterruptedException {
    Path crashes = folder(target, "crashes");
    List<Path> inputs = new ArrayList<>(List.of(found(target), seeds(target), target.corpus()));
    if (recorded) {
      inputs.add(recorded(target));
    }
    List<String> options =
        List.of(
            "-max_total_time=" + minutes * 60,
            "-timeout=" + INPUT_SECONDS_MAX,
            "-artifact_prefix=" + crashes + "/",
            "-print_final_stats=1",
            "-use_value_profile=1");
    Outcome outcome = Outcome.start(target);
    Process process = start(target, options, inputs);
    try (BufferedReader out = process.inputReader(StandardCharsets.ISO_8859_1);
        BufferedWriter log =
            Files.newBufferedWriter(FOLDER.resolve(target.code()).resolve("log"))) {
      String line = out.readLine();
      while (line != null) {
        outcome = outcome.after(line);
        log.write(line);
        log.newLine();
        line = out.readLine();
      }
    }
    boolean failed = process.waitFor() != 0;
    outcome = outcome.crashed(Math.max(files(crashes).size(), failed ? 1 : 0));
    System.err.printf(
        "fuzz: %s: %d executions, %d edges, %d features, %d crashes%n",
        target.code(),
        outcome.executions(),
        outcome.edges(),
        outcome.features(),
        outcome.crashes());
    for (Path crash : files(crashes)) {
      System.err.printf("fuzz: again: ./dev fuzz --again %s %s%n", target.code(), crash);
    }
    return outcome;
  }

  /// Puts into the corpus some of what covers something that the seeds and the corpus do not, as
  /// far as the corpus may grow: evenly over all sizes, since the smallest alone never get deep.
  private void keep(Target target) throws IOException, InterruptedException {
    Path merged = folder(target, "merged");
    for (Path old : files(merged)) {
      Files.delete(old);
    }
    Set<String> known = new HashSet<>();
    for (Path folder : List.of(seeds(target), Files.createDirectories(target.corpus()))) {
      for (Path file : files(folder)) {
        known.add(file.getFileName().toString());
        Files.copy(file, merged.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    Process process = start(target, List.of("-merge=1"), List.of(merged, folder(target, "found")));
    process.inputReader(StandardCharsets.ISO_8859_1).transferTo(Writer.nullWriter());
    if (process.waitFor() != 0) {
      throw new IOException("merging the corpus of " + target.code() + " failed");
    }
    List<Path> fresh = new ArrayList<>(files(merged));
    fresh.removeIf(file -> known.contains(file.getFileName().toString()));
    fresh.sort(Comparator.comparingLong(file -> file.toFile().length()));
    List<Path> corpus = files(target.corpus());
    long size = corpus.stream().mapToLong(file -> file.toFile().length()).sum();
    int room = Math.max(0, Target.CORPUS_MAX_FILES - corpus.size());
    int step = Math.max(1, Math.ceilDiv(fresh.size(), Math.max(1, room)));
    int kept = 0;
    for (int i = 0; i < fresh.size() && kept < room; i += step) {
      size += Files.size(fresh.get(i));
      if (size <= Target.CORPUS_MAX_SIZE) {
        Files.copy(fresh.get(i), target.corpus().resolve(fresh.get(i).getFileName()));
        kept++;
      }
    }
    System.err.printf("fuzz: %s: %d of %d kept%n", target.code(), kept, fresh.size());
  }

  private static Process start(Target target, List<String> options, List<Path> inputs)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx768m",
                "-XX:+UseSerialGC",
                "-XX:-OmitStackTraceInFastThrow",
                "-XX:+EnableDynamicAgentLoading",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dholdfast.root=" + ROOT,
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + target.className(),
                "--instrumentation_includes=" + INSTRUMENTED,
                "--custom_hook_includes=" + INSTRUMENTED,
                "--reproducer_path=" + folder(target, "crashes"),
                "-max_len=" + target.maxSize(),
                "-rss_limit_mb=0"));
    command.addAll(options);
    inputs.forEach(input -> command.add(input.toString()));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private Path found(Target target) throws IOException {
    return folder(target, recorded ? "found-from-recorded" : "found");
  }

  private static Path seeds(Target target) throws IOException {
    Path folder = folder(target, "seeds");
    for (Bytes seed : target.seeds()) {
      Files.write(folder.resolve(seed.sha256().toHex()), seed.toArray());
    }
    return folder;
  }

  private static Path recorded(Target target) throws IOException {
    Path folder = folder(target, "recorded");
    for (Bytes input : Recorded.inputs(target)) {
      Files.write(folder.resolve(input.sha256().toHex()), input.toArray());
    }
    return folder;
  }

  private static Path folder(Target target, String name) throws IOException {
    return Files.createDirectories(FOLDER.resolve(target.code()).resolve(name));
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> !file.toString().endsWith(".java")).sorted().toList();
    }
  }
}
