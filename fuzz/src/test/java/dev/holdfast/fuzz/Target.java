package dev.holdfast.fuzz;

import dev.holdfast.codec.Bytes;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Every fuzz target: how it is run, how large its inputs get, and what it starts from.
enum Target {
  QUOTE(QuoteTarget.class, QuoteTarget::fuzzerTestOneInput, 17_000, QuoteTarget::seeds),
  SGX_EXTENSION(
      SgxExtensionTarget.class,
      SgxExtensionTarget::fuzzerTestOneInput,
      4_096,
      SgxExtensionTarget::seeds),
  CERTIFICATE(
      CertificateTarget.class,
      CertificateTarget::fuzzerTestOneInput,
      8_192,
      CertificateTarget::seeds),
  CRL(CrlTarget.class, CrlTarget::fuzzerTestOneInput, 16_384, CrlTarget::seeds),
  TCB_INFO(TcbInfoTarget.class, TcbInfoTarget::fuzzerTestOneInput, 32_768, TcbInfoTarget::seeds),
  QE_IDENTITY(
      QeIdentityTarget.class,
      QeIdentityTarget::fuzzerTestOneInput,
      16_384,
      QeIdentityTarget::seeds),
  EVALUATION_NUMBERS(
      EvaluationNumbersTarget.class,
      EvaluationNumbersTarget::fuzzerTestOneInput,
      8_192,
      EvaluationNumbersTarget::seeds),
  COLLATERAL(
      CollateralTarget.class,
      CollateralTarget::fuzzerTestOneInput,
      65_536,
      CollateralTarget::seeds),
  POLICY(PolicyTarget.class, PolicyTarget::fuzzerTestOneInput, 16_384, PolicyTarget::seeds),
  EVENT_LOG(
      EventLogTarget.class, EventLogTarget::fuzzerTestOneInput, 32_768, EventLogTarget::seeds);

  /// Limit for the inputs of one target in the repository, in bytes.
  static final long CORPUS_MAX_SIZE = 32 * 1024;

  static final int CORPUS_MAX_FILES = 48;

  private static final Path CORPUS =
      Path.of(System.getProperty("holdfast.root", ".")).resolve("fuzz/corpus");

  private final Class<?> type;

  @SuppressWarnings("ImmutableEnumChecker")
  private final Consumer<byte[]> run;

  private final int maxSize;

  @SuppressWarnings("ImmutableEnumChecker")
  private final Supplier<List<Bytes>> seeds;

  Target(Class<?> type, Consumer<byte[]> run, int maxSize, Supplier<List<Bytes>> seeds) {
    this.type = type;
    this.run = run;
    this.maxSize = maxSize;
    this.seeds = seeds;
  }

  /// Its name on the command line and in the corpus: `quote`, `tcb-info`.
  String code() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// The class that Jazzer runs.
  String className() {
    return type.getName();
  }

  /// Bytes; what the fuzzer makes is no longer.
  int maxSize() {
    return maxSize;
  }

  void run(Bytes input) {
    run.accept(input.toArray());
  }

  /// Inputs of the simulator.
  List<Bytes> seeds() {
    return seeds.get();
  }

  /// Its folder of inputs in the repository.
  Path corpus() {
    return CORPUS.resolve(code());
  }
}
