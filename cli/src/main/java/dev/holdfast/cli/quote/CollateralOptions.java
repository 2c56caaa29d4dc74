package dev.holdfast.cli.quote;

import dev.holdfast.attestation.AttestationVerifier;
import dev.holdfast.attestation.Collateral;
import dev.holdfast.cli.console.CommandException;
import dev.holdfast.cli.console.Inputs;
import dev.holdfast.cli.console.Terminal;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.daemon.SystemTicker;
import dev.holdfast.platform.collateral.CollateralCache;
import dev.holdfast.platform.collateral.CollateralCache.Held;
import dev.holdfast.platform.collateral.CollateralKey;
import dev.holdfast.platform.collateral.CollateralService;
import dev.holdfast.platform.collateral.CollateralServiceException;
import dev.holdfast.platform.collateral.QuoteNeed;
import dev.holdfast.platform.collateral.ServiceUrl;
import dev.holdfast.platform.collateral.TcbUpdate;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where a command gets the collateral for a quote from: a file, or a service.
public final class CollateralOptions {
  @Option(
      names = "--collateral",
      paramLabel = "F",
      description = "Collateral from a file, JSON of nine members.")
  private @Nullable Path file;

  @Option(
      names = "--pccs",
      paramLabel = "URL",
      description = "Collateral from PCS, a PCCS or a cloud's cache.")
  private @Nullable String url;

  @Option(
      names = "--update",
      paramLabel = "U",
      description = "With --pccs: standard, early, or a number.")
  private @Nullable String update;

  @Option(
      names = "--cache",
      paramLabel = "DIR",
      description = "With --pccs: keep it, and take nothing older.")
  private @Nullable Path cache;

  CollateralOptions() {}

  /// The collateral for `quote`; none when no source is named, or when the quote cannot be read far
  /// enough to know what to ask for: the verifier says what is wrong then.
  Collateral read(Terminal terminal, Bytes quote, AttestationVerifier verifier)
      throws IOException, CommandException {
    if (url == null) {
      if (update != null || cache != null) {
        throw CommandException.usage("--update, --cache: only with --pccs");
      }
      return file == null ? Collateral.none() : parse(Inputs.read(terminal, file));
    }
    if (file != null) {
      throw CommandException.usage("--collateral, --pccs: only one of them");
    }
    try (CollateralService service = service(terminal, url)) {
      Optional<QuoteNeed> need = QuoteNeed.of(quote, tcbUpdate(), service);
      return need.isEmpty()
          ? Collateral.none()
          : need.get().complete(fetch(terminal, need.get().key(), service, verifier));
    } catch (CollateralServiceException e) {
      throw CommandException.operational(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CommandException.operational("interrupted");
    }
  }

  private Collateral fetch(
      Terminal terminal, CollateralKey key, CollateralService service, AttestationVerifier verifier)
      throws CollateralServiceException, InterruptedException {
    if (cache == null) {
      return service.collateral(key);
    }
    Held held =
        new CollateralCache(
                cache,
                service,
                verifier,
                CollateralCache.Options.defaults(Duration.ZERO),
                terminal.time())
            .find(key);
    held.problem().ifPresent(e -> terminal.err().println("holdfast: WARNING: " + e.getMessage()));
    return held.collateral();
  }

  private Collateral parse(Bytes json) throws CommandException {
    try {
      return Collateral.parse(json);
    } catch (MalformedException e) {
      throw CommandException.operational(file + ": " + e.getMessage());
    }
  }

  /// A client of the service at `url`.
  public static CollateralService service(Terminal terminal, String url) throws CommandException {
    try {
      return new CollateralService(
          ServiceUrl.parse(url),
          CollateralService.Options.defaults(),
          terminal.time(),
          new SystemTicker());
    } catch (MalformedException e) {
      throw CommandException.usage("--pccs: " + e.getMessage());
    }
  }

  private TcbUpdate tcbUpdate() throws CommandException {
    if (update == null) {
      return TcbUpdate.Channel.STANDARD;
    }
    for (TcbUpdate.Channel channel : TcbUpdate.Channel.values()) {
      if (channel.code().equals(update)) {
        return channel;
      }
    }
    if (update.matches("[0-9]{1,5}")
        && Integer.parseInt(update) <= TcbUpdate.EvaluationNumber.MAX_VALUE) {
      return new TcbUpdate.EvaluationNumber(Integer.parseInt(update));
    }
    throw CommandException.usage(
        "--update: expected standard, early or a number of 0.."
            + TcbUpdate.EvaluationNumber.MAX_VALUE);
  }
}
