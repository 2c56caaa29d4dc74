package dev.holdfast.daemon.http;

import dev.holdfast.protocol.Limits;
import java.time.Duration;

/// Bounds on what a caller may cost, before anything of a request is looked at.
///
/// @param connections open at once, across all callers
/// @param concurrentRequests handled at once; further ones are told to come back
/// @param headerBytes of all headers of one request together
/// @param requestDeadline for a whole request, from the end of the one before to the end of its
///   answer, with up to an eighth more
public record HttpLimits(
    int connections, int concurrentRequests, int headerBytes, Duration requestDeadline) {

  /// Longest request line.
  public static final int REQUEST_LINE_BYTES = 1024;

  /// For peers and strangers: 2048 connections, [Limits#CONCURRENT_EXCHANGES] requests, 8 KiB of
  /// headers, 20 s.
  public static HttpLimits defaults() {
    return new HttpLimits(2048, Limits.CONCURRENT_EXCHANGES, 8 * 1024, Duration.ofSeconds(20));
  }
}
