package dev.holdfast.node.model;

import dev.holdfast.codec.Bytes;

/// What came of an [HttpAsk].
public sealed interface HttpReply {
  /// Any status; `body` bounded by the route.
  record Answered(int status, Bytes body) implements HttpReply {}

  /// No connection, a broken one, a name that does not resolve or resolves to a refused address, or
  /// an answer that is no HTTP or too large. `detail` for people, in the runner's own words.
  record Unreachable(String detail) implements HttpReply {}

  /// The deadline passed.
  record Silent() implements HttpReply {}
}
