package dev.holdfast.entropy.development;

import dev.holdfast.codec.InvariantError;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The part of RFC 6455 that one trusted client on the same machine needs. For development only.
final class WebSocketServer implements AutoCloseable {
  private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final String KEY = "sec-websocket-key:";
  private static final int MAX_REQUEST = 1024 * 1024;
  private static final int TEXT = 1;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;
  private static final int FINAL = 0x80;

  private final ServerSocket listening;
  private final Handler handler;
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();

  /// What answers a message; nothing is sent for an empty answer, an exception ends the connection.
  interface Handler {
    Optional<String> answer(String message) throws IOException;
  }

  private WebSocketServer(ServerSocket listening, Handler handler) {
    this.listening = listening;
    this.handler = handler;
  }

  static WebSocketServer start(int port, Handler handler) throws IOException {
    ServerSocket listening = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
    WebSocketServer server = new WebSocketServer(listening, handler);
    Thread.ofVirtual().start(server::accept);
    return server;
  }

  int port() {
    return listening.getLocalPort();
  }

  void broadcast(String message) {
    for (Connection connection : connections) {
      try {
        connection.write(TEXT, message.getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        connection.close();
      }
    }
  }

  /// Every connection stays open, and nothing is answered on it any more.
  void freezeConnections() {
    connections.forEach(connection -> connection.frozen = true);
  }

  void dropConnections() {
    connections.forEach(Connection::close);
  }

  @Override
  public void close() {
    try {
      listening.close();
    } catch (IOException e) {
      // It is gone either way.
    }
    dropConnections();
  }

  private void accept() {
    while (true) {
      try {
        Socket socket = listening.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (Connection connection = new Connection(socket)) {
      connection.handshake();
      connections.add(connection);
      connection.run(handler);
    } catch (IOException e) {
      // The client sees its connection end.
    } finally {
      connections.removeIf(connection -> connection.socket == socket);
    }
  }

  private static final class Connection implements AutoCloseable {
    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;
    private volatile boolean frozen;

    Connection(Socket socket) throws IOException {
      this.socket = socket;
      socket.setTcpNoDelay(true);
      this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
      this.out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
    }

    void handshake() throws IOException {
      String key = "";
      for (String line = line(); !line.isEmpty(); line = line()) {
        if (line.regionMatches(true, 0, KEY, 0, KEY.length())) {
          key = line.substring(KEY.length()).strip();
        }
      }
      String answer =
          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              + "Sec-WebSocket-Accept: "
              + Base64.getEncoder().encodeToString(sha1(key + MAGIC))
              + "\r\n\r\n";
      out.write(answer.getBytes(StandardCharsets.US_ASCII));
      out.flush();
    }

    void run(Handler handler) throws IOException {
      StringBuilder message = new StringBuilder();
      while (true) {
        int head = in.readUnsignedByte();
        byte[] payload = payload();
        switch (head & 0x0f) {
          case CLOSE -> {
            return;
          }
          case PING -> write(PONG, payload);
          case PONG -> {}
          default -> {
            message.append(new String(payload, StandardCharsets.UTF_8));
            if ((head & FINAL) != 0) {
              Optional<String> answer = handler.answer(message.toString());
              message.setLength(0);
              if (answer.isPresent() && !frozen) {
                write(TEXT, answer.get().getBytes(StandardCharsets.UTF_8));
              }
            }
          }
        }
      }
    }

    synchronized void write(int kind, byte[] payload) throws IOException {
      out.writeByte(FINAL | kind);
      if (payload.length < 126) {
        out.writeByte(payload.length);
      } else if (payload.length < 65_536) {
        out.writeByte(126);
        out.writeShort(payload.length);
      } else {
        out.writeByte(127);
        out.writeLong(payload.length);
      }
      out.write(payload);
      out.flush();
    }

    @Override
    public void close() {
      try {
        socket.close();
      } catch (IOException e) {
        // It is gone either way.
      }
    }

    private byte[] payload() throws IOException {
      long size = in.readUnsignedByte() & 0x7f;
      if (size == 126) {
        size = in.readUnsignedShort();
      } else if (size == 127) {
        size = in.readLong();
      }
      if (size < 0 || size > MAX_REQUEST) {
        throw new IOException("a request is too long");
      }
      byte[] mask = in.readNBytes(4);
      byte[] payload = in.readNBytes((int) size);
      for (int i = 0; i < payload.length; i++) {
        payload[i] ^= mask[i % 4];
      }
      return payload;
    }

    private String line() throws IOException {
      StringBuilder line = new StringBuilder();
      for (int c = in.readUnsignedByte(); c != '\n'; c = in.readUnsignedByte()) {
        line.append((char) c);
        if (line.length() > 8192) {
          throw new IOException("a header is too long");
        }
      }
      return line.toString().strip();
    }

    private static byte[] sha1(String text) {
      try {
        return MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.US_ASCII));
      } catch (NoSuchAlgorithmException e) {
        throw new InvariantError("every Java platform has SHA-1", e);
      }
    }
  }
}
