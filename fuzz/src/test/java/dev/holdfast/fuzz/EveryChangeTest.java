package dev.holdfast.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.holdfast.attestation.Collateral;
import dev.holdfast.attestation.Reason;
import dev.holdfast.attestation.Signatures;
import dev.holdfast.attestation.Verdict;
import dev.holdfast.attestation.policy.AttestationPolicy;
import dev.holdfast.attestation.quote.Quote;
import dev.holdfast.attestation.quote.QuoteException;
import dev.holdfast.codec.Bytes;
import dev.holdfast.simulator.quote.QuoteFormat;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every cut and every flipped bit of the simulator's quotes, one at a time.
///
/// Nothing may survive: what is not under a signature or a hash is a length, a type or PEM, and the
/// simulator writes those in the only form that the verifier takes. (One bit makes no white space
/// of a line break, and no line break of anything else in the text.)
///
/// Spec: docs/spec/quote.md
@Tag("slow")
class EveryChangeTest {
  private static final AttestationPolicy POLICY = AttestationPolicy.defaults();
  private static final Collateral TDX = World.collateral(World.VENDOR.collateral(World.TDX));
  private static final Collateral SGX = World.collateral(World.VENDOR.collateral(World.SGX));

  @ParameterizedTest
  @EnumSource(QuoteFormat.class)
  void everyCut_ofEveryFormat_isMalformed(QuoteFormat format) throws QuoteException {
    Bytes quote = quote(format);
    List<Integer> others =
        IntStream.range(0, Quote.parse(quote).structureSize())
            .filter(size -> reason(quote.slice(0, size), format) != Reason.MALFORMED_QUOTE)
            .boxed()
            .toList();

    assertEquals(List.of(), others);
  }

  @ParameterizedTest
  @EnumSource(QuoteFormat.class)
  void everyBit_ofEveryFormat_isCovered(QuoteFormat format) throws QuoteException {
    Bytes quote = quote(format);
    int size = Quote.parse(quote).structureSize();
    Predicate<Bytes> survives = changed -> !invalid(verdict(changed, format));
    List<String> survivors =
        IntStream.range(0, 8 * size)
            .parallel()
            .filter(bit -> survives.test(flipped(quote, bit)))
            .mapToObj(bit -> "bit %d of byte %d".formatted(bit % 8, bit / 8))
            .toList();

    assertEquals(0, quote.at(size - 1), "the chain ends in NUL");
    assertEquals(List.of("bit 5 of byte " + (size - 1)), survivors);
  }

  /// What is changed must be known to be not authentic, not only unwanted.
  private static boolean invalid(Verdict verdict) {
    return verdict instanceof Verdict.Rejected rejected
        && rejected.signatures() == Signatures.INVALID;
  }

  private static Reason reason(Bytes quote, QuoteFormat format) {
    return assertInstanceOf(Verdict.Rejected.class, verdict(quote, format)).reason();
  }

  private static Verdict verdict(Bytes quote, QuoteFormat format) {
    return World.STRICT.verify(quote, format.isTdx() ? TDX : SGX, POLICY, World.NOW);
  }

  private static Bytes quote(QuoteFormat format) {
    Bytes quote = World.quote(format);
    assertInstanceOf(Verdict.Accepted.class, verdict(quote, format), "before it is changed");
    return quote;
  }

  private static Bytes flipped(Bytes quote, int bit) {
    byte[] changed = quote.toArray();
    changed[bit / 8] ^= (byte) (1 << bit % 8);
    return Bytes.copyOf(changed);
  }
}
