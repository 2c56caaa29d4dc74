package dev.holdfast.entropy.server;

import dev.holdfast.codec.Bytes;

/// An answer over HTTP.
public record V1Answer(int status, String contentType, Bytes body) {
  private static final String TEXT = "text/plain; charset=utf-8";

  static V1Answer json(Bytes body) {
    return new V1Answer(200, "application/json", body);
  }

  static V1Answer empty() {
    return new V1Answer(200, "", Bytes.EMPTY);
  }

  static V1Answer quote(Bytes quote) {
    return new V1Answer(200, "application/octet-stream", quote);
  }

  static V1Answer text(int status, String text) {
    return new V1Answer(status, TEXT, Bytes.utf8(text));
  }
}
