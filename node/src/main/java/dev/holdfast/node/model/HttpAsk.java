package dev.holdfast.node.model;

import dev.holdfast.codec.Bytes;
import dev.holdfast.protocol.Endpoint;
import dev.holdfast.protocol.Route;

/// One HTTP request to a peer: `route.method()` on `http://endpoint` + `path`, `body` empty where
/// the route has none. No redirects are followed; at most `route.maxAnswerBytes()` are read.
public record HttpAsk(Endpoint endpoint, Route route, String path, Bytes body) {}
