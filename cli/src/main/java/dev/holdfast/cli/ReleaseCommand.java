package dev.holdfast.cli;

import dev.holdfast.cli.console.CommandException;
import dev.holdfast.cli.console.Exit;
import dev.holdfast.cli.console.NodeRun;
import dev.holdfast.cli.console.Terminal;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.Crypto;
import dev.holdfast.crypto.Labels;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.crypto.SigningKey;
import dev.holdfast.daemon.runtime.DurableFiles;
import dev.holdfast.protocol.Document;
import dev.holdfast.protocol.posture.KeyQuorum;
import dev.holdfast.protocol.statement.RollbackAcceptance;
import dev.holdfast.protocol.statement.SignedStatement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "release",
    mixinStandardHelpOptions = true,
    header = "Makes release keys and signs statements with them; needs no node and no network.",
    footer = {"", "Example: holdfast release sign --key release-1.json acceptance.json"})
final class ReleaseCommand implements Runnable {
  private static final String KEY_TYPE = "release-key";
  private static final int KEY_MAX_BYTES = 1024;

  private final Terminal terminal;

  @Spec private CommandSpec spec = CommandSpec.create();

  ReleaseCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "keygen, sign or show?");
  }

  @Command(
      name = "keygen",
      mixinStandardHelpOptions = true,
      header = "Makes a release key in a new owner-only file; prints its public key.")
  int keygen(@Parameters(paramLabel = "FILE") Path file) throws IOException, CommandException {
    if (Files.exists(file)) {
      throw CommandException.refused(file + " exists already");
    }
    Crypto crypto = Crypto.preferred(new SecureRandom());
    try (SigningKey key = crypto.generateSigningKey();
        SecretBytes seed = key.seed()) {
      Bytes plain = seed.apply(Bytes::copyOf);
      write(file, Document.of(KEY_TYPE).put("seed", plain).toBytes());
      terminal.out().println(key.publicKey().encoded().toBase64Url());
    }
    return Exit.OK;
  }

  @Command(
      name = "sign",
      mixinStandardHelpOptions = true,
      header =
          "Adds the signature of a release key to a statement's file, and shows the statement.")
  int sign(
      @Option(names = "--key", paramLabel = "FILE", required = true) Path keyFile,
      @Parameters(paramLabel = "STATEMENT") Path file)
      throws IOException, CommandException {
    SignedStatement statement = read(file);
    RollbackAcceptance acceptance = acceptance(file, statement);
    Crypto crypto = Crypto.preferred(new SecureRandom());
    try (SigningKey key = key(crypto, keyFile)) {
      SignedStatement signed = statement.signedBy(crypto, key, Labels.ACCEPTANCE_SIGNATURE);
      write(file, signed.toBytes());
      print(acceptance);
      terminal.out().println("signed by " + key.publicKey().encoded().toBase64Url());
    }
    return Exit.OK;
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      header = "Shows what a statement says and whose signatures hold.",
      footer = {"", "Exit: 0, or with --config 2 when too few of the posture's keys have signed."})
  int show(
      @Option(
              names = "--config",
              paramLabel = "FILE",
              description = "The configuration whose release keys count.")
          @Nullable Path config,
      @Option(names = "--json", description = "Print JSON.") boolean json,
      @Parameters(paramLabel = "STATEMENT") Path file)
      throws IOException, CommandException {
    SignedStatement statement = read(file);
    RollbackAcceptance acceptance = acceptance(file, statement);
    Crypto crypto = Crypto.preferred(new SecureRandom());
    KeyQuorum named = new KeyQuorum(1, List.copyOf(statement.signatures().keySet()));
    KeyQuorum all = statement.signatures().isEmpty() ? KeyQuorum.NONE : named;
    List<Bytes> signers = statement.signers(crypto, all, Labels.ACCEPTANCE_SIGNATURE);
    Optional<KeyQuorum> posture = Optional.empty();
    if (config != null) {
      posture =
          Optional.of(
              NodeRun.configuration(terminal, Optional.of(config)).safeguards().releaseKeys());
    }
    boolean holds =
        posture
            .filter(keys -> statement.holds(crypto, keys, Labels.ACCEPTANCE_SIGNATURE))
            .isPresent();
    if (json) {
      JsonWriter out =
          JsonWriter.object()
              .put("statement", "rollback-acceptance")
              .put("account", acceptance.account().toString())
              .put("foundVersion", acceptance.local().storeVersion())
              .put("rememberedVersion", acceptance.rememberedVersion())
              .putAllBytes("signers", signers);
      terminal.out().println(posture.isEmpty() ? out : out.put("holds", holds));
    } else {
      print(acceptance);
      signers.forEach(key -> terminal.out().println("signed by " + key.toBase64Url()));
      posture.ifPresent(keys -> printQuorum(keys, signers));
    }
    return posture.isEmpty() || holds ? Exit.OK : Exit.REFUSED;
  }

  private void print(RollbackAcceptance acceptance) {
    terminal
        .out()
        .printf(
            "rollback acceptance for account %s%n"
                + "  its store was found at version %d of run %d%n"
                + "  its providers remember version %d: what was written between is given up%n",
            acceptance.account(),
            acceptance.local().storeVersion(),
            acceptance.instance(),
            acceptance.rememberedVersion());
  }

  private void printQuorum(KeyQuorum keys, List<Bytes> signers) {
    Set<Bytes> counted = new TreeSet<>(keys.keys());
    counted.retainAll(signers);
    terminal
        .out()
        .printf("%d of %d needed release keys have signed%n", counted.size(), keys.threshold());
  }

  private SignedStatement read(Path file) throws IOException, CommandException {
    try {
      return SignedStatement.parse(Inputs.read(terminal, file));
    } catch (MalformedException e) {
      throw CommandException.refused(file + ": " + e.getMessage());
    }
  }

  private static RollbackAcceptance acceptance(Path file, SignedStatement statement)
      throws CommandException {
    try {
      return RollbackAcceptance.parse(statement.body());
    } catch (MalformedException e) {
      throw CommandException.refused(file + ": " + e.getMessage());
    }
  }

  private SigningKey key(Crypto crypto, Path file) throws IOException, CommandException {
    try {
      JsonObject object =
          Document.parse(KEY_TYPE, KEY_MAX_BYTES, Inputs.read(terminal, file), Set.of("seed"));
      Bytes seed = object.base64Url("seed", SigningKey.SEED_SIZE);
      return crypto.signingKey(SecretBytes.take(seed.toArray()));
    } catch (MalformedException e) {
      throw CommandException.refused(file + ": " + e.getMessage());
    }
  }

  private static void write(Path file, Bytes content) throws IOException {
    Path absolute = file.toAbsolutePath();
    Path folder = Optional.ofNullable(absolute.getParent()).orElse(absolute);
    DurableFiles.write(folder, absolute.getFileName().toString(), content);
  }
}
