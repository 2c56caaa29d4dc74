package dev.holdfast.tidy;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.callMethodWhere;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// The boundaries that the compiler cannot hold. Each rule is shown to fail on a class of
/// [dev.holdfast.tidy.canary] that breaks it on purpose.
final class ArchitectureTest {
  private static final String CANARY = "dev.holdfast.tidy.canary..";

  /// Banned call → why, and what to use instead.
  private static final Map<String, String> AMBIENT =
      new TreeMap<>(
          Map.of(
              "java.time.Instant.now", "take an Instant",
              "java.time.Clock.systemUTC", "take an InstantSource",
              "java.lang.System.currentTimeMillis", "take an Instant",
              "java.lang.System.nanoTime", "take the runtime's monotonic time",
              "java.lang.Thread.sleep", "wait at the edge",
              "java.lang.Math.random", "take a SecureRandom",
              "java.util.UUID.randomUUID", "take a SecureRandom",
              "java.util.concurrent.ThreadLocalRandom.current", "take a SecureRandom"));

  private static final Map<String, ArchRule> RULES = rules();

  private static Map<String, ArchRule> rules() {
    Map<String, ArchRule> rules = new TreeMap<>();
    rules.put("ambient time or chance", ambientCallsStayAtTheEdge());
    rules.put("ambient randomness", randomnessIsAnArgument());
    rules.put("standard output", outputOnlyFromTheCommand());
    rules.put("files or sockets in pure modules", pureModulesTouchNothing());
    rules.put("futures in signatures", noFuturesInSignatures());
    rules.put("thread locals", noThreadLocals());
    rules.put("third parties", thirdPartiesStayWhereTheyBelong());
    rules.put("package cycles", noPackageCycles());
    rules.put("simulation in the product", nothingNeedsTheSimulation());
    return rules;
  }

  private static final JavaClasses PRODUCTION =
      new ClassFileImporter()
          .withImportOption(location -> !location.contains("/test-classes/"))
          .importPackages("dev.holdfast");

  private static final JavaClasses CANARIES =
      new ClassFileImporter().importPackages("dev.holdfast.tidy.canary");

  @TestFactory
  Stream<DynamicTest> production_eachRule_isKept() {
    return RULES.entrySet().stream()
        .map(rule ->
            DynamicTest.dynamicTest(
                rule.getKey(), () -> rule.getValue().allowEmptyShould(true).check(PRODUCTION)));
  }

  @TestFactory
  Stream<DynamicTest> canary_eachRule_isFoundBroken() {
    return RULES.entrySet().stream()
        .map(rule ->
            DynamicTest.dynamicTest(
                rule.getKey(),
                () ->
                    assertTrue(
                        rule.getValue().allowEmptyShould(true).evaluate(CANARIES).hasViolation())));
  }

  @Test
  void production_imported_isNotEmpty() {
    for (String module :
        List.of("codec", "crypto", "attestation", "protocol", "node", "store", "sim")) {
      assertFalse(
          PRODUCTION.that(resideInAPackage("dev.holdfast." + module + "..")).isEmpty(), module);
    }
  }

  private static ArchRule ambientCallsStayAtTheEdge() {
    return noClasses()
        .that(DescribedPredicate.not(resideInAnyPackage(edge())))
        .should(
            callMethodWhere(
                DescribedPredicate.describe(
                    "one of " + AMBIENT,
                    (JavaMethodCall call) ->
                        AMBIENT.containsKey(
                            call.getTargetOwner().getName() + "." + call.getName()))));
  }

  private static ArchRule randomnessIsAnArgument() {
    return noClasses()
        .that(DescribedPredicate.not(resideInAnyPackage(edge())))
        .should()
        .callConstructor(SecureRandom.class);
  }

  private static ArchRule outputOnlyFromTheCommand() {
    return noClasses()
        .that()
        .resideOutsideOfPackages(
            "dev.holdfast.cli..", "dev.holdfast.bench..", "dev.holdfast.sim.campaign..")
        .should()
        .accessField(System.class, "out");
  }

  private static ArchRule pureModulesTouchNothing() {
    return noClasses()
        .that()
        .resideInAnyPackage(
            "dev.holdfast.codec..",
            "dev.holdfast.crypto..",
            "dev.holdfast.attestation..",
            "dev.holdfast.simulator..",
            "dev.holdfast.protocol..",
            "dev.holdfast.node..",
            "dev.holdfast.sim",
            "dev.holdfast.sim.check..",
            CANARY)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.nio.file..", "java.nio.channels..", "java.net..", "javax.net..");
  }

  private static ArchRule noFuturesInSignatures() {
    return methods()
        .that()
        .areNotPrivate()
        .and()
        .areDeclaredInClassesThat()
        .resideInAPackage("dev.holdfast..")
        .should()
        .notHaveRawReturnType(CompletableFuture.class);
  }

  private static ArchRule noThreadLocals() {
    return noClasses().should().dependOnClassesThat().areAssignableTo(ThreadLocal.class);
  }

  private static ArchRule thirdPartiesStayWhereTheyBelong() {
    return classes()
        .should(
            new ThirdParties(
                Map.of(
                    "org.conscrypt", List.of("crypto"),
                    "org.bouncycastle", List.of("crypto", "entropy"),
                    "cafe.cryptography", List.of("entropy"),
                    "org.rocksdb", List.of("store", "bench"),
                    "io.helidon", List.of("daemon"),
                    "tools.jackson", List.of("codec", "daemon"),
                    "picocli", List.of("cli"),
                    "org.openjdk.jmh", List.of("bench"),
                    "com.code_intelligence", List.of("nowhere"),
                    "com.google.googlejavaformat", List.of("nowhere"))));
  }

  private static ArchRule noPackageCycles() {
    return slices().matching("dev.holdfast.(**)").should().beFreeOfCycles();
  }

  private static ArchRule nothingNeedsTheSimulation() {
    return noClasses()
        .that()
        .resideOutsideOfPackages("dev.holdfast.sim..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.holdfast.sim..");
  }

  private static String[] edge() {
    return new String[] {
      "dev.holdfast.daemon..",
      "dev.holdfast.cli..",
      "dev.holdfast.bench..",
      "dev.holdfast.sim.campaign..",
      "dev.holdfast.testkit.."
    };
  }

  static boolean inModule(JavaClass type, String module) {
    String name = type.getPackageName() + ".";
    return name.startsWith("dev.holdfast." + module + ".");
  }
}
