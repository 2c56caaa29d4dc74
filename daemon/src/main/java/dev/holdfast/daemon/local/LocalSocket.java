package dev.holdfast.daemon.local;

import dev.holdfast.daemon.http.HttpServer;
import dev.holdfast.daemon.http.RouteTable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// The server side of the local socket. Whoever may enter its folder is the owner.
///
/// A socket file outlives `kill -9`, so one that nobody answers on is removed first. The caller
/// holds the data folder's lock: no second node of this folder can be starting meanwhile.
public final class LocalSocket implements AutoCloseable {
  private final Path path;
  private final HttpServer server;

  private LocalSocket(Path path, HttpServer server) {
    this.path = path;
    this.server = server;
  }

  /// @throws IOException when the socket cannot be bound, or another process answers on it
  public static LocalSocket serve(Path path, RouteTable table) throws IOException {
    Path folder = path.getParent();
    if (folder == null) {
      throw new IOException(path + " has no folder");
    }
    Files.createDirectories(folder);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    if (Files.exists(path)) {
      if (answers(path)) {
        throw new IOException(path + ": another process listens on this socket");
      }
      Files.delete(path);
    }
    return new LocalSocket(path, HttpServer.start(UnixDomainSocketAddress.of(path), table));
  }

  private static boolean answers(Path path) {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return channel.connect(UnixDomainSocketAddress.of(path));
    } catch (IOException e) {
      return false;
    }
  }

  public Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    server.close();
    Files.deleteIfExists(path);
  }
}
