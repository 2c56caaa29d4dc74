package dev.holdfast.daemon.http;

import dev.holdfast.codec.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/// Answers those who name this machine as themselves only: a browser that some page of the internet
/// led here by a name of its own gets nothing, though it connects from this machine.
public final class LoopbackOnly implements Responder {
  private static final int MISDIRECTED_REQUEST = 421;
  private static final Pattern LOOPBACK =
      Pattern.compile("(?i)(?:127(?:\\.[0-9]{1,3}){3}|\\[::1]|localhost)(?::[0-9]{1,5})?");

  private final Responder inner;

  public LoopbackOnly(Responder inner) {
    this.inner = inner;
  }

  @Override
  public HttpLimits limits() {
    return inner.limits();
  }

  @Override
  public Reply answer(Call call) throws IOException, InterruptedException {
    return LOOPBACK.matcher(call.host()).matches() ? inner.answer(call) : misdirected();
  }

  private static Reply misdirected() {
    String text = "Ask for this page at 127.0.0.1, [::1] or localhost: it is for this machine.\n";
    return new Reply(
        MISDIRECTED_REQUEST,
        "text/plain; charset=utf-8",
        Bytes.copyOf(text.getBytes(StandardCharsets.US_ASCII)),
        Optional.empty(),
        true);
  }
}
