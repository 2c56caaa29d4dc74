package dev.holdfast.cli;

import dev.holdfast.attestation.UnverifiedQuote;
import dev.holdfast.attestation.policy.Measurement;
import dev.holdfast.attestation.quote.TdReport;
import dev.holdfast.cli.console.CommandException;
import dev.holdfast.cli.console.Exit;
import dev.holdfast.cli.console.Inputs;
import dev.holdfast.cli.console.NodeRun;
import dev.holdfast.cli.console.OwnerFile;
import dev.holdfast.cli.console.Terminal;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.Crypto;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.crypto.SigningKey;
import dev.holdfast.protocol.Document;
import dev.holdfast.protocol.MemberLabels;
import dev.holdfast.protocol.posture.KeyQuorum;
import dev.holdfast.protocol.statement.ReleaseStatement;
import dev.holdfast.protocol.statement.SignedStatement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "release",
    mixinStandardHelpOptions = true,
    header = "Makes release keys and signs statements; needs no node.",
    footer = {"", "Example: holdfast release sign --key release-1.json statement.json"})
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
    throw new ParameterException(spec.commandLine(), "keygen, draft, sign, show or publish?");
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
      OwnerFile.write(file, Document.of(KEY_TYPE).put("seed", plain).toBytes());
      terminal.out().println(key.publicKey().encoded().toBase64Url());
    }
    return Exit.OK;
  }

  @Command(
      name = "draft",
      mixinStandardHelpOptions = true,
      header = "Writes a release statement to be signed: which images the fleet may run.",
      footer = {
        "",
        "The registers are taken from a quote of each image, which is not verified here.",
        "Example: holdfast release draft --serial 2 --until 2027-12-31T00:00:00Z \\",
        "  --image 1.0=old.quote --image 1.1=new.quote statement.json"
      })
  int draft(
      @Option(names = "--serial", required = true, description = "Higher than any before.")
          long serial,
      @Option(names = "--from", paramLabel = "INSTANT", description = "From when on; default now.")
          @Nullable String from,
      @Option(names = "--until", paramLabel = "INSTANT", required = true) String until,
      @Mixin Images images,
      @Parameters(paramLabel = "STATEMENT") Path file)
      throws IOException, CommandException {
    Instant start = from == null ? terminal.time().instant() : Inputs.instant("--from", from);
    Instant begin = start.truncatedTo(ChronoUnit.MILLIS);
    Instant end = Inputs.instant("--until", until).truncatedTo(ChronoUnit.MILLIS);
    List<ReleaseStatement.Image> all = images.read(terminal);
    if (serial < 1 || !begin.isBefore(end)) {
      throw CommandException.usage("a serial is positive, and a statement ends after it begins");
    }
    ReleaseStatement statement = new ReleaseStatement(serial, begin, end, all);
    OwnerFile.write(file, SignedStatement.unsigned(statement.toBytes()).toBytes());
    new StatementFile.Release(statement).lines().forEach(terminal.out()::println);
    return Exit.OK;
  }

  /// The images of a statement, as a command line names them.
  static final class Images {
    @Option(
        names = "--image",
        paramLabel = "VERSION=QUOTE",
        description = "An image that may run, by a quote of it. Several.")
    private Map<String, Path> running = new LinkedHashMap<>();

    @Option(
        names = "--origin",
        paramLabel = "VERSION=QUOTE",
        description = "An image whose keys are still good, and that may not run. Several.")
    private Map<String, Path> origins = new LinkedHashMap<>();

    @Option(names = "--role", defaultValue = "holdfast", description = "Default: holdfast.")
    private String role = "";

    Images() {}

    private List<ReleaseStatement.Image> read(Terminal terminal)
        throws IOException, CommandException {
      List<ReleaseStatement.Image> images = new ArrayList<>();
      add(images, terminal, running, ReleaseStatement.Use.RUN);
      add(images, terminal, origins, ReleaseStatement.Use.ORIGIN);
      if (images.isEmpty() || images.size() > ReleaseStatement.MAX_IMAGES) {
        throw CommandException.usage(
            "a statement names 1 to " + ReleaseStatement.MAX_IMAGES + " images: --image, --origin");
      }
      return images;
    }

    private void add(
        List<ReleaseStatement.Image> images,
        Terminal terminal,
        Map<String, Path> quotes,
        ReleaseStatement.Use use)
        throws IOException, CommandException {
      for (Map.Entry<String, Path> entry : quotes.entrySet()) {
        if (!MemberLabels.isLabel(entry.getKey()) || !MemberLabels.isLabel(role)) {
          throw CommandException.usage("roles and versions have up to 63 of a-z, 0-9, . and -");
        }
        images.add(
            new ReleaseStatement.Image(
                role, entry.getKey(), use, measurement(terminal, entry.getValue())));
      }
    }

    private static Measurement measurement(Terminal terminal, Path file)
        throws IOException, CommandException {
      try {
        if (UnverifiedQuote.parse(Inputs.read(terminal, file)).report() instanceof TdReport td) {
          return Measurement.of(td);
        }
        throw CommandException.refused(file + ": not a quote of a TDX VM");
      } catch (MalformedException e) {
        throw CommandException.refused(file + ": " + e.getMessage());
      }
    }
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
    StatementFile statement = StatementFile.read(terminal, file);
    Crypto crypto = Crypto.preferred(new SecureRandom());
    try (SigningKey key = key(crypto, keyFile)) {
      SignedStatement signed = statement.signed().signedBy(crypto, key, statement.says().label());
      OwnerFile.write(file, signed.toBytes());
      statement.says().lines().forEach(terminal.out()::println);
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
    StatementFile statement = StatementFile.read(terminal, file);
    Crypto crypto = Crypto.preferred(new SecureRandom());
    List<Bytes> signers =
        statement.signed().signers(crypto, everybody(statement), statement.says().label());
    Optional<KeyQuorum> posture = Optional.empty();
    if (config != null) {
      posture =
          Optional.of(
              NodeRun.configuration(terminal, Optional.of(config)).safeguards().releaseKeys());
    }
    boolean holds =
        posture
            .filter(keys -> statement.signed().holds(crypto, keys, statement.says().label()))
            .isPresent();
    if (json) {
      JsonWriter out = statement.says().json().putAllBytes("signers", signers);
      terminal.out().println(posture.isEmpty() ? out : out.put("holds", holds));
    } else {
      statement.says().lines().forEach(terminal.out()::println);
      signers.forEach(key -> terminal.out().println("signed by " + key.toBase64Url()));
      posture.ifPresent(keys -> printQuorum(keys, signers));
    }
    return posture.isEmpty() || holds ? Exit.OK : Exit.REFUSED;
  }

  private static KeyQuorum everybody(StatementFile statement) {
    List<Bytes> keys = List.copyOf(statement.signed().signatures().keySet());
    return keys.isEmpty() ? KeyQuorum.NONE : new KeyQuorum(1, keys);
  }

  private void printQuorum(KeyQuorum keys, List<Bytes> signers) {
    Set<Bytes> counted = new TreeSet<>(keys.keys());
    counted.retainAll(signers);
    terminal
        .out()
        .printf("%d of %d needed release keys have signed%n", counted.size(), keys.threshold());
  }

  @Command(
      name = "publish",
      mixinStandardHelpOptions = true,
      header = "Gives a signed release statement to a node, which gives it to the others.",
      footer = {
        "",
        "Nothing is published that refuses a member, unless each such member is named by --refuse.",
        "Exit: 0 published, 2 refused, 3 no node answers."
      })
  int publish(
      @Mixin NodeAddress address,
      @Option(
              names = "--refuse",
              paramLabel = "NAME",
              description = "A member that is to get no share back any more. Several.")
          @Nullable List<String> refuse,
      @Parameters(paramLabel = "STATEMENT") Path file)
      throws IOException, CommandException {
    StatementFile statement = StatementFile.read(terminal, file);
    List<String> meant = refuse == null ? List.of() : refuse;
    List<WhatIf.Member> others =
        WhatIf.ask(terminal, address, statement).refused().stream()
            .filter(member -> !meant.contains(member.name()))
            .toList();
    if (!others.isEmpty()) {
      others.forEach(member -> terminal.err().println(member.line()));
      throw CommandException.refused(
          "nothing was published: %d member(s) would get no share back after a restart; when that"
                  .formatted(others.size())
              + " is meant, name each with --refuse");
    }
    address.ask(terminal, "PUT", "/v1/statement", statement.signed().toBytes());
    statement.says().lines().forEach(terminal.out()::println);
    return Exit.OK;
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
}
