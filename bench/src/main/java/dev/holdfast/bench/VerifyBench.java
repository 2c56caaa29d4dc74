package dev.holdfast.bench;

import dev.holdfast.attestation.AttestationVerifier;
import dev.holdfast.attestation.Collateral;
import dev.holdfast.attestation.CollateralExamination;
import dev.holdfast.attestation.UnverifiedQuote;
import dev.holdfast.attestation.Verdict;
import dev.holdfast.attestation.policy.AttestationPolicy;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.Crypto;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Security;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.infra.Blackhole;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/// Verification of TDX quotes beside the bare P-256 verifications of the same provider in the same
/// run: warm, cold, of a new platform, and by the JDK's own provider. Figures are medians of single
/// calls, which other load on the machine moves least.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class VerifyBench {
  private static final String SIMULATED = "simulated";
  private static final int SIGNATURES_COLD = 9;
  private static final int COMPILED_AFTER = 5000;
  private static final int METHODS = 8;
  private static final int SLICES = 12;

  /// `simulated`, or the folder of recorded vectors.
  @Param(SIMULATED)
  public String subject = SIMULATED;

  private VerifySubject verified;
  private Collateral collateral;
  private Provider provider;
  private AttestationVerifier warm;
  private AttestationVerifier jdkWarm;
  private P256Limit limit;
  private P256Limit jdkLimit;

  public VerifyBench() {}

  @Setup
  public void prepare() throws MalformedException, GeneralSecurityException, IOException {
    verified =
        subject.equals(SIMULATED)
            ? VerifySubject.simulated()
            : VerifySubject.recorded(Path.of(subject));
    collateral = verified.collateral();
    provider = Crypto.preferred(new SecureRandom()).signatureProvider();
    warm = fresh();
    jdkWarm = AttestationVerifier.of(verified.anchor());
    limit = new P256Limit(provider);
    jdkLimit = new P256Limit(Security.getProvider(jdkWarm.signatureProvider()));
  }

  /// The next quote of one thread.
  @State(Scope.Thread)
  public static class Cursor {
    private int next;

    public Cursor() {}

    Bytes next(List<Bytes> quotes) {
      next = (next + 1) % quotes.size();
      return quotes.get(next);
    }
  }

  /// What a first look runs through is compiled, however busy the machine is.
  @State(Scope.Benchmark)
  public static class Compiled {
    public Compiled() {}

    @Setup
    public void compile(VerifyBench bench) {
      Cursor cursor = new Cursor();
      for (int i = 0; i < COMPILED_AFTER; i++) {
        bench.verify(bench.fresh(), cursor);
      }
    }
  }

  /// A verifier that knows the collateral and no platform.
  @State(Scope.Thread)
  public static class NewHost {
    private AttestationVerifier verifier;

    public NewHost() {}

    @Setup(Level.Invocation)
    public void learnCollateral(VerifyBench bench) {
      verifier = bench.fresh();
      InvariantError.check(
          verifier.examine(bench.collateral) instanceof CollateralExamination.Facts,
          "it is authentic");
    }
  }

  /// A fresh quote of a known platform under known collateral.
  @Benchmark
  public Verdict warm(Cursor cursor) {
    return verify(warm, cursor);
  }

  /// The same by two threads with one verifier.
  @Benchmark
  @Threads(2)
  public Verdict warmByTwo(Cursor cursor) {
    return verify(warm, cursor);
  }

  /// By a verifier that has seen nothing.
  @Benchmark
  public Verdict cold(Compiled compiled, Cursor cursor) {
    return verify(fresh(), cursor);
  }

  /// By a verifier that has seen the collateral but nothing of the platform.
  @Benchmark
  public Verdict newHost(Compiled compiled, NewHost host, Cursor cursor) {
    return verify(host.verifier, cursor);
  }

  /// Warm, by the JDK's own provider.
  @Benchmark
  public Verdict jdkWarm(Cursor cursor) {
    return verify(jdkWarm, cursor);
  }

  @Benchmark
  public boolean limit() throws GeneralSecurityException {
    return limit.verifyTwice();
  }

  @Benchmark
  public boolean jdkLimit() throws GeneralSecurityException {
    return jdkLimit.verifyTwice();
  }

  /// The quote with its certificates, and the JSON of the collateral; nothing is verified.
  @Benchmark
  public void parse(Cursor cursor, Blackhole sink) throws MalformedException {
    sink.consume(UnverifiedQuote.parse(cursor.next(verified.quotes())));
    sink.consume(verified.collateral());
  }

  private AttestationVerifier fresh() {
    return AttestationVerifier.of(verified.anchor(), provider);
  }

  private Verdict verify(AttestationVerifier verifier, Cursor cursor) {
    Bytes quote = cursor.next(verified.quotes());
    Verdict verdict =
        verifier.verify(quote, collateral, AttestationPolicy.defaults(), verified.at());
    InvariantError.check(verdict instanceof Verdict.Accepted, "the benchmark's quotes are valid");
    return verdict;
  }

  /// Runs all and prints one line of JSON.
  public static void main(String[] arguments) throws RunnerException {
    Arguments given = new Arguments(arguments);
    int seconds = given.number("--seconds", 40, 10, 600);
    Optional<String> vectors = given.text("--vectors");
    int methods = METHODS + (vectors.isPresent() ? 1 : 0);
    TimeValue slice = TimeValue.milliseconds(seconds * 1000L / methods / SLICES);
    List<RunResult> results = new ArrayList<>(run("", SIMULATED, slice));
    JsonWriter figures = figures(results);
    if (vectors.isPresent()) {
      double recorded = micros(run("\\.cold$", vectors.get(), slice), "cold");
      figures.raw("recordedColdMicros", Arguments.decimal(recorded));
    }
    System.out.println(figures);
  }

  /// Half of the slices warm up; compilation is waited for, so that it ends within them.
  private static List<RunResult> run(String methods, String subject, TimeValue slice)
      throws RunnerException {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include(VerifyBench.class.getName() + methods)
            .param("subject", subject)
            .addProfiler(GCProfiler.class)
            .forks(1)
            .warmupIterations(SLICES / 2)
            .measurementIterations(SLICES / 2)
            .warmupTime(slice)
            .measurementTime(slice)
            .jvmArgsAppend("--enable-native-access=ALL-UNNAMED", "-Xbatch");
    return List.copyOf(new Runner(options.build()).run());
  }

  private static JsonWriter figures(List<RunResult> results) {
    double warm = micros(results, "warm");
    double cold = micros(results, "cold");
    double limit = micros(results, "limit");
    return JsonWriter.object()
        .put("command", "bench verify")
        .put("provider", Crypto.preferred(new SecureRandom()).name())
        .raw("warmMicros", Arguments.decimal(warm))
        .raw("coldMicros", Arguments.decimal(cold))
        .raw("limitMicros", Arguments.decimal(limit))
        .put("limitCounts", "two P-256 verifications, key import not counted")
        .raw("warmOverLimit", Arguments.decimal(warm / limit))
        .raw("coldOverNine", Arguments.decimal(cold / (limit / 2 * SIGNATURES_COLD)))
        .put("warmBytes", bytes(results, "warm"))
        .put("coldBytes", bytes(results, "cold"))
        .raw("newHostMicros", Arguments.decimal(micros(results, "newHost")))
        .raw("parseMicros", Arguments.decimal(micros(results, "parse")))
        .raw("jdkWarmMicros", Arguments.decimal(micros(results, "jdkWarm")))
        .raw("jdkLimitMicros", Arguments.decimal(micros(results, "jdkLimit")))
        .raw("twoThreadRatio", Arguments.decimal(2 * warm / micros(results, "warmByTwo")));
  }

  private static double micros(List<RunResult> results, String method) {
    return of(results, method).getPrimaryResult().getStatistics().getPercentile(50) / 1000;
  }

  private static long bytes(List<RunResult> results, String method) {
    return Math.round(
        of(results, method).getSecondaryResults().get("gc.alloc.rate.norm").getScore());
  }

  private static RunResult of(List<RunResult> results, String method) {
    return results.stream()
        .filter(result -> result.getParams().getBenchmark().endsWith("." + method))
        .findFirst()
        .orElseThrow();
  }
}
