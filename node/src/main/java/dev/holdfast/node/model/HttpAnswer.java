package dev.holdfast.node.model;

import dev.holdfast.codec.Bytes;

/// What to answer a peer, as HTTP.
public record HttpAnswer(int status, String contentType, Bytes body) {
  public static final String JSON = "application/json";
}
