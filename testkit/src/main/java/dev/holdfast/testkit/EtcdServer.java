package dev.holdfast.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A real etcd server: a process of its own on this machine, which can be killed, paused and
/// started again over the same data.
public final class EtcdServer implements AutoCloseable {
  private static final int ATTEMPTS = 1200;
  private static final int ATTEMPT_MILLIS = 50;

  private final Path folder;
  private final String name;
  private final int clientPort;
  private final int peerPort;
  private final String scheme;
  private final List<String> more;
  private String cluster;
  private Process process;

  private EtcdServer(Path folder, String name, String scheme, List<String> more)
      throws IOException {
    this.folder = folder;
    this.name = name;
    this.scheme = scheme;
    this.more = more;
    clientPort = freePort();
    peerPort = freePort();
    cluster = initial();
  }

  /// What tests that need it assume.
  public static boolean isInstalled() {
    return find("etcd").isPresent() && find("etcdctl").isPresent();
  }

  /// What to say when it is not.
  public static String missing() {
    return "NOT TESTED: no etcd and etcdctl on the path; apt-get install etcd-server etcd-client";
  }

  private static Optional<Path> find(String program) {
    return Stream.of(System.getenv("PATH").split(":"))
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /// Starts one server that is a cluster by itself, with its data in `folder`.
  public static EtcdServer start(Path folder) throws Exception {
    return start(folder, "http", List.of());
  }

  /// @param scheme `http` or `https`, of what clients use
  /// @param more further arguments
  public static EtcdServer start(Path folder, String scheme, List<String> more) throws Exception {
    EtcdServer server = new EtcdServer(folder, "one", scheme, more);
    server.start();
    return server;
  }

  /// Starts a cluster.
  public static List<EtcdServer> startCluster(Path folder, int servers) throws Exception {
    List<EtcdServer> all = new ArrayList<>();
    for (int i = 0; i < servers; i++) {
      all.add(new EtcdServer(folder.resolve("server-" + i), "server-" + i, "http", List.of()));
    }
    String cluster = String.join(",", all.stream().map(EtcdServer::initial).toList());
    for (EtcdServer server : all) {
      server.cluster = cluster;
      server.launch();
    }
    for (EtcdServer server : all) {
      server.awaitPort();
    }
    return all;
  }

  /// `host:port` for clients.
  public String endpoint() {
    return "127.0.0.1:" + clientPort;
  }

  /// What etcdctl takes.
  public String url() {
    return scheme + "://" + endpoint();
  }

  public int port() {
    return clientPort;
  }

  /// Starts it, or starts it again.
  public void start() throws Exception {
    launch();
    awaitPort();
  }

  /// `kill -9`.
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    if (process != null) {
      kill();
    }
  }

  private String initial() {
    return name + "=http://127.0.0.1:" + peerPort;
  }

  private void launch() throws IOException {
    Files.createDirectories(folder);
    List<String> command = new ArrayList<>();
    command.add("etcd");
    command.addAll(List.of("--name", name, "--data-dir", folder.resolve("data").toString()));
    command.addAll(List.of("--listen-client-urls", url(), "--advertise-client-urls", url()));
    command.addAll(List.of("--listen-peer-urls", "http://127.0.0.1:" + peerPort));
    command.addAll(List.of("--initial-advertise-peer-urls", "http://127.0.0.1:" + peerPort));
    command.addAll(List.of("--initial-cluster", cluster));
    command.addAll(more);
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("etcd.log").toFile()))
            .start();
  }

  private void awaitPort() throws Exception {
    for (int i = 0; i < ATTEMPTS; i++) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), clientPort));
        return;
      } catch (IOException e) {
        if (process.waitFor(ATTEMPT_MILLIS, TimeUnit.MILLISECONDS)) {
          break;
        }
      }
    }
    throw new IOException("etcd did not start: " + Files.readString(folder.resolve("etcd.log")));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
