package dev.holdfast.daemon.runtime;

import dev.holdfast.attestation.Collateral;
import dev.holdfast.codec.Bytes;
import dev.holdfast.daemon.log.NodeLog;
import dev.holdfast.node.model.Input;
import dev.holdfast.platform.CollateralSource;
import java.time.Duration;
import java.util.Optional;

/// Tells the node of collateral: at start, and again when the source has another.
public final class CollateralFeed {
  private static final Duration PERIOD = Duration.ofSeconds(5);

  private final CollateralSource source;
  private final EffectRunner.Post post;
  private final NodeLog log;

  public CollateralFeed(CollateralSource source, EffectRunner.Post post, NodeLog log) {
    this.source = source;
    this.post = post;
    this.log = log;
  }

  /// Looks from time to time until interrupted.
  public void run() {
    try {
      CollateralSource.View view = source.refresh();
      Optional<Bytes> told = Optional.empty();
      Optional<CollateralSource.Problem> logged = Optional.empty();
      while (true) {
        if (view.collateral().isPresent() && !digest(view).equals(told)) {
          post.post(new Input.CollateralObtained(view.collateral().get()));
          told = digest(view);
        }
        if (!view.problem().equals(logged)) {
          view.problem().ifPresent(p -> log.collateralProblem(p.kind().code(), p.message()));
          logged = view.problem();
        }
        Thread.sleep(PERIOD);
        view = source.refresh();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      post.bug(e);
    }
  }

  private static Optional<Bytes> digest(CollateralSource.View view) {
    return view.collateral().map(Collateral::digest);
  }
}
