package dev.holdfast.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.holdfast.attestation.AttestationVerifier;
import dev.holdfast.attestation.Collateral;
import dev.holdfast.attestation.Reason;
import dev.holdfast.attestation.Signatures;
import dev.holdfast.attestation.TrustAnchor;
import dev.holdfast.attestation.Verdict;
import dev.holdfast.attestation.policy.AttestationPolicy;
import dev.holdfast.attestation.quote.Quote;
import dev.holdfast.attestation.quote.QuoteException;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Json;
import dev.holdfast.codec.JsonValue;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.MalformedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Every cut and three changes of every byte of the quotes of real machines, one at a time. Nothing
/// survives: none of the three makes other white space of a NUL or a line break.
///
/// Spec: docs/spec/quote.md
@Tag("slow")
class EveryRealChangeTest {
  private static final int[] CHANGES = {0x01, 0x80, 0xff};
  private static final AttestationPolicy POLICY = AttestationPolicy.defaults();
  private static final AttestationVerifier VERIFIER =
      AttestationVerifier.of(TrustAnchor.intel(), World.ecdsa());

  /// Quotes of which at least as many must be there, if any are.
  private static final int GENUINE_MIN = 20;

  /// A recorded quote as it is, and what it is judged with. Genuine: authentic before the change.
  private record Sample(Bytes quote, Collateral collateral, Instant at, boolean genuine) {
    Verdict verdict(Bytes changed) {
      return VERIFIER.verify(changed, collateral, POLICY, at);
    }

    /// Genuine quotes must be known to be no longer authentic; others are not acceptable anyway.
    boolean survives(Bytes changed) {
      return !(verdict(changed) instanceof Verdict.Rejected rejected)
          || (genuine && rejected.signatures() != Signatures.INVALID);
    }
  }

  @TestFactory
  Stream<DynamicTest> everyCut_ofEveryRealQuote_isMalformed() throws Exception {
    return samples().entrySet().stream()
        .map(sample -> dynamicTest(sample.getKey(), () -> assertCutsMalformed(sample.getValue())));
  }

  @TestFactory
  Stream<DynamicTest> everyByte_ofEveryRealQuote_isCovered() throws Exception {
    return samples().entrySet().stream()
        .map(sample -> dynamicTest(sample.getKey(), () -> assertBytesCovered(sample.getValue())));
  }

  @Test
  void samples_ofTheVectors_areMostlyGenuine() throws Exception {
    long genuine = samples().values().stream().filter(Sample::genuine).count();
    assertEquals(GENUINE_MIN, Math.min(GENUINE_MIN, genuine));
  }

  private static void assertCutsMalformed(Sample sample) throws QuoteException {
    List<Integer> others =
        IntStream.range(0, Quote.parse(sample.quote()).structureSize())
            .filter(size ->
                assertInstanceOf(
                            Verdict.Rejected.class, sample.verdict(sample.quote().slice(0, size)))
                        .reason()
                    != Reason.MALFORMED_QUOTE)
            .boxed()
            .toList();
    assertEquals(List.of(), others);
  }

  private static void assertBytesCovered(Sample sample) throws QuoteException {
    if (sample.genuine()) {
      assertTrue(authentic(sample.verdict(sample.quote())), "before it is changed");
    }
    List<String> survivors =
        IntStream.range(0, Quote.parse(sample.quote()).structureSize())
            .parallel()
            .boxed()
            .flatMap(offset ->
                IntStream.of(CHANGES)
                    .filter(change -> sample.survives(changed(sample.quote(), offset, change)))
                    .mapToObj(change -> "byte %d with 0x%02x".formatted(offset, change)))
            .toList();
    assertEquals(List.of(), survivors);
  }

  private static boolean authentic(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Accepted accepted -> true;
      case Verdict.Rejected rejected -> rejected.signatures() == Signatures.VALID;
    };
  }

  private static Bytes changed(Bytes quote, int offset, int mask) {
    byte[] array = quote.toArray();
    array[offset] ^= (byte) mask;
    return Bytes.copyOf(array);
  }

  /// Every recorded quote with the first case in which it is authentic, if there is one.
  private static Map<String, Sample> samples() throws IOException, MalformedException {
    assumeTrue(
        Files.isDirectory(Recorded.FOLDER),
        "SKIPPED: the recorded DCAP vectors are not beside the project, in shared/vectors/dcap");
    Map<String, Sample> samples = new TreeMap<>();
    for (JsonValue item : Json.parse(bytes("cases.json")).asArray(10_000).items()) {
      JsonObject test = item.asObject();
      String name = test.string("quote");
      if (!samples.containsKey(name) && usable(test)) {
        Collateral collateral = Collateral.parse(bytes(test.string("collateral")));
        Instant at = Instant.parse(test.string("at"));
        samples.put(name, new Sample(bytes(name), collateral, at, true));
      }
    }
    for (Path file : Recorded.files(Recorded.FOLDER.resolve("quotes"))) {
      String name = "quotes/" + file.getFileName();
      if (!name.contains("derived")) {
        samples.putIfAbsent(name, new Sample(bytes(name), Collateral.none(), World.NOW, false));
      }
    }
    return samples;
  }

  private static boolean usable(JsonObject test) throws MalformedException {
    boolean recorded =
        !test.has("mutate")
            && !test.string("quote").contains("derived")
            && test.member("collateral") instanceof JsonValue.JsonString set
            && !set.value().contains("derived");
    return recorded
        && test.object("expect").member("signatures") instanceof JsonValue.JsonString signatures
        && signatures.value().equals("valid");
  }

  private static Bytes bytes(String path) throws IOException {
    return Bytes.copyOf(Files.readAllBytes(Recorded.FOLDER.resolve(path)));
  }
}
