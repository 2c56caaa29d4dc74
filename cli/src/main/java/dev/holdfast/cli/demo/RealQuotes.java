package dev.holdfast.cli.demo;

import dev.holdfast.attestation.AttestationVerifier;
import dev.holdfast.attestation.Collateral;
import dev.holdfast.attestation.TrustAnchor;
import dev.holdfast.attestation.Verdict;
import dev.holdfast.attestation.policy.AttestationPolicy;
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

/// Quotes that real hardware made, judged by the very verifier that the nodes use, with Intel's
/// root.
final class RealQuotes {
  /// A TDX quote of version 4 and one of version 5.
  private static final List<String> CASES =
      List.of(
          "tdx-v4-phala--phala-tdx-2025-06",
          "tdx-v5-openenclave-relaunch--assembled-tdx-90c06f-2025-06");

  private static final int MAX_CASES = 10_000;

  private final Path folder;

  /// @param folder with `cases.json`
  RealQuotes(Path folder) {
    this.folder = folder;
  }

  boolean present() {
    return Files.isRegularFile(folder.resolve("cases.json"));
  }

  /// Judges two recorded quotes and holds the verdicts against the recorded expectations.
  void tell(Narrator narrator) throws IOException, MalformedException, DemoFailure {
    JsonValue cases = Json.parse(Files.readAllBytes(folder.resolve("cases.json")));
    AttestationVerifier verifier = AttestationVerifier.of(TrustAnchor.intel());
    int told = 0;
    for (JsonValue item : cases.asArray(MAX_CASES).items()) {
      if (CASES.contains(item.asObject().string("name"))) {
        tell(narrator, verifier, item.asObject());
        told++;
      }
    }
    DemoFailure.require(told == CASES.size(), "both recorded quotes were found");
  }

  private void tell(Narrator narrator, AttestationVerifier verifier, JsonObject item)
      throws IOException, MalformedException, DemoFailure {
    Bytes quote = read(item.string("quote"));
    Collateral collateral = Collateral.parse(read(item.string("collateral")));
    Instant at = Instant.parse(item.string("at"));
    Verdict verdict = verifier.verify(quote, collateral, AttestationPolicy.defaults(), at);
    String expected = item.object("expect").string("defaultVerdict");
    String status =
        switch (verdict) {
          case Verdict.Accepted accepted -> accepted.tcb().status().code();
          case Verdict.Rejected rejected ->
              rejected.reason().code() + ", signatures " + rejected.signatures().code();
        };
    String word = verdict instanceof Verdict.Accepted ? "accepted" : "rejected";
    DemoFailure.require(
        word.equals(expected), item.string("name") + " is " + expected + ", not " + word);
    narrator.proved("%s (at %s): %s, %s".formatted(item.string("quote"), at, word, status));
  }

  private Bytes read(String path) throws IOException {
    return Bytes.copyOf(Files.readAllBytes(folder.resolve(path)));
  }
}
