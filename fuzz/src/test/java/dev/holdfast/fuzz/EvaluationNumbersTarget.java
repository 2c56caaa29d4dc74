package dev.holdfast.fuzz;

import dev.holdfast.attestation.AttestationVerifier;
import dev.holdfast.attestation.Collateral;
import dev.holdfast.attestation.tcb.TcbEvaluationNumbers;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The input is the vendor's list of TCB recoveries, taken for signed.
final class EvaluationNumbersTarget {
  private static final String RECOVERY =
      """
      {"tcbEvaluationDataNumber":%d,"tcbRecoveryEventDate":"2024-11-12T00:00:00Z",\
      "tcbDate":"2024-11-13T00:00:00Z"}\
      """;
  private static final String LIST =
      """
      {"id":"%s","version":1,"issueDate":"2026-11-23T11:00:00Z",\
      "nextUpdate":"2026-12-23T11:00:00Z","tcbEvalNumbers":[%s]}\
      """;

  private static final Map<String, String> MEMBERS = World.members(World.TDX);
  private static final String CHAIN = member("tcb_info_issuer_chain");
  private static final String SIGNATURE = member("tcb_info_signature");
  private static final Collateral COLLATERAL = World.collateral(World.VENDOR.collateral(World.TDX));

  private EvaluationNumbersTarget() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Bytes text = Bytes.copyOf(input);
    Work.bounded(() -> run(text));
  }

  private static void run(Bytes text) {
    try {
      TcbEvaluationNumbers numbers = TcbEvaluationNumbers.parse(text);
      for (var recovery : numbers.recoveries()) {
        Find.unless(
            numbers.find(recovery.number()).filter(recovery::equals).isPresent(),
            "each number stands once");
      }
    } catch (MalformedException e) {
      Find.unlessShort(e);
    }
    String document = World.text(text);
    Find.unless(
        numbers(World.STRICT, document).isEmpty(), "another document's signature is none of it");
    numbers(World.BELIEVING, document);
  }

  private static Optional<TcbEvaluationNumbers> numbers(
      AttestationVerifier verifier, String document) {
    return verifier.evaluationNumbers(document, SIGNATURE, CHAIN, COLLATERAL, World.NOW);
  }

  private static String member(String name) {
    return String.valueOf(MEMBERS.get(name));
  }

  static List<Bytes> seeds() {
    String two = RECOVERY.formatted(17) + "," + RECOVERY.formatted(18);
    return List.of(
        World.bytes(LIST.formatted("TDX", two)),
        World.bytes(LIST.formatted("SGX", RECOVERY.formatted(19))),
        World.bytes(LIST.formatted("SGX", "")));
  }
}
