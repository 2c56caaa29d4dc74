package dev.holdfast.cli.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/// Tells the steps, what each proved, and how long it took.
final class Narrator {
  private final PrintStream out;
  private final long start = System.nanoTime();
  private long stepStart = start;
  private int step;

  Narrator(PrintStream out) {
    this.out = out;
  }

  void say(String line) {
    out.println(line);
  }

  void step(String title) {
    step++;
    stepStart = System.nanoTime();
    out.println();
    out.println(step + ". " + title);
  }

  /// Something that goes on; long runs of hexadecimal digits are cut.
  void note(String line) {
    out.println("   " + line.replaceAll("([0-9a-f]{16})[0-9a-f]{48,}", "$1…"));
  }

  /// Something that was checked and held.
  void proved(String line) {
    out.println("   ✓ " + line);
  }

  void took() {
    out.println("   " + seconds(stepStart));
  }

  String total() {
    return seconds(start);
  }

  private static String seconds(long since) {
    Duration duration = Duration.ofNanos(System.nanoTime() - since);
    return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
  }
}
