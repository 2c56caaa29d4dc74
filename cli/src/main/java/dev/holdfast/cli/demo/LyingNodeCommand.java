package dev.holdfast.cli.demo;

import dev.holdfast.cli.CommandException;
import dev.holdfast.cli.NodeRun;
import dev.holdfast.cli.Terminal;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.daemon.config.NodeConfiguration;
import dev.holdfast.daemon.runtime.AnswerFilter;
import dev.holdfast.node.model.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// A provider that gives one account wrong shares, signed and sealed as it should: what the demo
/// shows to be noticed. Runs on a simulated platform only.
@Command(name = "demo-lying-node", hidden = true)
public final class LyingNodeCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Option(names = "--config", required = true)
  private Path config = Path.of("");

  @Option(names = "--victim", required = true)
  private String victim = "";

  public LyingNodeCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, CommandException {
    return NodeRun.run(terminal, Optional.of(config), this::filter);
  }

  private AnswerFilter filter(NodeConfiguration configuration) throws CommandException {
    if (!configuration.simulated()) {
      throw CommandException.usage("a lying node runs on a simulated platform only");
    }
    return answer ->
        answer instanceof Answer.ShareReleased released
                && released.release().account().toString().equals(victim)
            ? withFlippedBit(released)
            : answer;
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
