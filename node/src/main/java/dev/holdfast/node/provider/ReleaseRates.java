package dev.holdfast.node.provider;

import dev.holdfast.codec.Bytes;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.Limits;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// How many releases an account and a machine had in the present hour, and which requests were
/// answered lately: the very same request again costs nothing, since it only seals the same share
/// to the same key. Remembers a bounded number of each, the oldest going first.
public final class ReleaseRates {
  public static final int REMEMBERED = 65_536;

  private static final Duration HOUR = Duration.ofHours(1);

  private final Map<Bytes, Window> accounts = new LinkedHashMap<>();
  private final Map<Bytes, Window> platforms = new LinkedHashMap<>();
  private final Map<Bytes, Instant> answered = new LinkedHashMap<>();

  private record Window(Instant since, int count) {}

  public enum Answer {
    FIRST,
    AGAIN,
    TOO_MANY
  }

  /// Counts one release, unless it is one too many or the same again.
  public Answer take(AccountId account, List<Bytes> machine, Bytes request, Instant now) {
    Instant until = answered.get(request);
    if (until != null && now.isBefore(until)) {
      return Answer.AGAIN;
    }
    boolean allowed =
        count(accounts, account.bytes(), now) < Limits.RELEASES_PER_ACCOUNT_AND_HOUR
            && machine.stream()
                .allMatch(id -> count(platforms, id, now) < Limits.RELEASES_PER_PLATFORM_AND_HOUR);
    if (!allowed) {
      return Answer.TOO_MANY;
    }
    raise(accounts, account.bytes(), now);
    machine.forEach(id -> raise(platforms, id, now));
    answered.put(request, now.plus(Limits.CHALLENGE_LIFE));
    bound(answered);
    return Answer.FIRST;
  }

  /// Undoes a [#take] that answered FIRST: nothing left the node, so the same request later counts
  /// as the first.
  public void giveBack(AccountId account, List<Bytes> machine, Bytes request) {
    if (answered.remove(request) != null) {
      lower(accounts, account.bytes());
      machine.forEach(id -> lower(platforms, id));
    }
  }

  private static void lower(Map<Bytes, Window> windows, Bytes key) {
    windows.computeIfPresent(
        key, (_, window) -> new Window(window.since(), Math.max(0, window.count() - 1)));
  }

  private static int count(Map<Bytes, Window> windows, Bytes key, Instant now) {
    Window window = windows.get(key);
    return window == null || isOver(window, now) ? 0 : window.count();
  }

  private static void raise(Map<Bytes, Window> windows, Bytes key, Instant now) {
    Window window = windows.get(key);
    if (window == null || isOver(window, now)) {
      windows.remove(key);
      windows.put(key, new Window(now, 1));
      bound(windows);
    } else {
      windows.put(key, new Window(window.since(), window.count() + 1));
    }
  }

  private static boolean isOver(Window window, Instant now) {
    return !now.isBefore(window.since().plus(HOUR));
  }

  private static void bound(Map<Bytes, ?> map) {
    if (map.size() > REMEMBERED) {
      map.remove(map.keySet().iterator().next());
    }
  }
}
