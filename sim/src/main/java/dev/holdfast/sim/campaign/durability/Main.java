package dev.holdfast.sim.campaign.durability;

import dev.holdfast.codec.JsonWriter;
import dev.holdfast.sim.campaign.Arguments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// `./dev durability`: the table, a plot where asked for, and one line of JSON.
final class Main {
  private static final int DEFAULT_MEMBERS = 10_000;
  private static final int DEFAULT_YEARS = 1000;
  private static final int[][] THRESHOLDS = {{1, 1}, {2, 2}, {2, 3}, {3, 4}, {3, 5}, {4, 7}};

  private final Arguments arguments;

  private Main(Arguments arguments) {
    this.arguments = arguments;
  }

  public static void main(String[] arguments) throws IOException {
    try {
      new Main(new Arguments(arguments)).run();
    } catch (IllegalArgumentException e) {
      System.err.println("durability: " + e.getMessage());
      System.exit(2);
    }
  }

  private void run() throws IOException {
    int members = arguments.text("--members").map(Integer::parseInt).orElse(DEFAULT_MEMBERS);
    int years = arguments.text("--years").map(Integer::parseInt).orElse(DEFAULT_YEARS);
    long seed = arguments.text("--seed").map(Long::parseLong).orElse(1L);
    Assumptions assumed = Assumptions.of(members);
    if (years < 1) {
      throw new IllegalArgumentException("--years must be at least 1");
    }
    List<Losses> all = new ArrayList<>();
    System.err.println(
        "| k of n | rule | a key, a year | years with a loss | with blackouts |"
            + " lost by |\n|---|---|--:|--:|--:|---|");
    for (int[] threshold : THRESHOLDS) {
      for (Scheme.Rule rule : Scheme.Rule.values()) {
        Scheme scheme = new Scheme(threshold[0], threshold[1], rule);
        Losses losses = History.of(assumed, scheme, years, seed);
        all.add(losses);
        System.err.println(row(losses));
      }
    }
    Optional<String> plot = arguments.text("--plot");
    if (plot.isPresent()) {
      Files.writeString(Path.of(plot.get()), Plot.of(all, members));
    }
    System.out.println(
        JsonWriter.object()
            .put("command", "durability")
            .put("members", members)
            .put("years", years)
            .put("seed", seed)
            .putObjects("schemes", all.stream().map(Main::figures).toList()));
  }

  private static String row(Losses losses) {
    String lost =
        losses.perKey() > 0
            ? format("%.1e", losses.perKey())
            : "< " + format("%.1e", losses.bound());
    return "| %s | %s | %s | %s | %s | %s |"
        .formatted(
            losses.scheme().name(),
            losses.scheme().rule().code(),
            lost,
            format("%.1f %%", 100 * losses.yearsWithLoss()),
            format("%.1f %%", 100 * losses.yearsWithAnyLoss()),
            causes(losses));
  }

  private static String causes(Losses losses) {
    List<String> causes = new ArrayList<>();
    for (Cause cause : Cause.values()) {
      if (losses.keys(cause) > 0) {
        causes.add(cause.code() + " " + losses.keys(cause));
      }
    }
    return String.join(", ", causes);
  }

  private static JsonWriter figures(Losses losses) {
    JsonWriter lost = JsonWriter.object();
    for (Cause cause : Cause.values()) {
      lost.put(cause.code(), losses.keys(cause));
    }
    return JsonWriter.object()
        .put("threshold", losses.scheme().threshold())
        .put("shares", losses.scheme().shares())
        .put("rule", losses.scheme().rule().code())
        .raw("lossPerKeyYear", format("%.3e", losses.perKey()))
        .raw("boundPerKeyYear", format("%.3e", losses.bound()))
        .raw("yearsWithLoss", format("%.4f", losses.yearsWithLoss()))
        .raw("yearsWithAnyLoss", format("%.4f", losses.yearsWithAnyLoss()))
        .put("lostKeys", lost);
  }

  private static String format(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
