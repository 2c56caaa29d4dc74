package dev.holdfast.daemon.http;

/// A request that cannot be served, with the answer to give.
public final class RequestException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Reply reply;

  public RequestException(Reply reply) {
    super("status " + reply.status());
    this.reply = reply;
  }

  public Reply reply() {
    return reply;
  }
}
