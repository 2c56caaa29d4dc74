package dev.holdfast.bench;

import dev.holdfast.attestation.AttestationVerifier;
import dev.holdfast.attestation.Collateral;
import dev.holdfast.attestation.TrustAnchor;
import dev.holdfast.attestation.Verdict;
import dev.holdfast.attestation.policy.AttestationPolicy;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.Crypto;
import dev.holdfast.simulator.CollateralRecipe;
import dev.holdfast.simulator.DevelopmentVendor;
import dev.holdfast.simulator.PlatformRecipe;
import dev.holdfast.simulator.SimulatedPlatform;
import dev.holdfast.simulator.TdRecipe;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/// Warm and cold verification of fresh TDX v4 quotes on one thread, beside the two P-256
/// verifications that a first look at a quote cannot avoid, all by the same provider in the same
/// run.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class VerifyBench {
  private static final int FRESH_QUOTES = 256;

  private final Instant now = Instant.now();
  private final List<Bytes> quotes = new ArrayList<>();
  private Provider provider;
  private TrustAnchor anchor;
  private Collateral collateral;
  private AttestationVerifier warm;
  private Signature signature;
  private KeyPair keys;
  private byte[] message;
  private byte[] signed;
  private int next;

  public VerifyBench() {}

  @Setup
  public void issueQuotes() throws MalformedException, GeneralSecurityException {
    SecureRandom random = new SecureRandom();
    provider = Crypto.preferred(random).signatureProvider();
    DevelopmentVendor vendor = DevelopmentVendor.generate(random, now);
    SimulatedPlatform platform = vendor.platform(PlatformRecipe.of("bench"));
    anchor = TrustAnchor.parsePem(vendor.rootPem());
    collateral =
        Collateral.parse(
            vendor.collateral(CollateralRecipe.defaults(PlatformRecipe.DEFAULT_FMSPC, now)));
    for (int i = 0; i < FRESH_QUOTES; i++) {
      byte[] reportData = new byte[64];
      random.nextBytes(reportData);
      quotes.add(platform.quote(TdRecipe.ofImage("bench"), Bytes.copyOf(reportData)));
    }
    warm = AttestationVerifier.of(anchor, provider);
    prepareSignature(random);
  }

  private void prepareSignature(SecureRandom random) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", provider);
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    keys = generator.generateKeyPair();
    message = new byte[632];
    random.nextBytes(message);
    signature = Signature.getInstance("SHA256withECDSA", provider);
    signature.initSign(keys.getPrivate());
    signature.update(message);
    signed = signature.sign();
  }

  /// A fresh quote of a known platform under known collateral.
  @Benchmark
  public Verdict warm() {
    return accepted(warm.verify(nextQuote(), collateral, AttestationPolicy.defaults(), now));
  }

  /// The same by a verifier that has seen nothing.
  @Benchmark
  public Verdict cold() {
    AttestationVerifier cold = AttestationVerifier.of(anchor, provider);
    return accepted(cold.verify(nextQuote(), collateral, AttestationPolicy.defaults(), now));
  }

  /// Two signatures over a quote's size, key import not counted.
  @Benchmark
  public boolean limit() throws GeneralSecurityException {
    boolean quote = verifySignature();
    boolean qeReport = verifySignature();
    return quote && qeReport;
  }

  private boolean verifySignature() throws GeneralSecurityException {
    signature.initVerify(keys.getPublic());
    signature.update(message);
    return signature.verify(signed);
  }

  private Bytes nextQuote() {
    next = (next + 1) % quotes.size();
    return quotes.get(next);
  }

  private static Verdict accepted(Verdict verdict) {
    InvariantError.check(verdict instanceof Verdict.Accepted, "the benchmark's quotes are valid");
    return verdict;
  }

  /// Runs all three and prints one line of JSON.
  public static void main(String[] arguments) throws RunnerException {
    int seconds = new Arguments(arguments).number("--seconds", 15, 3, 600);
    TimeValue slice = TimeValue.milliseconds(Math.max(200, seconds * 1000L / 3 / 8));
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .include(VerifyBench.class.getName())
                    .forks(1)
                    .warmupIterations(3)
                    .measurementIterations(5)
                    .warmupTime(slice)
                    .measurementTime(slice)
                    .jvmArgsAppend("--enable-native-access=ALL-UNNAMED")
                    .build())
            .run();
    double warm = micros(results, "warm");
    double limit = micros(results, "limit");
    System.out.println(
        JsonWriter.object()
            .put("command", "bench verify")
            .put("provider", Crypto.preferred(new SecureRandom()).name())
            .raw("warmMicros", Arguments.decimal(warm))
            .raw("coldMicros", Arguments.decimal(micros(results, "cold")))
            .raw("limitMicros", Arguments.decimal(limit))
            .put("limitCounts", "two P-256 verifications, key import not counted")
            .raw("warmOverLimit", Arguments.decimal(warm / limit)));
  }

  private static double micros(Collection<RunResult> results, String method) {
    return results.stream()
        .filter(result -> result.getParams().getBenchmark().endsWith("." + method))
        .findFirst()
        .orElseThrow()
        .getPrimaryResult()
        .getScore();
  }
}
