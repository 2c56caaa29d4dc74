package dev.holdfast.cli.demo;

import dev.holdfast.daemon.runtime.DurableFiles;
import dev.holdfast.simulator.CollateralRecipe;
import dev.holdfast.simulator.DevelopmentVendor;
import dev.holdfast.simulator.PlatformRecipe;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/// The nodes of a demo, in a folder of their own, all on one simulated vendor.
public final class Fleet implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(20);

  private final Path folder;
  private final List<DemoNode> nodes = new CopyOnWriteArrayList<>();

  private Fleet(Path folder) {
    this.folder = folder;
  }

  /// A fresh folder with a vendor, its collateral and an empty registry.
  public static Fleet create(SecureRandom random, Instant now) throws IOException {
    Fleet fleet = new Fleet(Files.createTempDirectory("holdfast-demo-"));
    DevelopmentVendor vendor = DevelopmentVendor.generate(random, now);
    Path folder = fleet.folder.resolve("vendor");
    DurableFiles.createFolder(folder);
    DurableFiles.write(folder, "vendor.json", vendor.toJson());
    DurableFiles.write(
        folder,
        "collateral.json",
        vendor.collateral(CollateralRecipe.defaults(PlatformRecipe.DEFAULT_FMSPC, now)));
    DurableFiles.createFolder(fleet.folder.resolve("members"));
    return fleet;
  }

  public Path folder() {
    return folder;
  }

  public List<DemoNode> nodes() {
    return nodes;
  }

  /// A configured node on a machine of its own; not started.
  public DemoNode add(String name, String platform, String image) throws IOException {
    DemoNode node = new DemoNode(name, freePort(), folder.resolve(name));
    node.configure(folder, platform, image);
    nodes.add(node);
    return node;
  }

  DemoNode named(String name) throws DemoFailure {
    return nodes.stream()
        .filter(node -> node.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new DemoFailure("there is no node " + name));
  }

  /// Waits until `node` says something that `wanted` accepts.
  ///
  /// @param what for the failure
  public NodeStatus await(DemoNode node, String what, Duration atMost, Predicate<NodeStatus> wanted)
      throws DemoFailure, InterruptedException {
    return await(node, what, atMost, wanted, status -> {});
  }

  /// As the other, telling every status that it sees to `watcher`.
  public NodeStatus await(
      DemoNode node,
      String what,
      Duration atMost,
      Predicate<NodeStatus> wanted,
      java.util.function.Consumer<NodeStatus> watcher)
      throws DemoFailure, InterruptedException {
    long end = System.nanoTime() + atMost.toNanos();
    Optional<NodeStatus> last = Optional.empty();
    while (System.nanoTime() < end) {
      Optional<NodeStatus> status = node.status();
      if (status.isPresent()) {
        last = status;
        watcher.accept(status.get());
        if (wanted.test(status.get())) {
          return status.get();
        }
      }
      DemoFailure.require(node.running(), node.name() + " ended before " + what);
      Thread.sleep(POLL);
    }
    throw new DemoFailure(
        "%s: not %s after %d s; it says: %s"
            .formatted(
                node.name(),
                what,
                atMost.toSeconds(),
                last.map(s -> s.state() + ": " + s.sentence()).orElse("nothing")));
  }

  /// Ends all processes at once.
  @Override
  public void close() {
    nodes.forEach(DemoNode::abandon);
  }

  /// Removes the folder and everything in it.
  public void delete() throws IOException {
    Folders.delete(folder);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
