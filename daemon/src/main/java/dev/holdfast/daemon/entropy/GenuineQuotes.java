package dev.holdfast.daemon.entropy;

import dev.holdfast.attestation.AttestationVerifier;
import dev.holdfast.attestation.Collateral;
import dev.holdfast.attestation.Verdict;
import dev.holdfast.attestation.policy.AttestationPolicy;
import dev.holdfast.attestation.policy.Measurement;
import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.entropy.account.Account;
import dev.holdfast.entropy.hash.Blake2;
import dev.holdfast.entropy.server.Quoting;
import dev.holdfast.entropy.v1.Quote;
import dev.holdfast.platform.EvidenceSource;
import dev.holdfast.platform.collateral.CollateralCache;
import dev.holdfast.platform.collateral.CollateralService;
import dev.holdfast.platform.collateral.CollateralServiceException;
import dev.holdfast.platform.collateral.QuoteNeed;
import dev.holdfast.platform.collateral.TcbUpdate;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;

/// Quotes of this machine, and the whole appraisal of those of others, where the original looks at
/// signatures and root alone (G4): debug, TCB status, revocation, dates.
public final class GenuineQuotes implements Quoting {
  private final EvidenceSource evidence;
  private final AttestationVerifier verifier;
  private final Collaterals collaterals;
  private final InstantSource time;

  /// Finds the vendor's collateral for a quote.
  public interface Collaterals {
    Collateral find(Bytes quote) throws CollateralServiceException, InterruptedException;

    /// From a service, through a cache on disk.
    static Collaterals of(CollateralService service, CollateralCache cache) {
      return quote -> {
        Optional<QuoteNeed> need = QuoteNeed.of(quote, TcbUpdate.Channel.STANDARD, service);
        return need.isEmpty()
            ? Collateral.none()
            : need.get().complete(cache.find(need.get().key()).collateral());
      };
    }
  }

  public GenuineQuotes(
      EvidenceSource evidence,
      AttestationVerifier verifier,
      Collaterals collaterals,
      InstantSource time) {
    this.evidence = evidence;
    this.verifier = verifier;
    this.collaterals = collaterals;
    this.time = time;
  }

  @Override
  public Bytes quote(Account account, Bytes reportData) throws IOException, InterruptedException {
    return evidence.quote(reportData);
  }

  @Override
  public void requireGenuine(Quote quote, Bytes bytes) throws MalformedException {
    Verdict verdict;
    try {
      verdict =
          verifier.verify(
              bytes, collaterals.find(bytes), AttestationPolicy.defaults(), time.instant());
    } catch (CollateralServiceException e) {
      throw refused("collateral for it", "none");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw refused("time to judge it", "an interrupt");
    }
    if (verdict instanceof Verdict.Rejected rejected) {
      throw refused("an accepted quote", rejected.reason().code());
    }
  }

  @Override
  public Bytes measurement() throws IOException {
    Measurement registers = evidence.measurement();
    Bytes all =
        new ByteWriter()
            .bytes(registers.mrTd())
            .bytes(register(registers.rtmr0()))
            .bytes(registers.rtmr1())
            .bytes(registers.rtmr2())
            .bytes(register(registers.rtmr3()))
            .toBytes();
    return Blake2.b(Quote.MEASUREMENT_SIZE, all);
  }

  private static Bytes register(Optional<Bytes> register) throws IOException {
    return register.orElseThrow(() -> new IOException("the machine does not show all registers"));
  }

  private static MalformedException refused(String expected, String found) {
    return new MalformedException("v1 quote", 0, "verdict", expected, found);
  }
}
