package dev.holdfast.sim;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Digests;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/// What happened, line by line, and a hash over all of it: equal hashes mean equal runs.
final class Trace {
  private final MessageDigest digest = Digests.sha256();
  private final Deque<String> tail = new ArrayDeque<>();
  private final Instant start;
  private final int kept;

  /// Keeps the last `kept` lines.
  Trace(Instant start, int kept) {
    this.start = start;
    this.kept = kept;
  }

  void line(Instant at, String who, String what) {
    long millis = Duration.between(start, at).toMillis();
    String line = millis + " " + who + " " + what;
    digest.update(line.getBytes(StandardCharsets.UTF_8));
    tail.addLast(line);
    if (tail.size() > kept) {
      tail.removeFirst();
    }
  }

  /// Content that is in the hash and not in the lines.
  void content(Bytes bytes) {
    bytes.updateInto(digest);
  }

  List<String> tail() {
    return tail.stream().map(Trace::readable).toList();
  }

  /// Of all so far; ends the trace.
  Bytes hash() {
    return Bytes.copyOf(digest.digest());
  }

  private static String readable(String line) {
    int space = line.indexOf(' ');
    double seconds = Long.parseLong(line.substring(0, space)) / 1000.0;
    return String.format(Locale.ROOT, "%9.3f", seconds) + line.substring(space);
  }
}
