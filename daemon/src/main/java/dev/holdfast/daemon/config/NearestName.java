package dev.holdfast.daemon.config;

import java.util.List;

/// The known name that is fewest edits away from a mistyped one.
final class NearestName {
  private NearestName() {}

  static String of(String typed, List<String> known) {
    String nearest = known.getFirst();
    int fewest = Integer.MAX_VALUE;
    for (String candidate : known) {
      int edits = edits(typed, candidate);
      if (edits < fewest) {
        nearest = candidate;
        fewest = edits;
      }
    }
    return nearest;
  }

  private static int edits(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[to.length()];
  }
}
