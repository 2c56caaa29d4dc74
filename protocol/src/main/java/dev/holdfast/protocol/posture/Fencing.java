package dev.holdfast.protocol.posture;

import dev.holdfast.codec.InvariantError;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;

/// How a second live copy of an account is kept from working: for how long a run may go on without
/// being reconfirmed by a quorum of its providers, and whether it must be at all.
///
/// Spec: docs/spec/protocol.md#posture
public record Fencing(Mode mode, Duration lease) {
  public static final Duration MIN_LEASE = Duration.ofSeconds(1);
  public static final Duration MAX_LEASE = Duration.ofMinutes(5);
  public static final Fencing DEFAULT = new Fencing(Mode.STRICT, Duration.ofSeconds(30));

  private static final Set<String> MEMBERS = Set.of("mode", "leaseMillis");

  /// Whether a run without a lease refuses its users.
  public enum Mode {
    /// It does.
    STRICT,
    /// It goes on and says so: two copies can be alive at once.
    BEST_EFFORT;

    public String code() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  public Fencing {
    InvariantError.check(isValid(lease), "a lease is checked before");
  }

  /// True for whole milliseconds within the limits.
  public static boolean isValid(Duration lease) {
    return lease.compareTo(MIN_LEASE) >= 0
        && lease.compareTo(MAX_LEASE) <= 0
        && lease.equals(Duration.ofMillis(lease.toMillis()));
  }

  public boolean isStrict() {
    return mode == Mode.STRICT;
  }

  public JsonWriter toJson() {
    return JsonWriter.object().put("mode", mode.code()).put("leaseMillis", lease.toMillis());
  }

  public static Fencing read(JsonObject object) throws MalformedException {
    object.requireOnly(MEMBERS);
    String code = object.string("mode");
    for (Mode mode : Mode.values()) {
      if (mode.code().equals(code)) {
        long millis = object.integer("leaseMillis", MIN_LEASE.toMillis(), MAX_LEASE.toMillis());
        return new Fencing(mode, Duration.ofMillis(millis));
      }
    }
    throw object.member("mode").mismatch("strict or best-effort", "another");
  }
}
