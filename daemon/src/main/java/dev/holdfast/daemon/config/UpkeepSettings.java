package dev.holdfast.daemon.config;

import dev.holdfast.node.context.NodeConfig.Upkeep;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Reads and shows the settings that make up [Upkeep]. They are the operator's own business and no
/// part of the posture: whatever they say, a new generation is placed under the same rules.
final class UpkeepSettings {
  private static final int MAX_DAYS = 3650;
  private static final int MAX_MINUTES = 7 * 24 * 60;

  private UpkeepSettings() {}

  static Upkeep read(Map<Setting, String> given) throws ConfigurationException {
    return new Upkeep(
        Duration.ofDays(
            Given.integer(
                given,
                Setting.UPKEEP_ROTATE_EVERY_DAYS,
                (int) Upkeep.DEFAULT.every().toDays(),
                0,
                MAX_DAYS)),
        minutes(given, Setting.UPKEEP_REPAIR_AFTER_MINUTES, Upkeep.DEFAULT.repairAfter(), 1),
        minutes(given, Setting.UPKEEP_REST_MINUTES, Upkeep.DEFAULT.atLeast(), 0));
  }

  private static Duration minutes(
      Map<Setting, String> given, Setting setting, Duration byDefault, int least)
      throws ConfigurationException {
    return Duration.ofMinutes(
        Given.integer(given, setting, (int) byDefault.toMinutes(), least, MAX_MINUTES));
  }

  /// The effective settings as `key = value` lines.
  static List<String> describe(Upkeep upkeep) {
    return List.of(
        Setting.UPKEEP_ROTATE_EVERY_DAYS.line(upkeep.every().toDays()),
        Setting.UPKEEP_REPAIR_AFTER_MINUTES.line(upkeep.repairAfter().toMinutes()),
        Setting.UPKEEP_REST_MINUTES.line(upkeep.atLeast().toMinutes()));
  }
}
