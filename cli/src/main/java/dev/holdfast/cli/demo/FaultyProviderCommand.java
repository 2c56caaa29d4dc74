package dev.holdfast.cli.demo;

import dev.holdfast.cli.CommandException;
import dev.holdfast.cli.NodeRun;
import dev.holdfast.cli.Terminal;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.daemon.config.NodeConfiguration;
import dev.holdfast.daemon.runtime.AnswerFilter;
import dev.holdfast.node.model.Answer;
import dev.holdfast.protocol.Problem;
import dev.holdfast.protocol.ProblemCode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// A provider that fails one account when it asks for its share: what the demo shows to be noticed
/// and the benchmark to cost little. Runs on a simulated platform only.
@Command(name = "demo-faulty-provider", hidden = true)
public final class FaultyProviderCommand implements Callable<Integer> {
  /// What it does instead of releasing the share.
  public enum Fault {
    /// Releases a wrong one, signed and sealed as it should.
    LYING,
    /// Refuses.
    REFUSING,
    /// Takes the request and never answers.
    SILENT,
    /// Answers rightly, but late.
    SLOW
  }

  private static final Duration LATE = Duration.ofSeconds(2);
  private static final Duration NEVER = Duration.ofDays(1);

  private final Terminal terminal;

  @Option(names = "--config", required = true)
  private Path config = Path.of("");

  @Option(names = "--victim", required = true)
  private String victim = "";

  @Option(names = "--fault", required = true)
  private Fault fault = Fault.LYING;

  public FaultyProviderCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, CommandException {
    return NodeRun.run(terminal, Optional.of(config), this::filter);
  }

  private AnswerFilter filter(NodeConfiguration configuration) throws CommandException {
    if (!configuration.simulated()) {
      throw CommandException.usage("a faulty provider runs on a simulated platform only");
    }
    return answer ->
        answer instanceof Answer.ShareReleased released
                && released.release().account().toString().equals(victim)
            ? failed(released)
            : answer;
  }

  private Answer failed(Answer.ShareReleased released) {
    return switch (fault) {
      case LYING -> withFlippedBit(released);
      case REFUSING -> {
        released.share().close();
        yield new Answer.Refused(Problem.of(ProblemCode.RATE_LIMITED));
      }
      case SILENT -> after(NEVER, released);
      case SLOW -> after(LATE, released);
    };
  }

  private static Answer after(Duration pause, Answer answer) {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return answer;
  }

  private static Answer withFlippedBit(Answer.ShareReleased released) {
    SecretBytes wrong =
        released
            .share()
            .apply(bytes -> {
              byte[] flipped = bytes.clone();
              flipped[0] ^= 1;
              return SecretBytes.take(flipped);
            });
    released.share().close();
    return new Answer.ShareReleased(
        released.identity(), released.release(), wrong, released.to(), released.info());
  }
}
