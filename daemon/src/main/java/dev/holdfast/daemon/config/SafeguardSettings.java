package dev.holdfast.daemon.config;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.VerifyingKey;
import dev.holdfast.protocol.posture.Fencing;
import dev.holdfast.protocol.posture.KeyQuorum;
import dev.holdfast.protocol.posture.Safeguards;
import dev.holdfast.protocol.posture.Witnessing;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Reads and shows the settings that make up [Safeguards].
final class SafeguardSettings {
  private final Map<Setting, String> given;

  SafeguardSettings(Map<Setting, String> given) {
    this.given = given;
  }

  Safeguards read() throws ConfigurationException {
    KeyQuorum releaseKeys = quorum(Setting.RELEASE_KEYS, Setting.RELEASE_THRESHOLD);
    for (Bytes key : releaseKeys.keys()) {
      try {
        VerifyingKey.parse(key);
      } catch (MalformedException e) {
        throw new ConfigurationException(Setting.RELEASE_KEYS.key() + ": " + e.getMessage());
      }
    }
    return new Safeguards(
        releaseKeys,
        quorum(Setting.CUSTODIANS_KEYS, Setting.CUSTODIANS_THRESHOLD),
        fencing(),
        witnessing(),
        Given.integer(
            given,
            Setting.TCB_GRACE_DAYS,
            Safeguards.DEFAULT.tcbGraceDays(),
            0,
            Safeguards.MAX_GRACE_DAYS));
  }

  /// By default more than half of the keys, so that no two disjoint sets can both decide.
  private KeyQuorum quorum(Setting keys, Setting threshold) throws ConfigurationException {
    if (given.getOrDefault(keys, "").isBlank()) {
      if (Given.integer(given, threshold, 0, 0, KeyQuorum.MAX_KEYS) != 0) {
        throw new ConfigurationException(threshold.key() + ": only with " + keys.key());
      }
      return KeyQuorum.NONE;
    }
    List<Bytes> parsed = keys(keys);
    int majority = parsed.size() / 2 + 1;
    return new KeyQuorum(Given.integer(given, threshold, majority, 1, parsed.size()), parsed);
  }

  private List<Bytes> keys(Setting setting) throws ConfigurationException {
    List<Bytes> keys = new ArrayList<>();
    for (String text : given.getOrDefault(setting, "").split(",", -1)) {
      Bytes key;
      try {
        key = Bytes.parseBase64Url(text.strip());
      } catch (MalformedException e) {
        throw new ConfigurationException(setting.key() + ": " + e.getMessage());
      }
      if (key.size() != KeyQuorum.KEY_SIZE) {
        throw new ConfigurationException(
            "%s: expected keys of %d bytes, found one of %d"
                .formatted(setting.key(), KeyQuorum.KEY_SIZE, key.size()));
      }
      keys.add(key);
    }
    if (keys.size() > KeyQuorum.MAX_KEYS || new TreeSet<>(keys).size() != keys.size()) {
      throw new ConfigurationException(
          "%s: expected at most %d different keys".formatted(setting.key(), KeyQuorum.MAX_KEYS));
    }
    return keys;
  }

  private Fencing fencing() throws ConfigurationException {
    Fencing.Mode mode =
        Given.choice(
                    given,
                    Setting.FENCING_MODE,
                    Fencing.Mode.STRICT.code(),
                    Fencing.Mode.BEST_EFFORT.code())
                .equals(Fencing.Mode.STRICT.code())
            ? Fencing.Mode.STRICT
            : Fencing.Mode.BEST_EFFORT;
    return new Fencing(
        mode,
        millis(
            Setting.FENCING_LEASE_MILLIS,
            Fencing.DEFAULT.lease(),
            Fencing.MIN_LEASE,
            Fencing.MAX_LEASE));
  }

  private Witnessing witnessing() throws ConfigurationException {
    Witnessing byDefault = Witnessing.DEFAULT;
    Witnessing.Mode mode =
        Given.choice(
                    given,
                    Setting.WITNESS_MODE,
                    Witnessing.Mode.INTERVAL.code(),
                    Witnessing.Mode.EVERY_COMMIT.code())
                .equals(Witnessing.Mode.INTERVAL.code())
            ? Witnessing.Mode.INTERVAL
            : Witnessing.Mode.EVERY_COMMIT;
    Duration interval =
        millis(
            Setting.WITNESS_INTERVAL_MILLIS,
            byDefault.interval(),
            Witnessing.MIN_INTERVAL,
            Witnessing.MAX_INTERVAL);
    return new Witnessing(
        mode,
        interval,
        Given.integer(given, Setting.WITNESS_FAULTS, byDefault.faults(), 0, Witnessing.MAX_FAULTS),
        millis(
            Setting.WITNESS_MAX_UNWITNESSED_MILLIS,
            byDefault.maxUnwitnessed(),
            interval,
            Witnessing.MAX_UNWITNESSED));
  }

  private Duration millis(Setting setting, Duration byDefault, Duration least, Duration most)
      throws ConfigurationException {
    int millis =
        Given.integer(
            given,
            setting,
            (int) byDefault.toMillis(),
            (int) least.toMillis(),
            (int) most.toMillis());
    return Duration.ofMillis(millis);
  }

  /// The effective settings as `key = value` lines.
  static List<String> describe(Safeguards safeguards, Optional<Path> custodiansFolder) {
    List<String> lines = new ArrayList<>();
    lines.add(Setting.TCB_GRACE_DAYS.line(safeguards.tcbGraceDays()));
    describe(lines, safeguards.releaseKeys(), Setting.RELEASE_KEYS, Setting.RELEASE_THRESHOLD);
    describe(lines, safeguards.custodians(), Setting.CUSTODIANS_KEYS, Setting.CUSTODIANS_THRESHOLD);
    custodiansFolder.ifPresent(it -> lines.add(Setting.CUSTODIANS_FOLDER.line(it.toString())));
    Fencing fencing = safeguards.fencing();
    lines.add(Setting.FENCING_MODE.line(fencing.mode().code()));
    lines.add(Setting.FENCING_LEASE_MILLIS.line(fencing.lease().toMillis()));
    Witnessing witnessing = safeguards.witnessing();
    lines.add(Setting.WITNESS_MODE.line(witnessing.mode().code()));
    lines.add(Setting.WITNESS_INTERVAL_MILLIS.line(witnessing.interval().toMillis()));
    lines.add(Setting.WITNESS_FAULTS.line(witnessing.faults()));
    lines.add(Setting.WITNESS_MAX_UNWITNESSED_MILLIS.line(witnessing.maxUnwitnessed().toMillis()));
    return lines;
  }

  private static void describe(
      List<String> lines, KeyQuorum quorum, Setting keys, Setting threshold) {
    String all = quorum.keys().stream().map(Bytes::toBase64Url).collect(Collectors.joining(","));
    lines.add(keys.line(all));
    lines.add(threshold.line(quorum.threshold()));
  }
}
