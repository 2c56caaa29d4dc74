package dev.holdfast.fuzz;

import dev.holdfast.attestation.Appraisal;
import dev.holdfast.attestation.Verdict;
import dev.holdfast.attestation.policy.AttestationPolicy;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.simulator.CollateralRecipe;
import dev.holdfast.simulator.quote.QuoteFormat;
import java.util.List;

/// The input is a policy in JSON; quotes of several standings are judged by it.
final class PolicyTarget {
  private static final List<Appraisal> APPRAISALS =
      List.of(
          appraisal(QuoteFormat.TDX_V4, World.TDX),
          appraisal(QuoteFormat.TDX_V5_15, World.TDX.withPlatformStatus("OutOfDate")),
          appraisal(QuoteFormat.TDX_V5, World.TDX.withPlatformStatus("Revoked")),
          appraisal(QuoteFormat.SGX_V3, World.SGX),
          appraisal(QuoteFormat.SGX_V3, World.TDX));

  private PolicyTarget() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Bytes json = Bytes.copyOf(input);
    Work.bounded(() -> run(json));
  }

  private static void run(Bytes json) {
    AttestationPolicy policy;
    try {
      policy = AttestationPolicy.parse(json);
    } catch (MalformedException e) {
      Find.unlessShort(e);
      return;
    }
    Find.unless(again(policy).equals(policy), "what is written is what was read");
    for (Appraisal appraisal : APPRAISALS) {
      Verdict verdict = appraisal.judge(policy);
      Find.unless(verdict.equals(appraisal.judge(again(policy))), "equal policies judge alike");
    }
    // Revoked, and collateral of another kind: no policy makes these acceptable.
    Find.unless(APPRAISALS.get(2).judge(policy) instanceof Verdict.Rejected, "Revoked is refused");
    Find.unless(APPRAISALS.get(4).judge(policy) instanceof Verdict.Rejected, "it does not fit");
  }

  private static AttestationPolicy again(AttestationPolicy policy) {
    try {
      return AttestationPolicy.parse(policy.toJson());
    } catch (MalformedException e) {
      throw new Find("what is written can be read", e);
    }
  }

  private static Appraisal appraisal(QuoteFormat format, CollateralRecipe collateral) {
    return World.STRICT.appraise(
        World.quote(format), World.collateral(World.VENDOR.collateral(collateral)), World.NOW);
  }

  static List<Bytes> seeds() {
    String hash = "ab".repeat(48);
    String enclave = "cd".repeat(32);
    return List.of(
        AttestationPolicy.defaults().toJson(),
        World.bytes(
            """
            {"version":1,"accepted-statuses":["SWHardeningNeeded","OutOfDate"],\
            "grace-until":"2027-01-31T00:00:00Z","accepted-advisories":"any",\
            "denied-advisories":["INTEL-SA-00289"],"min-evaluation-number":17,\
            "min-tcb-date":"2024-01-01T00:00:00Z",\
            "collateral-grace-until":"2027-01-31T00:00:00Z",\
            "relaxations":["debug","service-td","sept-ve-disable-missing","migratable"]}\
            """),
        World.bytes(
            """
            {"measurements":[{"mrtd":"%1$s","rtmr0":"%1$s","rtmr1":"%1$s","rtmr2":"%1$s"}],\
            "registers":{"mrtd":["%1$s"],"rtmr3":["%1$s"],"mrservicetd":["%1$s"]},\
            "enclaves":[{"mrenclave":"%2$s"},\
            {"mrsigner":"%2$s","isvprodid":1,"min-isvsvn":2}]}\
            """
                .formatted(hash, enclave)),
        World.bytes(
            """
            {"accepted-advisories":["INTEL-SA-00615"],"platforms":["%s"],\
            "refused-platform-flags":["dynamic-platform","cached-keys","smt"],\
            "report-data":"%s","relaxations":["perfmon","key-locker"]}\
            """
                .formatted("00".repeat(16), "00".repeat(64))));
  }
}
