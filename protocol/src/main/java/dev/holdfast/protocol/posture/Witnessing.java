package dev.holdfast.protocol.posture;

import dev.holdfast.codec.InvariantError;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;

/// How providers are told what a store holds, so that an older copy of it is recognised.
///
/// - `interval`: in mode interval, how long writes are gathered for one witness.
/// - `faults`: how many of the providers that acknowledge may lie.
/// - `maxUnwitnessed`: after how long without a quorum users may write no more.
///
/// Spec: docs/spec/protocol.md#posture
public record Witnessing(Mode mode, Duration interval, int faults, Duration maxUnwitnessed) {
  public static final Duration MIN_INTERVAL = Duration.ofMillis(100);
  public static final Duration MAX_INTERVAL = Duration.ofMinutes(1);
  public static final Duration MAX_UNWITNESSED = Duration.ofHours(1);
  public static final int MAX_FAULTS = 15;
  public static final Witnessing DEFAULT =
      new Witnessing(Mode.INTERVAL, Duration.ofSeconds(1), 0, Duration.ofSeconds(30));

  private static final Set<String> MEMBERS =
      Set.of("mode", "intervalMillis", "faults", "maxUnwitnessedMillis");

  /// When a witness is made.
  public enum Mode {
    /// A write is answered when a quorum has acknowledged it.
    EVERY_COMMIT,
    /// Writes are answered when they are durable, and witnessed soon after.
    INTERVAL;

    public String code() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  public Witnessing {
    InvariantError.check(
        isWithin(interval, MIN_INTERVAL, MAX_INTERVAL)
            && isWithin(maxUnwitnessed, interval, MAX_UNWITNESSED)
            && faults >= 0
            && faults <= MAX_FAULTS,
        "witnessing is checked before");
  }

  /// True for whole milliseconds from `least` to `most`.
  public static boolean isWithin(Duration value, Duration least, Duration most) {
    return value.compareTo(least) >= 0
        && value.compareTo(most) <= 0
        && value.equals(Duration.ofMillis(value.toMillis()));
  }

  public JsonWriter toJson() {
    return JsonWriter.object()
        .put("mode", mode.code())
        .put("intervalMillis", interval.toMillis())
        .put("faults", faults)
        .put("maxUnwitnessedMillis", maxUnwitnessed.toMillis());
  }

  public static Witnessing read(JsonObject object) throws MalformedException {
    object.requireOnly(MEMBERS);
    String code = object.string("mode");
    for (Mode mode : Mode.values()) {
      if (mode.code().equals(code)) {
        long interval =
            object.integer("intervalMillis", MIN_INTERVAL.toMillis(), MAX_INTERVAL.toMillis());
        return new Witnessing(
            mode,
            Duration.ofMillis(interval),
            (int) object.integer("faults", 0, MAX_FAULTS),
            Duration.ofMillis(
                object.integer("maxUnwitnessedMillis", interval, MAX_UNWITNESSED.toMillis())));
      }
    }
    throw object.member("mode").mismatch("every-commit or interval", "another");
  }
}
