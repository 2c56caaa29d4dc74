package dev.holdfast.simulator.pccs;

import dev.holdfast.simulator.tcb.Edition;
import java.time.Instant;

/// A TCB recovery: the evaluation number after the standard one, under which every simulated
/// platform is out of date.
///
/// @param tcbDate the date of its new TCB level, taken to the day; the service knows the recovery
///   from the day before
/// @param standard whether the standard channel follows it too, as Intel's does many months later;
///   else only the early one
public record Recovery(Instant tcbDate, boolean standard) {
  /// Known on the early channel only.
  public static Recovery early(Instant tcbDate) {
    return new Recovery(tcbDate, false);
  }

  /// Known on both channels.
  public static Recovery promoted(Instant tcbDate) {
    return new Recovery(tcbDate, true);
  }

  Edition edition() {
    return Edition.recovered(tcbDate);
  }
}
