package dev.holdfast.bench;

import dev.holdfast.cli.demo.DemoFailure;
import dev.holdfast.cli.demo.DemoNode;
import dev.holdfast.cli.demo.Fleet;
import dev.holdfast.cli.demo.NodeStatus;
import dev.holdfast.codec.JsonWriter;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// From the start of a node's process to its open store, 2 of 3, real processes on this machine:
/// with all providers well, and with one that refuses, is silent, slow, or lies. Quotes are
/// simulated, so their time (tens to hundreds of milliseconds on real hardware) is not in it.
public final class OpenBench {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final List<String> FAULTS = List.of("refusing", "silent", "slow", "lying");

  private final Fleet fleet;
  private final int rounds;

  private OpenBench(Fleet fleet, int rounds) {
    this.fleet = fleet;
    this.rounds = rounds;
  }

  /// Runs all and prints one line of JSON, medians in milliseconds.
  public static void main(String[] arguments)
      throws IOException, InterruptedException, DemoFailure {
    int rounds = new Arguments(arguments).number("--rounds", 5, 1, 100);
    Fleet fleet = Fleet.create(new SecureRandom(), Instant.now());
    Runtime.getRuntime().addShutdownHook(new Thread(fleet::close));
    new OpenBench(fleet, rounds).run();
    fleet.close();
    fleet.delete();
  }

  private void run() throws IOException, InterruptedException, DemoFailure {
    for (String name : List.of("victim", "provider-1", "provider-2", "provider-3")) {
      fleet.add(name, "machine-of-" + name, "bench").start("node");
    }
    for (DemoNode node : fleet.nodes()) {
      fleet.await(node, "ready", PATIENCE, s -> s.state().equals("ready"));
    }
    DemoNode victim = fleet.nodes().getFirst();
    DemoNode faulty = fleet.nodes().get(1);
    String account = victim.status().orElseThrow().account().orElseThrow();
    JsonWriter figures = JsonWriter.object().put("command", "bench open").put("rounds", rounds);
    figures.put("p50Millis", median(victim, "all well"));
    for (String fault : FAULTS) {
      faulty.stop();
      faulty.start("demo-faulty-provider", "--victim", account, "--fault", fault);
      fleet.await(faulty, "open", PATIENCE, NodeStatus::storeOpen);
      String name = fault.equals("refusing") ? "refused" : fault;
      figures.put(name + "Millis", median(victim, "one provider " + fault));
    }
    System.out.println(figures);
  }

  private long median(DemoNode victim, String what)
      throws IOException, InterruptedException, DemoFailure {
    List<Long> millis = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      victim.kill();
      victim.start("node");
      NodeStatus open = fleet.await(victim, "open", PATIENCE, NodeStatus::storeOpen);
      millis.add(open.recovery().openedAfterMillis().orElseThrow());
    }
    millis.sort(null);
    System.err.println(what + ": " + millis + " ms");
    return millis.get(millis.size() / 2);
  }
}
