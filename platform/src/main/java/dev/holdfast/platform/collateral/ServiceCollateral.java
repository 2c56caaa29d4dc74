package dev.holdfast.platform.collateral;

import dev.holdfast.attestation.Collateral;
import dev.holdfast.codec.Bytes;
import dev.holdfast.platform.CollateralSource;
import dev.holdfast.platform.EvidenceSource;
import dev.holdfast.platform.Ticker;
import dev.holdfast.platform.collateral.CollateralCache.Held;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/// This machine's own collateral, from a service by way of a cache. Learns what to ask for from one
/// own quote, which nobody else gets to see.
///
/// [#refresh] asks the machine or the service only when it is time to, and then blocks its thread
/// for as long as they take. Thread-safe.
public final class ServiceCollateral implements CollateralSource {
  /// How long after a failure the machine and the service are asked again what to ask for.
  static final Duration PAUSE = Duration.ofMinutes(1);

  private final CollateralCache cache;
  private final CollateralService service;
  private final EvidenceSource evidence;
  private final TcbUpdate update;
  private final Ticker ticker;
  private volatile View view = new View(Optional.empty(), Optional.empty());
  private Optional<QuoteNeed> need = Optional.empty();
  private Optional<Duration> notBefore = Optional.empty();

  public ServiceCollateral(
      CollateralCache cache,
      CollateralService service,
      EvidenceSource evidence,
      TcbUpdate update,
      Ticker ticker) {
    this.cache = cache;
    this.service = service;
    this.evidence = evidence;
    this.update = update;
    this.ticker = ticker;
  }

  @Override
  public View view() {
    return view;
  }

  @Override
  public synchronized View refresh() {
    try {
      view = look();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return view;
  }

  private View look() throws InterruptedException {
    if (need.isEmpty()) {
      if (notBefore.filter(time -> ticker.elapsed().compareTo(time) < 0).isPresent()) {
        return view;
      }
      notBefore = Optional.of(ticker.elapsed().plus(PAUSE));
      Optional<Problem> problem = learn();
      if (need.isEmpty()) {
        return new View(view.collateral(), problem);
      }
    }
    try {
      Held held = cache.find(need.get().key());
      Collateral collateral = need.get().complete(held.collateral());
      return new View(Optional.of(collateral), held.problem().map(ServiceCollateral::problem));
    } catch (CollateralServiceException e) {
      return new View(view.collateral(), Optional.of(problem(e)));
    }
  }

  /// Finds out what this machine's quotes need, or why that cannot be found out.
  private Optional<Problem> learn() throws InterruptedException {
    try {
      Bytes quote = evidence.quote(Bytes.zero(EvidenceSource.REPORT_DATA_SIZE));
      need = QuoteNeed.of(quote, update, service);
      return need.isPresent()
          ? Optional.empty()
          : Optional.of(
              new Problem(
                  Kind.NO_QUOTE,
                  "the own quote names no platform; next step: see what it says with `holdfast"
                      + " quote inspect`"));
    } catch (IOException e) {
      return Optional.of(new Problem(Kind.NO_QUOTE, String.valueOf(e.getMessage())));
    } catch (CollateralServiceException e) {
      notBefore = Optional.of(ticker.elapsed().plus(e.retryAfter().orElse(PAUSE)));
      return Optional.of(problem(e));
    }
  }

  private static Problem problem(CollateralServiceException e) {
    return new Problem(Kind.SERVICE, String.valueOf(e.getMessage()));
  }
}
