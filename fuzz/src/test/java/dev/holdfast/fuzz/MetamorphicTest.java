package dev.holdfast.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.holdfast.attestation.AttestationVerifier;
import dev.holdfast.attestation.Collateral;
import dev.holdfast.attestation.Reason;
import dev.holdfast.attestation.Verdict;
import dev.holdfast.attestation.policy.AttestationPolicy;
import dev.holdfast.attestation.quote.Quote;
import dev.holdfast.attestation.quote.QuoteException;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.crypto.Crypto;
import dev.holdfast.simulator.CollateralRecipe;
import dev.holdfast.simulator.PlatformRecipe;
import dev.holdfast.simulator.QuoteRecipe;
import dev.holdfast.simulator.Tampering;
import dev.holdfast.simulator.TdRecipe;
import dev.holdfast.simulator.quote.QuoteFormat;
import dev.holdfast.simulator.quote.TdField;
import dev.holdfast.simulator.tcb.Documents;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// Changes that must not change the verdict, and some that must. Spec: docs/spec/attestation.md
class MetamorphicTest {
  private static final long SEED = Long.getLong("holdfast.seed", 20261123);
  private static final AttestationPolicy POLICY = AttestationPolicy.defaults();
  private static final Collateral TDX = World.collateral(World.VENDOR.collateral(World.TDX));
  private static final QuoteFormat[] FORMATS = QuoteFormat.values();

  private final Random random = new Random(SEED);

  @Test
  void trailingBytes_random_neverChangeTheVerdict() {
    for (int round = 0; round < 200; round++) {
      Bytes quote = round % 2 == 0 ? flawless() : mutated();
      if (!parses(quote)) {
        continue;
      }
      byte[] trailing =
          new byte[random.nextInt(AttestationVerifier.QUOTE_MAX_SIZE - quote.size() + 1)];
      random.nextBytes(trailing);
      Bytes longer = Tampering.append(Bytes.copyOf(trailing)).apply(quote);

      assertEquals(verdict(quote), verdict(longer), at(round));
    }
  }

  @Test
  void levels_permuted_neverChangeTheVerdict() {
    for (int round = 0; round < 40; round++) {
      Bytes quote = onRandomPlatform();
      CollateralRecipe shuffled =
          World.TDX
              .withTcbInfo(d ->
                  d.withTcbLevels(shuffled(Documents.tdxLevels()))
                      .withModuleIdentities(shuffled(Documents.moduleIdentities("UpToDate"))))
              .withQeIdentity(d ->
                  d.withIsvLevels(shuffled(Documents.isvLevels(Documents.TD_QE_SVN, "UpToDate"))));

      assertEquals(verdict(quote), verdict(quote, shuffled), at(round));
    }
  }

  @Test
  void members_ofSignedDocuments_inAnyOrder_giveTheSameVerdict() {
    for (int round = 0; round < 20; round++) {
      Bytes quote = onRandomPlatform();
      CollateralRecipe shuffled =
          World.TDX
              .withTcbInfo(d -> d.withMembers(shuffled(d.members())))
              .withQeIdentity(d -> d.withMembers(shuffled(d.members())));

      assertEquals(verdict(quote), verdict(quote, shuffled), at(round));
    }
  }

  @Test
  void hexadecimal_ofEitherCase_givesTheSameVerdict() {
    Bytes quote = World.quote(QuoteFormat.TDX_V4);
    String fmspc = PlatformRecipe.DEFAULT_FMSPC.toHex();
    CollateralRecipe lower =
        World.TDX.withTcbInfo(d -> d.with("fmspc", fmspc.toLowerCase(Locale.ROOT)));
    CollateralRecipe upper =
        World.TDX
            .withTcbInfo(d -> d.with("fmspc", fmspc.toUpperCase(Locale.ROOT)))
            .withMembers(members -> {
              for (String name : List.of("root_ca_crl", "pck_crl", "tcb_info_signature")) {
                members.computeIfPresent(name, (key, hex) -> hex.toUpperCase(Locale.ROOT));
              }
              return members;
            });

    assertInstanceOf(Verdict.Accepted.class, verdict(quote));
    assertEquals(verdict(quote), verdict(quote, lower));
    assertEquals(verdict(quote), verdict(quote, upper));
  }

  @Test
  void members_ofCollateral_inAnyOrder_areTheSameCollateral() {
    Bytes quote = World.quote(QuoteFormat.TDX_V4);
    for (int round = 0; round < 20; round++) {
      JsonWriter json = JsonWriter.object();
      shuffled(List.copyOf(World.members(World.TDX).entrySet()))
          .forEach(member -> json.put(member.getKey(), member.getValue()));
      Collateral collateral = World.collateral(json.toBytes());

      assertEquals(TDX.digest(), collateral.digest(), at(round));
      assertEquals(
          verdict(quote), World.STRICT.verify(quote, collateral, POLICY, World.NOW), at(round));
    }
  }

  @Test
  void whiteSpace_addedToASignedDocument_isRefused() {
    Bytes quote = World.quote(QuoteFormat.TDX_V4);
    Map<String, Reason> documents =
        new TreeMap<>(
            Map.of(
                "tcb_info", Reason.TCB_INFO_SIGNATURE_INVALID,
                "qe_identity", Reason.QE_IDENTITY_SIGNATURE_INVALID));
    for (int round = 0; round < 60; round++) {
      int current = round;
      documents.forEach((name, reason) -> {
        CollateralRecipe spaced =
            World.TDX.withMembers(members -> {
              members.computeIfPresent(name, (key, text) -> spaced(text));
              return members;
            });
        Verdict verdict = verdict(quote, spaced);
        assertEquals(
            reason, assertInstanceOf(Verdict.Rejected.class, verdict).reason(), at(current));
      });
    }
  }

