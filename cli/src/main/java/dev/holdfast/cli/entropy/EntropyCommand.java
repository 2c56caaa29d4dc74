package dev.holdfast.cli.entropy;

import dev.holdfast.attestation.AttestationVerifier;
import dev.holdfast.attestation.TrustAnchor;
import dev.holdfast.cli.console.CommandException;
import dev.holdfast.cli.console.Exit;
import dev.holdfast.cli.console.Inputs;
import dev.holdfast.cli.console.Terminal;
import dev.holdfast.cli.quote.CollateralOptions;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.Crypto;
import dev.holdfast.daemon.SystemTicker;
import dev.holdfast.daemon.config.HostPort;
import dev.holdfast.daemon.entropy.EntropyServer;
import dev.holdfast.daemon.entropy.GenuineQuotes;
import dev.holdfast.daemon.log.LibraryLog;
import dev.holdfast.entropy.chain.ChainEndpoint;
import dev.holdfast.entropy.server.Quoting;
import dev.holdfast.entropy.server.V1Node;
import dev.holdfast.entropy.v1.DevelopmentAccount;
import dev.holdfast.entropy.v1.TssKeys;
import dev.holdfast.platform.ConfigfsTsm;
import dev.holdfast.platform.collateral.CollateralCache;
import dev.holdfast.platform.collateral.CollateralService;
import dev.holdfast.store.StoreException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "insecure-entropy",
    hidden = true,
    mixinStandardHelpOptions = true,
    header = "Runs a server of the Entropy v1 profile until it is stopped. Insecure.",
    footer = {
      "",
      "The first line of the output is the URL. SIGTERM and SIGINT end it.",
      "What it protects and what not: docs/operating/entropy-v1.md"
    })
public final class EntropyCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      required = true,
      description = "Its folder: store and backup-provider-details.json. No Holdfast node's.")
  private Path folder = Path.of("");

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:3001",
      description = "127.0.0.1:3001 by default; port 0 takes a free one.")
  private String listen = "";

  @Option(
      names = "--chain",
      paramLabel = "URL",
      required = true,
      description = "A chain node, ws://host:port or wss://host:port; repeatable, best three.")
  private List<String> chain = List.of();

  @Option(
      names = "--genesis",
      paramLabel = "HEX",
      required = true,
      description = "The hash of the chain's block 0.")
  private String genesis = "";

  @Option(
      names = "--insecure-mock-quotes",
      description = "Make and take the original's mock quotes: whoever reaches it gets every key.")
  private boolean mockQuotes;

  @Option(
      names = "--pccs",
      paramLabel = "URL",
      description = "Real quotes, with collateral from PCS, a PCCS or a cloud's cache.")
  private @Nullable String pccs;

  @Option(
      names = "--development-account",
      paramLabel = "NAME",
      description = "A new identity is alice, bob, charlie, dave or eve, whose keys all know.")
  private @Nullable String development;

  public EntropyCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, CommandException {
    if (mockQuotes == (pccs != null)) {
      throw CommandException.usage("--pccs, --insecure-mock-quotes: exactly one of them");
    }
    SecureRandom random = new SecureRandom();
    LibraryLog.silence();
    if (pccs == null) {
      say("INSECURE: mock quotes prove nothing; whoever reaches this server gets every key");
      return serve(random, Quoting.mock(random));
    }
    say("INSECURE: the v1 profile believes the chain, which this machine's operator chooses");
    try (CollateralService service = CollateralOptions.service(terminal, pccs)) {
      return serve(random, genuine(service, random));
    }
  }

  private int serve(SecureRandom random, Quoting quoting) throws IOException, CommandException {
    InetSocketAddress address = Inputs.address("--listen", listen);
    try (EntropyServer server =
        EntropyServer.start(settings(address, random), quoting, this::say, this::bug)) {
      Runtime.getRuntime().addShutdownHook(new Thread(server::close, "stop"));
      terminal.out().println("http://" + new HostPort(address.getHostString(), server.port()));
      terminal.out().flush();
      server.run();
    } catch (StoreException e) {
      throw CommandException.operational("store: " + e.getMessage());
    } catch (InterruptedException e) {
      // Asked to stop, as by a signal.
    }
    return Exit.OK;
  }

  private Quoting genuine(CollateralService service, SecureRandom random) {
    AttestationVerifier verifier =
        AttestationVerifier.of(TrustAnchor.intel(), Crypto.preferred(random).signatureProvider());
    CollateralCache cache =
        new CollateralCache(
            folder.resolve("collateral"),
            service,
            verifier,
            CollateralCache.Options.defaults(Duration.ZERO),
            terminal.time());
    return new GenuineQuotes(
        ConfigfsTsm.ofKernel(ConfigfsTsm.KERNEL_FOLDER, random, new SystemTicker()),
        verifier,
        GenuineQuotes.Collaterals.of(service, cache),
        terminal.time());
  }

  private EntropyServer.Settings settings(InetSocketAddress address, SecureRandom random)
      throws CommandException {
    List<ChainEndpoint> endpoints = new ArrayList<>();
    Bytes hash;
    try {
      for (String url : chain) {
        endpoints.add(ChainEndpoint.parse(url));
      }
      hash = Bytes.parseHex(genesis.startsWith("0x") ? genesis.substring(2) : genesis);
    } catch (MalformedException e) {
      throw CommandException.usage("--chain, --genesis: " + e.getMessage());
    }
    if (hash.size() != 32 || endpoints.stream().distinct().count() != endpoints.size()) {
      throw CommandException.usage("--chain, --genesis: distinct URLs, and 32 bytes");
    }
    return new EntropyServer.Settings(
        folder, address, endpoints, hash, keys(random), V1Node.Options.defaults());
  }

  private Supplier<TssKeys> keys(SecureRandom random) throws CommandException {
    if (development == null) {
      return () -> TssKeys.generate(random);
    }
    for (DevelopmentAccount account : DevelopmentAccount.values()) {
      if (account.name().equalsIgnoreCase(development)) {
        return account::keys;
      }
    }
    throw CommandException.usage("--development-account: alice, bob, charlie, dave or eve");
  }

  private void say(String line) {
    terminal.err().println("holdfast: " + line);
  }

  private void bug(Throwable thrown) {
    terminal.err().println("holdfast: bug: " + thrown.getClass().getName());
  }
}
