package dev.holdfast.attestation.tcb;

import java.util.ArrayList;
import java.util.List;

/// An SVN that is too small for the best status on the vendor's list.
///
/// - `name`: which one; components are numbered from 0, as in TCB info.
/// - `action`: what raises it, in the imperative.
public record Shortfall(String name, int found, int needed, String action) {
  /// In words, such as `TDX component 2 is 3, needs 4: update the platform's firmware`.
  @Override
  public String toString() {
    return phrase() + ": " + action;
  }

  Shortfall withAction(String value) {
    return new Shortfall(name, found, needed, value);
  }

  /// All in words, what to do once for each run of the same.
  public static String sentence(List<Shortfall> shortfalls) {
    List<String> phrases = new ArrayList<>();
    for (int i = 0; i < shortfalls.size(); i++) {
      Shortfall next = shortfalls.get(i);
      boolean last =
          i + 1 == shortfalls.size() || !shortfalls.get(i + 1).action().equals(next.action());
      phrases.add(last ? next.toString() : next.phrase());
    }
    return String.join("; ", phrases);
  }

  private String phrase() {
    return "%s is %d, needs %d".formatted(name, found, needed);
  }
}
