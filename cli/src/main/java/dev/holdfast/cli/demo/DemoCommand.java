package dev.holdfast.cli.demo;

import dev.holdfast.cli.console.CommandException;
import dev.holdfast.cli.console.Exit;
import dev.holdfast.cli.console.Terminal;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.daemon.log.LibraryLog;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// The demonstration.
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    header = "Start here: the whole story on this machine, in under a minute.",
    footer = {"", "Exit: 0 only if everything that it promises held."})
public final class DemoCommand implements Callable<Integer> {
  private static final int MIN_NODES = 4;
  private static final int MAX_NODES = 12;

  private final Terminal terminal;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      defaultValue = "4",
      description = "How many nodes, 4 to 12; 4 unless said.")
  private int nodes = MIN_NODES;

  @Option(names = "--keep", description = "Leave the nodes running, and say where.")
  private boolean keep;

  @Option(
      names = "--vectors",
      paramLabel = "DIR",
      defaultValue = "../shared/vectors/dcap",
      description = "Recorded hardware quotes, judged too when they are there.")
  private Path vectors = Path.of("");

  public DemoCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, InterruptedException, CommandException {
    if (nodes < MIN_NODES || nodes > MAX_NODES) {
      throw CommandException.usage(
          "--nodes: expected %d..%d, found %d".formatted(MIN_NODES, MAX_NODES, nodes));
    }
    LibraryLog.silence();
    Narrator narrator = new Narrator(terminal.out());
    Fleet fleet = Fleet.create(new SecureRandom(), terminal.time().instant());
    Thread hook = new Thread(fleet::close, "end-nodes");
    Runtime.getRuntime().addShutdownHook(hook);
    boolean held = false;
    try {
      new Story(fleet, narrator, new RealQuotes(vectors), nodes).tell();
      held = true;
      return Exit.OK;
    } catch (DemoFailure | MalformedException e) {
      terminal.err().println("holdfast: the demo FAILED: " + e.getMessage());
      terminal.err().println("holdfast: what the nodes logged is in " + fleet.folder());
      return Exit.REFUSED;
    } finally {
      if (!(keep && held)) {
        fleet.close();
      }
      Runtime.getRuntime().removeShutdownHook(hook);
      if (held) {
        finish(fleet, narrator);
      }
    }
  }

  private void finish(Fleet fleet, Narrator narrator) throws IOException, InterruptedException {
    if (!keep) {
      for (DemoNode node : fleet.nodes()) {
        node.kill();
      }
      fleet.delete();
      return;
    }
    narrator.say("");
    narrator.say("Left running (end one with: kill PID):");
    for (DemoNode node : fleet.nodes()) {
      if (node.running()) {
        narrator.say(
            "  %s  http://%s  pid %d  holdfast status --config %s"
                .formatted(node.name(), node.address(), node.pid(), node.config()));
      }
    }
  }
}
