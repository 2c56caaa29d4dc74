package dev.holdfast.tidy.canary;

import dev.holdfast.tidy.canary.cycle.Egg;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

/// One method or type for each rule.
public final class Canaries {
  private Canaries() {}

  static final ThreadLocal<Integer> PER_THREAD = ThreadLocal.withInitial(() -> 1);

  static Instant ambientTime() {
    return Instant.now();
  }

  static SecureRandom ambientRandomness() {
    return new SecureRandom();
  }

  static void standardOutput() {
    System.out.println("tweet");
  }

  static Path file() {
    return Path.of("cage");
  }

  static CompletableFuture<Integer> future() {
    return CompletableFuture.completedFuture(1);
  }

  static Class<?> thirdParty() {
    return com.google.googlejavaformat.java.Formatter.class;
  }

  static Class<?> simulation() {
    return dev.holdfast.sim.Simulation.class;
  }

  static String cycle() {
    return Egg.hatched();
  }
}
