package dev.holdfast.daemon.config;

import java.util.Map;

/// Reads single settings from the text that was given for them.
final class Given {
  private Given() {}

  /// One of two words, the first by default.
  static String choice(Map<Setting, String> given, Setting setting, String first, String second)
      throws ConfigurationException {
    String text = given.getOrDefault(setting, first);
    if (!text.equals(first) && !text.equals(second)) {
      throw new ConfigurationException(
          "%s: expected \"%s\" or \"%s\", found \"%s\""
              .formatted(setting.key(), first, second, text));
    }
    return text;
  }

  /// A number from `min` to `max`, of at most seven digits.
  static int integer(Map<Setting, String> given, Setting setting, int byDefault, int min, int max)
      throws ConfigurationException {
    String text = given.getOrDefault(setting, Integer.toString(byDefault));
    if (text.matches("0|[1-9][0-9]{0,6}")) {
      int value = Integer.parseInt(text);
      if (value >= min && value <= max) {
        return value;
      }
    }
    throw new ConfigurationException(
        "%s: expected %d..%d, found %s".formatted(setting.key(), min, max, text));
  }
}
