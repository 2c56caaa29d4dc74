package dev.holdfast.daemon.http;

import java.time.Duration;

/// Bounds on what a caller may cost, before anything of a request is looked at.
///
/// @param connections open at once, across all callers
/// @param concurrentRequests handled at once; further ones are told to come back
/// @param headerBytes of all headers of one request together
/// @param readTimeout longest wait for the next bytes of a request
/// @param bodyDeadline longest time for a whole body
public record HttpLimits(
    int connections,
    int concurrentRequests,
    int headerBytes,
    Duration readTimeout,
    Duration bodyDeadline) {

  /// Longest request line.
  public static final int REQUEST_LINE_BYTES = 1024;

  /// A body without evidence.
  public static final int BODY_BYTES = 64 * 1024;

  /// A body with evidence.
  public static final int EVIDENCE_BODY_BYTES = 128 * 1024;

  /// A collateral document.
  public static final int COLLATERAL_BYTES = 256 * 1024;

  /// For peers and strangers: 512 connections, 64 requests, 8 KiB of headers, 5 s, 10 s.
  public static HttpLimits defaults() {
    return new HttpLimits(512, 64, 8 * 1024, Duration.ofSeconds(5), Duration.ofSeconds(10));
  }
}
