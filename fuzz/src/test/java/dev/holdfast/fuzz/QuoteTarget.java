package dev.holdfast.fuzz;

import dev.holdfast.attestation.AttestationVerifier;
import dev.holdfast.attestation.Collateral;
import dev.holdfast.attestation.UnverifiedQuote;
import dev.holdfast.attestation.Verdict;
import dev.holdfast.attestation.quote.Quote;
import dev.holdfast.attestation.quote.QuoteException;
import dev.holdfast.attestation.quote.SignatureData;
import dev.holdfast.attestation.quote.Tee;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.simulator.QuoteRecipe;
import dev.holdfast.simulator.quote.QuoteFormat;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The input is a quote. What is accepted must be what the development vendor signed.
final class QuoteTarget {
  private static final Collateral TDX = World.collateral(World.VENDOR.collateral(World.TDX));
  private static final Collateral SGX = World.collateral(World.VENDOR.collateral(World.SGX));
  private static final Set<Signed> GENUINE = genuine();

  private QuoteTarget() {}

  /// What signatures are over; not the signatures themselves, of which ECDSA allows two.
  private record Signed(Bytes quote, Bytes attestationKey, Bytes qeReport, Bytes authData) {
    static Signed of(Quote quote) {
      SignatureData data = quote.signatureData();
      return new Signed(
          quote.signed(), data.attestationKey(), data.qe().report().body(), data.qe().authData());
    }
  }

  public static void fuzzerTestOneInput(byte[] input) {
    Bytes quote = Bytes.copyOf(input);
    Work.bounded(() -> run(quote));
  }

  private static void run(Bytes quote) {
    Optional<Quote> parsed = parsed(quote);
    boolean small = quote.size() <= AttestationVerifier.QUOTE_MAX_SIZE;
    Find.unless(
        inspected(quote) == (parsed.isPresent() && small), "inspection takes what the parser does");
    Collateral collateral =
        parsed.isPresent() && parsed.get().report().tee() == Tee.SGX ? SGX : TDX;
    Verdict verdict = World.verdict(World.STRICT, quote, collateral);
    if (verdict instanceof Verdict.Accepted) {
      Find.unless(
          parsed.isPresent() && small && GENUINE.contains(Signed.of(parsed.get())),
          "only what was signed is accepted");
    }
    World.verdict(World.BELIEVING, quote, collateral);
  }

  private static Optional<Quote> parsed(Bytes quote) {
    try {
      Quote parsed = Quote.parse(quote);
      Find.unless(parsed.structureSize() <= quote.size(), "a structure ends within its input");
      Quote alone = Quote.parse(quote.slice(0, parsed.structureSize()));
      Find.unless(parsed.equals(alone), "what follows the structure means nothing");
      return Optional.of(parsed);
    } catch (QuoteException e) {
      return Optional.empty();
    }
  }

  private static boolean inspected(Bytes quote) {
    try {
      UnverifiedQuote.parse(quote);
      return true;
    } catch (MalformedException e) {
      return false;
    }
  }

  /// Quotes of every format, with trailing bytes, with each type of certification data.
  static List<Bytes> seeds() {
    List<Bytes> seeds = new ArrayList<>(World.quotes());
    for (int type = 1; type <= 4; type++) {
      seeds.add(World.quote(QuoteRecipe.of(QuoteFormat.TDX_V4).withCertificationType(type)));
    }
    seeds.add(World.quote(QuoteRecipe.of(QuoteFormat.TDX_V4).withTrailing(Bytes.zero(70))));
    seeds.add(
        World.quote(QuoteRecipe.of(QuoteFormat.SGX_V3).withQe(qe -> qe.withAuthData(Bytes.EMPTY))));
    return seeds;
  }

  private static Set<Signed> genuine() {
    Set<Signed> genuine = new HashSet<>();
    for (Bytes seed : seeds()) {
      try {
        genuine.add(Signed.of(Quote.parse(seed)));
      } catch (QuoteException e) {
        throw new Find("the simulator's quotes parse", e);
      }
    }
    return genuine;
  }
}
