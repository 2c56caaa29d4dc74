package dev.holdfast.registry.etcd;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The network between a client and a server, which a test can break.
final class TcpProxy implements AutoCloseable {
  private final ServerSocket listener;
  private final int target;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private volatile boolean cut;
  private volatile boolean frozen;

  private TcpProxy(ServerSocket listener, int target) {
    this.listener = listener;
    this.target = target;
  }

  static TcpProxy start(int target) throws IOException {
    TcpProxy proxy =
        new TcpProxy(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), target);
    Thread.ofVirtual().start(proxy::accept);
    return proxy;
  }

  int port() {
    return listener.getLocalPort();
  }

  /// Breaks every connection, and every new one at once.
  void cut() {
    cut = true;
    closeAll();
  }

  /// Connections stay and carry nothing any more; new ones neither.
  void freeze() {
    frozen = true;
  }

  /// What was broken stays broken; new connections work.
  void mend() {
    cut = false;
    frozen = false;
    closeAll();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    closeAll();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        sockets.add(client);
        if (cut) {
          client.close();
        } else if (!frozen) {
          Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
          sockets.add(server);
          Thread.ofVirtual().start(() -> carry(client, server));
          Thread.ofVirtual().start(() -> carry(server, client));
        }
      }
    } catch (IOException e) {
      closeAll();
    }
  }

  private void carry(Socket from, Socket to) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[16 * 1024];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        if (!frozen) {
          out.write(buffer, 0, count);
        }
      }
    } catch (IOException e) {
      // Closed from either side.
    }
  }

  private void closeAll() {
    for (Socket socket : List.copyOf(sockets)) {
      try {
        socket.close();
      } catch (IOException e) {
        // Closed is closed.
      }
      sockets.remove(socket);
    }
  }
}
