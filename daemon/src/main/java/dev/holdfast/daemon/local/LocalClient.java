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
      return parse(exchange(request));
    } finally {
      wipe(request);
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

  /// The whole answer, in a buffer that the caller wipes.
  private ByteBuffer exchange(ByteBuffer request) throws IOException {
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
      ByteBuffer answer = ByteBuffer.allocate(8 * 1024);
      while (true) {
        await(selector, end);
        if (channel.read(answer) < 0) {
          return answer.flip();
        }
        if (!answer.hasRemaining()) {
          answer = larger(answer);
        }
      }
    }
  }

  private static void await(Selector selector, long end) throws IOException {
    long millis = (end - System.nanoTime()) / 1_000_000;
    if (millis <= 0 || selector.select(millis) == 0) {
      throw new IOException("the node does not answer in time");
    }
    selector.selectedKeys().clear();
  }

  private static ByteBuffer larger(ByteBuffer full) throws IOException {
    if (full.capacity() >= MAX_ANSWER_BYTES) {
      throw new IOException("the answer is longer than " + MAX_ANSWER_BYTES + " bytes");
    }
    ByteBuffer larger = ByteBuffer.allocate(2 * full.capacity()).put(full.flip());
    wipe(full);
    return larger;
  }

  private static void wipe(ByteBuffer buffer) {
    buffer.clear().put(new byte[buffer.capacity()]);
  }

  private static Answer parse(ByteBuffer answer) throws IOException {
    byte[] all = new byte[answer.remaining()];
    answer.get(all);
    wipe(answer);
    try {
      int bodyStart = bodyStart(all);
      String head = new String(all, 0, bodyStart, StandardCharsets.US_ASCII);
      String[] lines = head.split("\r\n", -1);
      if (!lines[0].matches("HTTP/1\\.1 [1-5][0-9]{2}.*")) {
        throw new IOException("the answer is no HTTP");
      }
      int status = Integer.parseInt(lines[0].substring(9, 12));
      int size = all.length - bodyStart;
      if (size != contentLength(lines, size)) {
        throw new IOException("the answer is cut short");
      }
      return new Answer(status, SecretBytes.take(Arrays.copyOfRange(all, bodyStart, all.length)));
    } finally {
      Arrays.fill(all, (byte) 0);
    }
  }

  private static int bodyStart(byte[] all) throws IOException {
    for (int i = 3; i < Math.min(all.length, MAX_HEAD_BYTES); i++) {
      if (all[i - 3] == '\r' && all[i - 2] == '\n' && all[i - 1] == '\r' && all[i] == '\n') {
        return i + 1;
      }
    }
    throw new IOException("the answer is no HTTP");
  }

  private static int contentLength(String[] lines, int withoutHeader) throws IOException {
    for (String line : lines) {
      if (line.regionMatches(true, 0, "Content-Length:", 0, 15)) {
        String digits = line.substring(15).strip();
        if (!digits.matches("[0-9]{1,9}")) {
          throw new IOException("the answer is no HTTP");
        }
        return Integer.parseInt(digits);
      }
      if (line.regionMatches(true, 0, "Transfer-Encoding:", 0, 18)) {
        throw new IOException("the answer is chunked, which the node never does");
      }
    }
    return withoutHeader;
  }
}
