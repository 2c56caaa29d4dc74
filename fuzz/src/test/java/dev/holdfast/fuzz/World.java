package dev.holdfast.fuzz;

import dev.holdfast.attestation.Appraisal;
import dev.holdfast.attestation.AttestationVerifier;
import dev.holdfast.attestation.Collateral;
import dev.holdfast.attestation.TrustAnchor;
import dev.holdfast.attestation.Verdict;
import dev.holdfast.attestation.policy.AttestationPolicy;
import dev.holdfast.attestation.policy.Relaxation;
import dev.holdfast.attestation.tcb.TcbStatus;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Json;
import dev.holdfast.codec.JsonValue;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.Crypto;
import dev.holdfast.simulator.CollateralRecipe;
import dev.holdfast.simulator.DevelopmentVendor;
import dev.holdfast.simulator.EnclaveRecipe;
import dev.holdfast.simulator.PlatformRecipe;
import dev.holdfast.simulator.QuoteRecipe;
import dev.holdfast.simulator.SimulatedPlatform;
import dev.holdfast.simulator.TdRecipe;
import dev.holdfast.simulator.quote.QuoteFormat;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// The development vendor that all targets share: the same bytes in every run.
final class World {
  static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  static final DevelopmentVendor VENDOR = DevelopmentVendor.generate(seeded(), NOW);
  static final SimulatedPlatform PLATFORM = VENDOR.platform(PlatformRecipe.of("node-a"));
  static final CollateralRecipe TDX = CollateralRecipe.defaults(PlatformRecipe.DEFAULT_FMSPC, NOW);
  static final CollateralRecipe SGX = CollateralRecipe.sgx(PlatformRecipe.DEFAULT_FMSPC, NOW);

  /// Verifies signatures, with the fast provider.
  static final AttestationVerifier STRICT = AttestationVerifier.of(anchor(), ecdsa());

  /// Believes every signature.
  static final AttestationVerifier BELIEVING =
      AttestationVerifier.of(anchor(), new BelievingProvider());

  private static final AttestationPolicy DEFAULTS = AttestationPolicy.defaults();
  private static final AttestationPolicy LENIENT =
      DEFAULTS
          .withAcceptedStatuses(Set.of(TcbStatus.values()))
          .withAnyAdvisory()
          .withRelaxations(Set.of(Relaxation.values()));

  private static final Map<QuoteFormat, Bytes> QUOTES = new LinkedHashMap<>();

  static {
    for (QuoteFormat format : QuoteFormat.values()) {
      QUOTES.put(format, quote(QuoteRecipe.of(format)));
    }
  }

  private World() {}

  /// A flawless quote of one format, always the same.
  static Bytes quote(QuoteFormat format) {
    return Objects.requireNonNull(QUOTES.get(format));
  }

  /// A flawless quote of each format.
  static List<Bytes> quotes() {
    return List.copyOf(QUOTES.values());
  }

  static Bytes quote(QuoteRecipe recipe) {
    return recipe.format().isTdx()
        ? PLATFORM.quote(TdRecipe.ofImage("image"), Bytes.zero(64), recipe)
        : PLATFORM.quote(EnclaveRecipe.ofImage("image"), Bytes.zero(64), recipe);
  }

  /// Judges `quote` twice, as unknown and as known input, under the strictest and the most lenient
  /// policy; the verdict under the default policy.
  static Verdict verdict(AttestationVerifier verifier, Bytes quote, Collateral collateral) {
    Appraisal cold = verifier.appraise(quote, collateral, NOW);
    Appraisal warm = verifier.appraise(quote, collateral, NOW);
    Verdict verdict = cold.judge(DEFAULTS);
    Find.unless(verdict.equals(warm.judge(DEFAULTS)), "the same input has the same verdict");
    Verdict lenient = cold.judge(LENIENT);
    Find.unless(
        lenient instanceof Verdict.Accepted || verdict instanceof Verdict.Rejected,
        "a more lenient policy accepts what a stricter one does");
    return verdict;
  }

  static Collateral collateral(Bytes json) {
    try {
      return Collateral.parse(json);
    } catch (MalformedException e) {
      throw new Find("the simulator's collateral parses", e);
    }
  }

  /// The members of the collateral that `recipe` gives.
  static Map<String, String> members(CollateralRecipe recipe) {
    return members(VENDOR.collateral(recipe));
  }

  /// The members of collateral in JSON.
  static Map<String, String> members(Bytes json) {
    try {
      Map<String, String> members = new LinkedHashMap<>();
      for (JsonValue.Member member : Json.parse(json).asObject().members()) {
        members.put(member.name(), member.value().asString());
      }
      return members;
    } catch (MalformedException e) {
      throw new Find("what the parser took is an object of strings", e);
    }
  }

  /// Judges `quote` with `members`, of which one is replaced or added, every signature believed.
  static void believe(Bytes quote, Map<String, String> members, String name, String value) {
    Map<String, String> changed = new LinkedHashMap<>(members);
    changed.put(name, value);
    JsonWriter json = JsonWriter.object();
    changed.forEach(json::put);
    Bytes encoded = json.toBytes();
    // Escaping can make six bytes of one.
    if (encoded.size() <= Collateral.MAX_SIZE) {
      verdict(BELIEVING, quote, collateral(encoded));
    }
  }

  /// Parsing alone is a hundred times cheaper than the verifier around it, which refuses what does
  /// not parse: one such input of sixteen goes there all the same.
  static boolean sampled(Bytes input) {
    return (input.hashCode() & 0xf) == 0;
  }

  static String text(Bytes bytes) {
    return new String(bytes.toArray(), StandardCharsets.UTF_8);
  }

  static Bytes bytes(String text) {
    return Bytes.copyOf(text.getBytes(StandardCharsets.UTF_8));
  }

  /// `choice` and then each of `inputs`: the form of targets that have several ways in.
  static List<Bytes> chosen(int choice, List<Bytes> inputs) {
    List<Bytes> all = new ArrayList<>();
    for (Bytes input : inputs) {
      byte[] array = new byte[input.size() + 1];
      array[0] = (byte) choice;
      System.arraycopy(input.toArray(), 0, array, 1, input.size());
      all.add(Bytes.copyOf(array));
    }
    return all;
  }

  /// The fast one.
  static Provider ecdsa() {
    return Crypto.preferred(seeded()).signatureProvider();
  }

  static TrustAnchor anchor() {
    try {
      return TrustAnchor.parsePem(VENDOR.rootPem());
    } catch (MalformedException e) {
      throw new Find("the simulator's root parses", e);
    }
  }

  static SecureRandom seeded() {
    try {
      SecureRandom random = SecureRandom.getInstance("SHA1PRNG");
      random.setSeed(1);
      return random;
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
