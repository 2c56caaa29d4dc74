package dev.holdfast.cli.quote;

import dev.holdfast.attestation.AttestationVerifier;
import dev.holdfast.attestation.Collateral;
import dev.holdfast.attestation.CollateralExamination;
import dev.holdfast.attestation.forecast.Forecast;
import dev.holdfast.attestation.policy.AttestationPolicy;
import dev.holdfast.attestation.quote.Tee;
import dev.holdfast.attestation.tcb.TcbEvaluationNumbers;
import dev.holdfast.cli.console.CommandException;
import dev.holdfast.cli.console.Exit;
import dev.holdfast.cli.console.Inputs;
import dev.holdfast.cli.console.Terminal;
import dev.holdfast.codec.Bytes;
import dev.holdfast.platform.collateral.CollateralKey;
import dev.holdfast.platform.collateral.CollateralService;
import dev.holdfast.platform.collateral.CollateralServiceException;
import dev.holdfast.platform.collateral.QuoteNeed;
import dev.holdfast.platform.collateral.SignedDocument;
import dev.holdfast.platform.collateral.TcbUpdate;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "forecast",
    mixinStandardHelpOptions = true,
    header = "Says what announced TCB recoveries will change for a quote.",
    footer = {
      "",
      "Exit: 0 accepted by the early documents too, 2 not, 3 no answer.",
      "Example: holdfast forecast quote.bin --pccs https://pccs.example:8081"
    })
public final class ForecastCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(paramLabel = "Q", description = "The quote, binary; - for the input.")
  private Path quote = Path.of("-");

  @Option(
      names = "--pccs",
      required = true,
      paramLabel = "URL",
      description = "Standard and early collateral: PCS or a PCCS.")
  private String url = "";

  @Mixin private JudgementOptions judgement = new JudgementOptions();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  public ForecastCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, CommandException {
    Bytes bytes = Inputs.read(terminal, quote);
    Subject subject =
        new Subject(
            bytes,
            judgement.verifier(terminal),
            judgement.policy(terminal),
            judgement.instant(terminal));
    try (CollateralService service = CollateralOptions.service(terminal, url)) {
      Forecast forecast = forecast(subject, service);
      ForecastDocument document = new ForecastDocument(forecast, subject.at());
      terminal.out().print(json ? document.json() + "\n" : document.text());
      return forecast.ahead().accepted() ? Exit.OK : Exit.REFUSED;
    } catch (CollateralServiceException e) {
      throw CommandException.operational(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CommandException.operational("interrupted");
    }
  }

  private record Subject(
      Bytes quote, AttestationVerifier verifier, AttestationPolicy policy, Instant at) {
    Forecast.Side judge(Collateral collateral) throws CommandException {
      return switch (verifier.examine(collateral)) {
        case CollateralExamination.Facts facts ->
            new Forecast.Side(verifier.verify(quote, collateral, policy, at), facts);
        case CollateralExamination.Fault fault ->
            throw CommandException.operational(
                "what the service gave is not the vendor's: "
                    + fault.reason().code()
                    + ": "
                    + fault.detail());
      };
    }
  }

  private Forecast forecast(Subject subject, CollateralService service)
      throws CommandException, CollateralServiceException, InterruptedException {
    QuoteNeed need =
        QuoteNeed.of(subject.quote(), TcbUpdate.Channel.STANDARD, service)
            .orElseThrow(() ->
                CommandException.refused(
                    "the quote does not say what it is to be judged with;"
                        + " see: holdfast quote verify"));
    CollateralKey key = need.key();
    CollateralKey early =
        new CollateralKey(key.tee(), key.fmspc(), key.ca(), TcbUpdate.Channel.EARLY);
    Collateral standard = service.collateral(key);
    Collateral ahead = service.collateral(early);
    return Forecast.of(
        subject.judge(need.complete(standard)),
        subject.judge(need.complete(ahead)),
        numbers(subject, service, key.tee(), standard),
        subject.policy());
  }

  /// The list decides nothing: without it the forecast has no dates.
  private Optional<TcbEvaluationNumbers> numbers(
      Subject subject, CollateralService service, Tee tee, Collateral collateral)
      throws InterruptedException {
    try {
      SignedDocument document = service.evaluationNumbers(tee);
      Optional<TcbEvaluationNumbers> numbers =
          subject
              .verifier()
              .evaluationNumbers(
                  document.text(),
                  document.signature(),
                  document.issuerChain(),
                  collateral,
                  subject.at());
      if (numbers.isEmpty()) {
        warn("the list of TCB recoveries is not authentic or not in date");
      }
      return numbers;
    } catch (CollateralServiceException e) {
      warn("no list of TCB recoveries: " + e.getMessage());
      return Optional.empty();
    }
  }

  private void warn(String text) {
    terminal.err().println("holdfast: WARNING: " + text);
  }
}