  @Test
  void verifiers_coldWarmAndConcurrent_agree() throws Exception {
    List<Bytes> quotes = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      quotes.add(i % 4 == 0 ? flawless() : mutated());
    }
    List<Verdict> cold = new ArrayList<>();
    for (Bytes quote : quotes) {
      AttestationVerifier fresh = AttestationVerifier.of(World.anchor(), World.ecdsa());
      cold.add(fresh.verify(quote, TDX, POLICY, World.NOW));
    }
    AttestationVerifier shared = AttestationVerifier.of(World.anchor(), World.ecdsa());
    List<Callable<Boolean>> tasks = new ArrayList<>();
    for (int repeat = 0; repeat < 8; repeat++) {
      for (int i = 0; i < quotes.size(); i++) {
        int index = i;
        tasks.add(
            () -> cold.get(index).equals(shared.verify(quotes.get(index), TDX, POLICY, World.NOW)));
      }
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Boolean> same : threads.invokeAll(shuffled(tasks))) {
        assertEquals(true, same.get(), "seed " + SEED);
      }
    }
    for (int i = 0; i < quotes.size(); i++) {
      assertEquals(cold.get(i), shared.verify(quotes.get(i), TDX, POLICY, World.NOW), at(i));
    }
  }

  @Test
  void verifiers_ofDifferentProviders_agree() {
    List<AttestationVerifier> verifiers =
        List.of(
            AttestationVerifier.of(World.anchor()),
            AttestationVerifier.of(World.anchor(), World.ecdsa()),
            AttestationVerifier.of(
                World.anchor(), Crypto.bouncyCastle(World.seeded()).signatureProvider()));
    for (int round = 0; round < 150; round++) {
      Bytes quote = round % 10 == 0 ? flawless() : mutated();
      List<Verdict> verdicts =
          verifiers.stream()
              .map(verifier -> verifier.verify(quote, TDX, POLICY, World.NOW))
              .distinct()
              .toList();
      assertEquals(1, verdicts.size(), at(round));
    }
  }

  private Bytes flawless() {
    return World.quote(FORMATS[random.nextInt(FORMATS.length)]);
  }

  /// A quote with one to three bytes changed, most of them where signatures are.
  private Bytes mutated() {
    byte[] quote = flawless().toArray();
    int range = random.nextBoolean() ? quote.length : 1300;
    for (int i = random.nextInt(3); i >= 0; i--) {
      quote[random.nextInt(range)] = (byte) random.nextInt(256);
    }
    return Bytes.copyOf(quote);
  }

  /// A quote of a platform, module and VM with SVNs around those of the documents.
  private Bytes onRandomPlatform() {
    List<Integer> svns = new ArrayList<>(Documents.SGX_SVNS);
    int changed = random.nextInt(svns.size());
    svns.set(changed, Math.max(0, svns.get(changed) + random.nextInt(4) - 2));
    PlatformRecipe platform =
        PlatformRecipe.of("node-" + random.nextInt(1000))
            .withExtension(e ->
                e.withComponents(svns)
                    .withPceSvn(Documents.PCE_SVN - random.nextInt(3) * random.nextInt(5)));
    TdRecipe td =
        TdRecipe.ofImage("image")
            .with(
                TdField.TEE_TCB_SVN,
                TdRecipe.svn(3 + random.nextInt(5), random.nextInt(2), random.nextInt(5)));
    return World.VENDOR
        .platform(platform)
        .quote(td, Bytes.zero(64), QuoteRecipe.of(QuoteFormat.TDX_V4));
  }

  /// `json` with one white space character where the grammar allows it.
  private String spaced(String json) {
    List<Integer> places = new ArrayList<>();
    boolean inString = false;
    for (int i = 0; i < json.length(); i++) {
      if (json.charAt(i) == '"') {
        inString = !inString;
      } else if (!inString && "{}[],:".indexOf(json.charAt(i)) >= 0) {
        places.add(i);
      }
    }
    int place = places.get(random.nextInt(places.size()));
    return json.substring(0, place) + " \t\r\n".charAt(random.nextInt(4)) + json.substring(place);
  }

  private <T> List<T> shuffled(List<T> list) {
    List<T> shuffled = new ArrayList<>(list);
    Collections.shuffle(shuffled, random);
    return shuffled;
  }

  private static Verdict verdict(Bytes quote) {
    return World.STRICT.verify(quote, TDX, POLICY, World.NOW);
  }

  private static Verdict verdict(Bytes quote, CollateralRecipe recipe) {
    Collateral collateral = World.collateral(World.VENDOR.collateral(recipe));
    return World.STRICT.verify(quote, collateral, POLICY, World.NOW);
  }

  private static boolean parses(Bytes quote) {
    try {
      return Quote.parse(quote).structureSize() > 0;
    } catch (QuoteException e) {
      return false;
    }
  }

  private static String at(int round) {
    return "seed " + SEED + ", round " + round;
  }
}
