package dev.holdfast.daemon.local;

import dev.holdfast.codec.Bytes;
import dev.holdfast.crypto.SecretBytes;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

/// The client side of the local socket: one small HTTP/1.1 exchange per call, read to the end of
/// the connection. The JDK's client knows no Unix sockets.
///
/// Spec: docs/spec/local.md
public final class LocalClient {
  /// Longest answer.
  public static final int MAX_ANSWER_BYTES = 4 * 1024 * 1024;

  private static final int MAX_HEAD_BYTES = 16 * 1024;
  private static final String NO_HTTP = "the answer is no HTTP";

  private final Path socket;
  private final Duration deadline;

  /// @param deadline for a whole call
  public LocalClient(Path socket, Duration deadline) {
    this.socket = socket;
    this.deadline = deadline;
  }

  /// What the node said.
  ///
  /// @param body the caller closes it
  public record Answer(int status, SecretBytes body) implements AutoCloseable {
    /// The body as public bytes: for everything but secrets.
    public Bytes bytes() {
      return body.apply(Bytes::copyOf);
    }

    @Override
    public void close() {
      body.close();
    }
  }

  /// @throws IOException when no node answers on the socket, or not in time, or not in HTTP
  public Answer call(String method, String path, SecretBytes body) throws IOException {
    byte[] head =
        "%s %s HTTP/1.1\r\nHost: local\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
            .formatted(method, path, body.size())
            .getBytes(StandardCharsets.US_ASCII);
    ByteBuffer request = ByteBuffer.allocate(head.length + body.size()).put(head);
    body.use(request::put);
    request.flip();
    try {
      return exchange(request);
    } finally {
      request.clear().put(new byte[request.capacity()]);
    }
  }

  /// A call without a body.
  ///
  /// @throws IOException as the other form
  public Answer call(String method, String path) throws IOException {
    try (SecretBytes none = SecretBytes.take(new byte[0])) {
      return call(method, path, none);
    }
  }

  private Answer exchange(ByteBuffer request) throws IOException {
    long end = System.nanoTime() + deadline.toNanos();
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        Selector selector = Selector.open()) {
      channel.connect(UnixDomainSocketAddress.of(socket));
      channel.configureBlocking(false);
      SelectionKey key = channel.register(selector, SelectionKey.OP_WRITE);
      while (request.hasRemaining()) {
        await(selector, end);
        channel.write(request);
      }
      key.interestOps(SelectionKey.OP_READ);
      return receive(channel, () -> await(selector, end));
    }
  }

  /// Waits until there is something to read.
  private interface Waiting {
    void await() throws IOException;
  }

  private static Answer receive(SocketChannel channel, Waiting waiting) throws IOException {
    byte[] head = new byte[MAX_HEAD_BYTES];
    int received = 0;
    int bodyStart = -1;
    try {
      while (bodyStart < 0) {
        received += read(channel, waiting, head, received);
        bodyStart = bodyStart(head, received);
      }
      String[] lines = new String(head, 0, bodyStart, StandardCharsets.US_ASCII).split("\r\n", -1);
      if (!lines[0].matches("HTTP/1\\.1 [1-5][0-9]{2}.*")) {
        throw new IOException(NO_HTTP);
      }
      byte[] body = new byte[contentLength(lines)];
      int size = received - bodyStart;
      if (size > body.length) {
        throw new IOException(NO_HTTP);
      }
      System.arraycopy(head, bodyStart, body, 0, size);
      while (size < body.length) {
        size += read(channel, waiting, body, size);
      }
      return new Answer(Integer.parseInt(lines[0].substring(9, 12)), SecretBytes.take(body));
    } finally {
      Arrays.fill(head, (byte) 0);
    }
  }

  private static int read(SocketChannel channel, Waiting waiting, byte[] into, int offset)
      throws IOException {
    if (offset == into.length) {
      throw new IOException(NO_HTTP);
    }
    waiting.await();
    int count = channel.read(ByteBuffer.wrap(into, offset, into.length - offset));
    if (count < 0) {
      throw new IOException("the answer is cut short");
    }
    return count;
  }

  private static void await(Selector selector, long end) throws IOException {
    long millis = (end - System.nanoTime()) / 1_000_000;
    if (millis <= 0 || selector.select(millis) == 0) {
      throw new IOException("the node does not answer in time");
    }
    selector.selectedKeys().clear();
  }

  /// Where the body starts, negative when the head is not whole yet.
  private static int bodyStart(byte[] head, int size) {
    for (int i = 3; i < size; i++) {
      if (head[i - 3] == '\r' && head[i - 2] == '\n' && head[i - 1] == '\r' && head[i] == '\n') {
        return i + 1;
      }
    }
    return -1;
  }

  private static int contentLength(String[] lines) throws IOException {
    for (String line : lines) {
      if (line.regionMatches(true, 0, "Content-Length:", 0, 15)) {
        String digits = line.substring(15).strip();
        if (!digits.matches("[0-9]{1,9}") || Integer.parseInt(digits) > MAX_ANSWER_BYTES) {
          throw new IOException("the answer is longer than " + MAX_ANSWER_BYTES + " bytes");
        }
        return Integer.parseInt(digits);
      }
    }
    return 0;
  }
}
