package dev.holdfast.bench;

import java.util.Locale;

/// The few `--name value` arguments of a benchmark, each with its range.
final class Arguments {
  private final String[] arguments;

  Arguments(String[] arguments) {
    this.arguments = arguments;
  }

  int number(String name, int otherwise, int min, int max) {
    for (int i = 0; i + 1 < arguments.length; i++) {
      if (arguments[i].equals(name)) {
        int value = Integer.parseInt(arguments[i + 1]);
        if (value < min || value > max) {
          throw new IllegalArgumentException(
              "%s is %d, allowed are %d to %d".formatted(name, value, min, max));
        }
        return value;
      }
    }
    return otherwise;
  }

  static String decimal(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }
}
