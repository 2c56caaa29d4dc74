package dev.holdfast.sim.campaign;

import java.util.List;
import java.util.Optional;

/// The few `--name value` arguments of a campaign.
public final class Arguments {
  private final List<String> arguments;

  public Arguments(String[] arguments) {
    this.arguments = List.of(arguments);
  }

  boolean contains(String argument) {
    return arguments.contains(argument);
  }

  /// @throws IllegalArgumentException when the name is the last argument
  public Optional<String> text(String name) {
    return value(name, "a value");
  }

  /// @throws IllegalArgumentException when what follows the name is no number
  Optional<Long> number(String name) {
    return value(name, "a number").map(Long::parseLong);
  }

  private Optional<String> value(String name, String what) {
    int at = arguments.indexOf(name);
    if (at < 0) {
      return Optional.empty();
    }
    if (at + 1 == arguments.size()) {
      throw new IllegalArgumentException(name + " wants " + what);
    }
    return Optional.of(arguments.get(at + 1));
  }
}
