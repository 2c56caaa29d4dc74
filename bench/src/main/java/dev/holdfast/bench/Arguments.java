package dev.holdfast.bench;

import java.util.Locale;
import java.util.Optional;

/// The few `--name value` arguments of a benchmark, each with its range.
final class Arguments {
  private final String[] arguments;

  Arguments(String[] arguments) {
    this.arguments = arguments;
  }

  int number(String name, int otherwise, int min, int max) {
    int value = text(name).map(Integer::parseInt).orElse(otherwise);
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          "%s is %d, allowed are %d to %d".formatted(name, value, min, max));
    }
    return value;
  }

  Optional<String> text(String name) {
    for (int i = 0; i + 1 < arguments.length; i++) {
      if (arguments[i].equals(name)) {
        return Optional.of(arguments[i + 1]);
      }
    }
    return Optional.empty();
  }

  static String decimal(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }
}
