package dev.holdfast.daemon.config;

import java.nio.file.Path;
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

  /// A path that must be given; a relative one counts from `base`.
  static Path path(Map<Setting, String> given, Setting setting, Path base)
      throws ConfigurationException {
    String text = given.get(setting);
    if (text == null || text.isEmpty()) {
      throw new ConfigurationException(setting.key() + ": must be given: " + setting.meaning());
    }
    if (text.indexOf('\0') >= 0) {
      throw new ConfigurationException(setting.key() + ": no path");
    }
    return base.resolve(text).normalize();
  }
}
