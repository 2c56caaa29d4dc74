package dev.holdfast.cli.custodian;

import dev.holdfast.cli.console.CommandException;
import dev.holdfast.cli.console.Exit;
import dev.holdfast.cli.console.Inputs;
import dev.holdfast.cli.console.OwnerFile;
import dev.holdfast.cli.console.Terminal;
import dev.holdfast.cli.quote.TrustAnchorOption;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.Crypto;
import dev.holdfast.crypto.EnvelopeKeys;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.crypto.passphrase.Passphrase;
import dev.holdfast.daemon.runtime.DurableFiles;
import dev.holdfast.node.work.CustodianReview;
import dev.holdfast.node.work.CustodianReview.Evidence;
import dev.holdfast.node.work.CustodianReview.RefusedException;
import dev.holdfast.node.work.CustodianReview.Remembered;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.custody.CustodyApproval;
import dev.holdfast.protocol.custody.CustodyRequest;
import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// What a custodian does, on a machine of its own that needs no network.
@Command(
    name = "custodian",
    mixinStandardHelpOptions = true,
    header = "Opens locked stores as one of several custodians; offline.",
    footer = {
      "",
      "Exit: 0 done, 2 refused.",
      "Example: holdfast custodian approve --key custodian.key request.json > approval.json"
    })
public final class CustodianCommand implements Runnable {
  private static final String PUBLIC_SUFFIX = ".pub";
  private static final String MEMORY_SUFFIX = ".memory";

  private final Terminal terminal;

  @Spec private CommandSpec spec = CommandSpec.create();

