package dev.holdfast.node.context;

import dev.holdfast.codec.Bytes;
import java.util.List;

/// What fails together with a member: its operator, its zone and its kind of machine (FMSPC). Empty
/// labels say nothing, so they are like no other.
///
/// Spec: docs/spec/protocol.md#placement
public record Surroundings(String operator, String zone, Bytes kind) {
  /// How much this has in common with those chosen: operators first, then zones, then the kind of
  /// machine, whose TCB recovery hits all of them at once. 0: nothing.
  public int likeness(List<Surroundings> chosen) {
    int likeness = 0;
    for (Surroundings other : chosen) {
      likeness += same(operator, other.operator) ? 4 : 0;
      likeness += same(zone, other.zone) ? 2 : 0;
      likeness += kind.equals(other.kind) ? 1 : 0;
    }
    return likeness;
  }

  private static boolean same(String one, String other) {
    return !one.isEmpty() && one.equals(other);
  }
}
