package dev.holdfast.cli;

import dev.holdfast.cli.console.CommandException;
import dev.holdfast.cli.console.Exit;
import dev.holdfast.cli.console.Inputs;
import dev.holdfast.cli.console.Terminal;
import dev.holdfast.daemon.config.HostPort;
import dev.holdfast.daemon.log.LibraryLog;
import dev.holdfast.daemon.pccs.Faults;
import dev.holdfast.daemon.pccs.PccsServer;
import dev.holdfast.simulator.PlatformRecipe;
import dev.holdfast.simulator.pccs.DevelopmentPccs;
import dev.holdfast.simulator.pccs.PccsRecipe;
import dev.holdfast.simulator.pccs.Recovery;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    header = "Serves the vendor's collateral as Intel's PCS and a PCCS do, until it is stopped.",
    footer = {
      "",
      "The first line of the output is the URL. SIGTERM and SIGINT end it.",
      "Example: holdfast simulator serve vendor --early-recovery"
    })
final class SimulatorServeCommand implements Callable<Integer> {
  private static final long STOP_SECONDS = 5;

  private final Terminal terminal;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);

  @Parameters(paramLabel = "DIR", description = "The vendor's folder.")
  private Path folder = Path.of("");

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:8081",
      description = "A loopback address; 127.0.0.1:8081 by default, port 0 takes a free one.")
  private String listen = "";

  @Option(
      names = "--insecure-listen-anywhere",
      description = "Take an address that other machines reach.")
  private boolean anywhere;

  @Option(names = "--at", paramLabel = "INSTANT", description = "Stop the clock at this instant.")
  private @Nullable String at;

  @Option(
      names = "--platform",
      paramLabel = "NAME",
      defaultValue = SimulatorCommand.DEFAULT_PLATFORM,
      description = "A simulated machine whose PCK certificate is served; repeatable.")
  private List<String> platforms = List.of();

  @Option(
      names = "--early-recovery",
      description = "The early channel knows a TCB recovery that makes all platforms OutOfDate.")
  private boolean earlyRecovery;

  @Option(names = "--recovery", description = "The standard channel knows it too.")
  private boolean recovery;

  @Option(
      names = "--recovery-date",
      paramLabel = "INSTANT",
      description = "The day of that recovery; else today.")
  private @Nullable String recoveryDate;

  @Option(
      names = "--hex-crl",
      description =
          "PCK revocation lists in hexadecimal unless DER is asked for, as a PCCS has it.")
  private boolean hexCrl;

  @Option(
      names = "--fail",
      paramLabel = "STATUS",
      description = "Answer with this status, 400..599, instead.")
  private @Nullable Integer fail;

  @Option(
      names = "--fail-requests",
      paramLabel = "N",
      description = "How many requests from the start; all by default.")
  private long failRequests = Long.MAX_VALUE;

  @Option(names = "--retry-after", paramLabel = "SECONDS", description = "Said with that status.")
  private @Nullable Integer retryAfter;

  @Option(names = "--delay-millis", paramLabel = "N", description = "Wait before every answer.")
  private long delayMillis;

  SimulatorServeCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, CommandException {
    InetSocketAddress address = address();
    InstantSource time = time();
    DevelopmentPccs pccs =
        new DevelopmentPccs(SimulatorCommand.vendor(terminal, folder), recipe(time.instant()));
    LibraryLog.silence();
    Thread hook = new Thread(this::stopBySignal, "stop");
    Runtime.getRuntime().addShutdownHook(hook);
    try (PccsServer server = PccsServer.start(address, pccs, faults(), time, this::bug)) {
      announce(address.getHostString(), server.port());
      stop.await();
    } catch (InterruptedException e) {
      // Asked to stop, as by a signal.
    } finally {
      ended.countDown();
      remove(hook);
    }
    return Exit.OK;
  }

  private void announce(String host, int port) {
    String url = "http://" + new HostPort(host, port);
    terminal
        .err()
        .println("holdfast: for development only: nothing real trusts this vendor's root");
    String instant = at == null ? "" : " --at " + at;
    terminal
        .err()
        .println(
            "holdfast: use it so: holdfast quote verify quote.bin --pccs %s --trust-anchor %s%s"
                .formatted(url, folder.resolve(SimulatorCommand.ROOT_FILE), instant));
    terminal.out().println(url);
    terminal.out().flush();
  }

  private InetSocketAddress address() throws CommandException {
    InetSocketAddress address = Inputs.address("--listen", listen);
    if (address.isUnresolved()) {
      throw CommandException.operational("--listen: no address is known for this host");
    }
    if (!address.getAddress().isLoopbackAddress() && !anywhere) {
      throw CommandException.usage(
          "--listen: this is no loopback address; --insecure-listen-anywhere allows it");
    }
    return address;
  }

  private InstantSource time() throws CommandException {
    return at == null ? terminal.time() : InstantSource.fixed(Inputs.instant(at));
  }

  private PccsRecipe recipe(Instant now) throws CommandException {
    PccsRecipe recipe =
        PccsRecipe.defaults()
            .withPlatforms(platforms.stream().distinct().map(PlatformRecipe::of).toList());
    if (hexCrl) {
      recipe = recipe.withHexPckCrl();
    }
    if (!earlyRecovery && !recovery) {
      if (recoveryDate != null) {
        throw CommandException.usage("--recovery-date: give --early-recovery or --recovery too");
      }
      return recipe;
    }
    Instant date = recoveryDate == null ? now : Inputs.instant("--recovery-date", recoveryDate);
    return recipe.withRecovery(new Recovery(date, recovery));
  }

  private Faults faults() throws CommandException {
    if (fail == null && (retryAfter != null || failRequests != Long.MAX_VALUE)) {
      throw CommandException.usage("--retry-after and --fail-requests go with --fail");
    }
    try {
      return new Faults(
          fail == null ? OptionalInt.empty() : OptionalInt.of(fail),
          failRequests,
          Optional.ofNullable(retryAfter).map(Duration::ofSeconds),
          Duration.ofMillis(delayMillis));
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(
          "--fail: expected 400..599; --delay-millis: at most "
              + Faults.MAX_DELAY.toMillis()
              + "; --fail-requests and --retry-after: not negative");
    }
  }

  private void bug(Throwable thrown) {
    terminal.err().println("holdfast: a bug: " + thrown);
  }

  private void stopBySignal() {
    stop.countDown();
    try {
      ended.await(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void remove(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is going down already: that is what ran the hook.
    }
  }
}
