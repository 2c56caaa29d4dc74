package dev.holdfast.platform.collateral;

import dev.holdfast.codec.MalformedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// Says one thing to everybody who connects, whatever they say, and closes the connection.
final class RawServer implements AutoCloseable {
  private final ServerSocket socket;

  private RawServer(ServerSocket socket) {
    this.socket = socket;
  }

  static RawServer saying(String text) throws IOException {
    ServerSocket socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    Thread.ofVirtual()
        .start(() -> {
          while (!socket.isClosed()) {
            try (Socket client = socket.accept()) {
              client.getInputStream().read(new byte[1024]);
              client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
              // The client went away, or the test is over.
            }
          }
        });
    return new RawServer(socket);
  }

  ServiceUrl url(String scheme) {
    try {
      return ServiceUrl.parse(scheme + "://127.0.0.1:" + socket.getLocalPort());
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
