package dev.holdfast.node.work;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.node.model.ExchangeId;
import dev.holdfast.protocol.Route;
import java.time.Instant;

/// What stands before the node: parses and verifies requests of peers, off the node's thread, and
/// answers by itself what needs no decision. Immutable; `Node.gate` has the present one.
public final class Gate {
  Gate() {}

  /// Judges a request. `parameter` is what follows the path of a route with a digest, else empty;
  /// `body` is at most one byte more than the route allows.
  public Admission admit(
      ExchangeId exchange, Route route, String parameter, Bytes body, Instant now) {
    throw new InvariantError("under construction");
  }
}