  public CustodianCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "init, inspect or approve?");
  }

  @Command(
      name = "init",
      mixinStandardHelpOptions = true,
      header = "Makes a custodian's key in FILE and FILE.pub; prints its fingerprint.",
      footer = {
        "",
        "FILE stays with the custodian. FILE.pub goes to every node (`custodians.folder`), the",
        "fingerprint into their `custodians.keys`.",
        "Example: holdfast custodian init custodian-1.key"
      })
  int init(
      @Mixin PassphraseOption passphraseOption,
      @Option(
              names = "--insecure-no-passphrase",
              description = "Whoever has FILE is the custodian.")
          boolean plain,
      @Parameters(paramLabel = "FILE") Path file)
      throws IOException, CommandException {
    for (Path path : new Path[] {file, beside(file, PUBLIC_SUFFIX)}) {
      if (Files.exists(path)) {
        throw CommandException.refused(path + " exists already");
      }
    }
    SecureRandom random = new SecureRandom();
    Crypto crypto = Crypto.preferred(random);
    KeyFile key;
    if (plain) {
      key = KeyFile.generate(crypto, Optional.empty(), Passphrase.Cost.DEFAULT, random);
    } else {
      try (SecretBytes passphrase = passphraseOption.read(true)) {
        key = KeyFile.generate(crypto, Optional.of(passphrase), Passphrase.Cost.DEFAULT, random);
      }
    }
    OwnerFile.write(file, key.toBytes());
    OwnerFile.write(beside(file, PUBLIC_SUFFIX), key.key().toBytes());
    terminal.out().println(key.key().fingerprint().toBase64Url());
    return Exit.OK;
  }

  @Command(
      name = "inspect",
      mixinStandardHelpOptions = true,
      header = "Verifies a locked node's request and shows what an approval would open.",
      footer = {"", "Exit: 0 acceptable, 2 refused."})
  int inspect(
      @Mixin TrustAnchorOption anchor,
      @Option(names = "--json", description = "Print JSON.") boolean json,
      @Parameters(paramLabel = "REQUEST") Path file)
      throws IOException, CommandException {
    CustodyRequest request = request(file);
    CustodianReview review =
        new CustodianReview(
            Crypto.preferred(new SecureRandom()), anchor.verifier(terminal), request);
    try {
      Evidence evidence = review.evidence(terminal.time().instant(), Remembered.NOTHING, false);
      RequestReport report = new RequestReport(request, evidence);
      if (json) {
        terminal.out().println(report.json());
      } else {
        report.lines().forEach(terminal.out()::println);
      }
      return Exit.OK;
    } catch (RefusedException e) {
      if (json) {
        terminal
            .out()
            .println(
                JsonWriter.object()
                    .put("version", 1)
                    .put("verdict", "refused")
                    .put("reason", e.code())
                    .put("detail", String.valueOf(e.getMessage())));
        return Exit.REFUSED;
      }
      throw refused(e);
    }
  }

  @Command(
      name = "approve",
      mixinStandardHelpOptions = true,
      header = "Verifies a request and prints the approval: this custodian's share, for that VM.",
      footer = {
        "",
        "What was approved is remembered in FILE.memory; an older store is refused later.",
        "Exit: 0 approved, 2 refused.",
      })
  int approve(
      @Option(names = "--key", paramLabel = "FILE", required = true) Path keyFile,
      @Mixin PassphraseOption passphraseOption,
      @Mixin TrustAnchorOption anchor,
      @Option(
              names = "--accept-older",
              description = "Open a store that is older than one approved before.")
          boolean acceptOlder,
      @Option(names = "--yes", description = "Do not ask.") boolean yes,
      @Parameters(paramLabel = "REQUEST") Path file)
      throws IOException, CommandException {
    CustodyRequest request = request(file);
    KeyFile key = key(keyFile);
    Path memoryFile = beside(keyFile, MEMORY_SUFFIX);
    Memory memory = memory(memoryFile);
    AccountId account = request.terms().depositor();
    Crypto crypto = Crypto.preferred(new SecureRandom());
    CustodianReview review = new CustodianReview(crypto, anchor.verifier(terminal), request);
    try {
      Remembered remembered = memory.of(account);
      Evidence evidence = review.evidence(terminal.time().instant(), remembered, acceptOlder);
      new RequestReport(request, evidence).lines().forEach(terminal.err()::println);
      if (!yes) {
        confirm();
      }
      CustodyApproval approval = approval(review, crypto, key, passphraseOption);
      OwnerFile.write(
          memoryFile, memory.with(account, remembered.after(request, evidence)).toBytes());
      terminal.print(approval.toBytes());
      return Exit.OK;
    } catch (RefusedException e) {
      throw refused(e);
    }
  }

  private static CustodyApproval approval(
      CustodianReview review, Crypto crypto, KeyFile key, PassphraseOption option)
      throws IOException, CommandException, RefusedException {
    Optional<SecretBytes> passphrase =
        key.isSealed() ? Optional.of(option.read(false)) : Optional.empty();
    try (EnvelopeKeys keys = key.open(crypto, passphrase)) {
      return review.approve(keys);
    } finally {
      passphrase.ifPresent(SecretBytes::close);
    }
  }

  private static void confirm() throws CommandException {
    Console console =
        Optional.ofNullable(System.console())
            .filter(Console::isTerminal)
            .orElseThrow(() ->
                CommandException.usage(
                    "no terminal to ask for a yes: look with inspect, then --yes"));
    String answer = console.readLine("Give that VM this custodian's share? Type yes: ");
    if (answer == null || !answer.strip().equals("yes")) {
      throw CommandException.refused("not approved");
    }
  }

  private static CommandException refused(RefusedException e) {
    return CommandException.refused(e.code() + ": " + e.getMessage());
  }

  private CustodyRequest request(Path file) throws IOException, CommandException {
    try {
      return CustodyRequest.parse(Inputs.read(terminal, file));
    } catch (MalformedException e) {
      throw CommandException.refused(file + ": " + e.getMessage());
    }
  }

  private KeyFile key(Path file) throws IOException, CommandException {
    try {
      return KeyFile.parse(Inputs.read(terminal, file));
    } catch (MalformedException e) {
      throw CommandException.refused(file + ": " + e.getMessage());
    }
  }

  private static Memory memory(Path file) throws IOException, CommandException {
    Optional<Bytes> bytes = DurableFiles.read(file, Memory.MAX_SIZE);
    if (bytes.isEmpty()) {
      return Memory.NOTHING;
    }
    try {
      return Memory.parse(bytes.get());
    } catch (MalformedException e) {
      throw CommandException.refused(file + ": " + e.getMessage());
    }
  }

  private static Path beside(Path file, String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }
}
