package dev.holdfast.simulator.pccs;

/// A request that gets no document.
final class RefusedRequest extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient PccsReply reply;

  private RefusedRequest(int status, String words) {
    super(words);
    this.reply = PccsReply.error(status, words);
  }

  /// 400: a parameter is missing, malformed, given twice, or excludes another.
  static RefusedRequest invalid() {
    return new RefusedRequest(400, "Invalid request parameters.");
  }

  /// 404: what was asked for does not exist.
  static RefusedRequest notFound(String words) {
    return new RefusedRequest(404, words);
  }

  /// 410: it existed once.
  static RefusedRequest gone() {
    return new RefusedRequest(410, "The evaluation data number is no longer available.");
  }

  PccsReply reply() {
    return reply;
  }
}
