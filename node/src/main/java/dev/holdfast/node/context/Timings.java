package dev.holdfast.node.context;

import java.time.Duration;

/// How long the node waits for what.
///
/// - `placementPatience`: with enough members for k shares but not for n, how long to wait for more
///   before the manifest is committed with fewer.
/// - `proofWindow`: how long a provider collects requests for its proof before it makes one quote.
/// - `hedge`: with k challenges at hand, how long a recovery waits for one more before it asks for
///   its quote; `gather`: how long it waits for k.
/// - `confirmEvery`: how often providers are asked whether they still hold their share.
/// - `callDeadline`: for each HTTP request; `proofDeadline` where the peer makes a quote first.
/// - `retryFirst`, `retryMost`: the first and the longest pause between attempts; each is drawn
///   between half and the whole of it.
public record Timings(
    Duration placementPatience,
    Duration proofWindow,
    Duration hedge,
    Duration gather,
    Duration confirmEvery,
    Duration callDeadline,
    Duration proofDeadline,
    Duration retryFirst,
    Duration retryMost) {
  public static final Timings DEFAULT =
      new Timings(
          Duration.ofSeconds(15),
          Duration.ofMillis(20),
          Duration.ofMillis(100),
          Duration.ofMillis(1000),
          Duration.ofSeconds(30),
          Duration.ofSeconds(5),
          Duration.ofSeconds(15),
          Duration.ofMillis(250),
          Duration.ofSeconds(15));
}
