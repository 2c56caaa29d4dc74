package dev.holdfast.sim;

import dev.holdfast.attestation.AttestationVerifier;
import dev.holdfast.attestation.Collateral;
import dev.holdfast.attestation.TrustAnchor;
import dev.holdfast.attestation.policy.Measurement;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.Crypto;
import dev.holdfast.crypto.Labels;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.crypto.SigningKey;
import dev.holdfast.protocol.EvidenceFloor;
import dev.holdfast.protocol.Posture;
import dev.holdfast.protocol.Threshold;
import dev.holdfast.protocol.posture.Fencing;
import dev.holdfast.protocol.posture.KeyQuorum;
import dev.holdfast.protocol.posture.Safeguards;
import dev.holdfast.protocol.posture.Witnessing;
import dev.holdfast.protocol.statement.RollbackAcceptance;
import dev.holdfast.protocol.statement.SignedStatement;
import dev.holdfast.simulator.CollateralRecipe;
import dev.holdfast.simulator.DevelopmentVendor;
import dev.holdfast.simulator.PlatformRecipe;
import dev.holdfast.simulator.SimulatedPlatform;
import dev.holdfast.simulator.TdRecipe;
import dev.holdfast.simulator.quote.TdField;
import dev.holdfast.simulator.tcb.Documents;
import dev.holdfast.simulator.tcb.Edition;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The vendor of all simulated machines, the same for every seed: its certificates, its collateral
/// and the verifier's memory of them are made once. Thread-safe.
final class Vendor {
  static final Instant START = Instant.parse("2026-11-23T12:00:00Z");

  /// The image that every node should run, and another one.
  static final String IMAGE = "app";

  static final String OTHER_IMAGE = "evil";

  private static final Vendor THE_ONE = new Vendor();
  private static final int PATCHED_MICROCODE = 4;

  final AttestationVerifier verifier;

  /// Judges for the checkers, with a memory of its own.
  final AttestationVerifier judge;

  private final Crypto fast;
  private final SigningKey releaseKey;
  private final DevelopmentVendor vendor;
  private final TrustAnchor anchor;
  private final Map<Model, SimulatedPlatform> platforms = new ConcurrentHashMap<>();
  private final Map<Issue, Collateral> collaterals = new ConcurrentHashMap<>();

  /// A machine's name, and whether it has the microcode that a TCB recovery asks for.
  record Model(String name, boolean patched) {}

  /// Which collateral: after the TCB recovery or before it, and which machine it revokes.
  record Issue(boolean recovered, Optional<Model> revoked) {
    static final Issue FIRST = new Issue(false, Optional.empty());

    int evaluationNumber() {
      return (recovered ? Edition.recovered(START) : Edition.current()).number();
    }
  }

  private Vendor() {
    vendor = DevelopmentVendor.generate(Chance.secure(1), START.minus(Duration.ofDays(30)));
    try {
      anchor = TrustAnchor.parsePem(vendor.rootPem());
    } catch (MalformedException e) {
      throw new InvariantError("the vendor's root is a root", e);
    }
    fast = Crypto.preferred(Chance.secure(1));
    releaseKey = fast.signingKey(SecretBytes.take(Bytes.zero(32).toArray()));
    verifier = AttestationVerifier.of(anchor, fast.signatureProvider());
    judge = AttestationVerifier.of(anchor, fast.signatureProvider());
  }

  /// Envelopes and signatures that draw from `random` only.
  Crypto crypto(SecureRandom random) {
    return Crypto.repeatable(random, fast);
  }

  static Vendor theOne() {
    return THE_ONE;
  }

  Posture posture(Threshold threshold) {
    return new Posture(
        anchor.digest(),
        true,
        threshold,
        EvidenceFloor.defaults(),
        false,
        false,
        new Safeguards(
            new KeyQuorum(1, List.of(releaseKey.publicKey().encoded())),
            KeyQuorum.NONE,
            new Fencing(Fencing.Mode.STRICT, Fencing.MAX_LEASE),
            Witnessing.DEFAULT,
            30));
  }

  /// What the fleet's release key says to a store that went back.
  SignedStatement accept(RollbackAcceptance demanded) {
    return SignedStatement.unsigned(demanded.toBytes())
        .signedBy(fast, releaseKey, Labels.ACCEPTANCE_SIGNATURE);
  }

  SimulatedPlatform platform(Model model) {
    return platforms.computeIfAbsent(model, this::make);
  }

  private SimulatedPlatform make(Model model) {
    PlatformRecipe recipe = PlatformRecipe.of(model.name());
    return vendor.platform(
        model.patched()
            ? recipe.withExtension(e -> e.withComponents(raised(e.components())))
            : recipe);
  }

  private static List<Integer> raised(List<Integer> components) {
    List<Integer> raised = new ArrayList<>(components);
    raised.set(0, components.getFirst() + 1);
    return raised;
  }

  /// What a VM of `image` reports on a machine.
  static TdRecipe td(String image, boolean patched) {
    TdRecipe td = TdRecipe.ofImage(image);
    Bytes svn = TdRecipe.svn(6, 1, PATCHED_MICROCODE);
    return patched ? td.with(TdField.TEE_TCB_SVN, svn).with(TdField.TEE_TCB_SVN2, svn) : td;
  }

  static String other(String image) {
    return image.equals(IMAGE) ? OTHER_IMAGE : IMAGE;
  }

  /// What a VM of `image` reads in its own registers.
  static Measurement measurement(String image) {
    TdRecipe td = TdRecipe.ofImage(image);
    return new Measurement(
        td.field(TdField.MRTD),
        Optional.of(td.field(TdField.RTMR0)),
        td.field(TdField.RTMR1),
        td.field(TdField.RTMR2),
        Optional.of(td.field(TdField.RTMR3)));
  }

  Bytes quote(Model model, String image, Bytes reportData) {
    return platform(model).quote(td(image, model.patched()), reportData);
  }

  Collateral collateral(Issue issue) {
    return collaterals.computeIfAbsent(issue, this::make);
  }

  /// The collateral of this digest, if it ever issued it.
  Optional<Collateral> find(Bytes digest) {
    return collaterals.values().stream().filter(c -> c.digest().equals(digest)).findFirst();
  }

  /// Under which evaluation number `collateral` was issued.
  int evaluationNumber(Collateral collateral) {
    return collaterals.entrySet().stream()
        .filter(entry -> entry.getValue().equals(collateral))
        .mapToInt(entry -> entry.getKey().evaluationNumber())
        .max()
        .orElse(0);
  }

  private Collateral make(Issue issue) {
    Bytes kind = PlatformRecipe.DEFAULT_FMSPC;
    CollateralRecipe recipe = CollateralRecipe.defaults(kind, START);
    if (issue.recovered()) {
      Instant issued = START.minus(CollateralRecipe.BACKDATED);
      Instant until = issued.plus(CollateralRecipe.VALIDITY);
      recipe =
          recipe
              .withTcbInfo(_ -> Edition.recovered(START).tdxTcbInfo(kind, issued, until))
              .withQeIdentity(d -> d.withEvaluationNumber(Documents.EVALUATION_NUMBER + 1));
    }
    if (issue.revoked().isPresent()) {
      Model model = issue.revoked().get();
      recipe = recipe.withPckCrl(crl -> crl.withRevoked(platform(model).serial()));
    }
    try {
      return Collateral.parse(vendor.collateral(recipe));
    } catch (MalformedException e) {
      throw new InvariantError("the vendor's collateral has its form", e);
    }
  }
}
