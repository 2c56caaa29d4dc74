package dev.holdfast.platform;

import dev.holdfast.attestation.policy.Measurement;
import dev.holdfast.codec.Bytes;
import dev.holdfast.platform.EvidenceException.Kind;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/// Quotes from Linux's `configfs-tsm` interface (Linux 6.7 and later) on an Intel TDX guest.
///
/// One request at a time per instance: the guest has one buffer to talk to its host through. Every
/// attempt uses a folder of its own, which is removed whatever happens.
///
/// Spec: docs/operating/evidence.md; the kernel's Documentation/ABI/testing/configfs-tsm-report
public final class ConfigfsTsm implements EvidenceSource {
  /// Where Linux has it.
  public static final Path KERNEL_FOLDER = Path.of("/sys/kernel/config/tsm/report");

  static final String NAME_PREFIX = "holdfast-";
  static final int NAME_RANDOM_BYTES = 16;
  static final int MAX_NAME_ATTEMPTS = 8;
  static final int MAX_LEFT_FOLDERS = 8;

  private final Path base;
  private final GuestRegisters registers;
  private final Retries retries;
  private final SecureRandom random;
  private final Ticker ticker;
  private final ReentrantLock turn = new ReentrantLock(true);
  private final List<Path> left = new ArrayList<>();

  /// How often and how long a request is tried. The deadline is not enforced inside an attempt: the
  /// kernel gives its host about 30 s and then fails by itself, and an interrupt ends it earlier.
  ///
  /// @param attempts at most so many requests to the kernel, 1..100
  /// @param firstPause before the second attempt; doubled before each further one
  /// @param longestPause where the doubling stops
  /// @param deadline no attempt starts later than this after the call, its wait for a turn included
  public record Retries(
      int attempts, Duration firstPause, Duration longestPause, Duration deadline) {
    public Retries {
      if (attempts < 1 || attempts > 100) {
        throw new IllegalArgumentException("attempts: expected 1..100, found " + attempts);
      }
    }

    /// Six attempts over half a minute of pauses, none begun after two minutes.
    public static Retries defaults() {
      return new Retries(6, Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofSeconds(120));
    }
  }

  /// @param base the `tsm/report` folder, [#KERNEL_FOLDER] outside tests
  /// @param random for folder names
  public ConfigfsTsm(
      Path base, GuestRegisters registers, Retries retries, SecureRandom random, Ticker ticker) {
    this.base = base;
    this.registers = registers;
    this.retries = retries;
    this.random = random;
    this.ticker = ticker;
  }

  /// This machine's kernel, with the usual retries.
  ///
  /// @param base the `tsm/report` folder, [#KERNEL_FOLDER] outside tests
  public static ConfigfsTsm ofKernel(Path base, SecureRandom random, Ticker ticker) {
    return new ConfigfsTsm(
        base, new GuestRegisters(GuestRegisters.KERNEL_FOLDER), Retries.defaults(), random, ticker);
  }

  @Override
  public Bytes quote(Bytes reportData) throws IOException, InterruptedException {
    if (reportData.size() != REPORT_DATA_SIZE) {
      throw new IllegalArgumentException(
          "report data: expected " + REPORT_DATA_SIZE + " bytes, found " + reportData.size());
    }
    Duration start = ticker.elapsed();
    turn.lockInterruptibly();
    try {
      return attempt(reportData, start);
    } catch (ClosedByInterruptException e) {
      Thread.interrupted();
      throw (InterruptedException)
          new InterruptedException("interrupted while waiting for a quote").initCause(e);
    } finally {
      turn.unlock();
    }
  }

  @Override
  public Measurement measurement() throws EvidenceException {
    return registers.read();
  }

  private Bytes attempt(Bytes reportData, Duration start) throws IOException, InterruptedException {
    Duration end = start.plus(retries.deadline());
    Duration pause = retries.firstPause();
    for (int attempt = 1; ; attempt++) {
      try {
        return attemptOnce(reportData);
      } catch (EvidenceException e) {
        if (!e.kind().passing()) {
          throw e;
        }
        if (attempt >= retries.attempts() || ticker.elapsed().plus(pause).compareTo(end) > 0) {
          throw new EvidenceException(
              e.kind(), e.what() + " (gave up after attempt " + attempt + ")", e);
        }
      }
      ticker.sleep(pause);
      pause = shorter(pause.multipliedBy(2), retries.longestPause());
    }
  }

  private Bytes attemptOnce(Bytes reportData) throws IOException, InterruptedException {
    removeLeftFolders();
    Path folder = createFolder();
    try {
      return new TsmRequest(folder, ticker).quote(reportData);
    } finally {
      remove(folder);
    }
  }

  private Path createFolder() throws IOException {
    for (int attempt = 1; attempt <= MAX_NAME_ATTEMPTS; attempt++) {
      byte[] name = new byte[NAME_RANDOM_BYTES];
      random.nextBytes(name);
      Path folder = base.resolve(NAME_PREFIX + HexFormat.of().formatHex(name));
      try {
        return Files.createDirectory(folder);
      } catch (FileAlreadyExistsException e) {
        // Somebody else's by a freak of chance: draw again.
      } catch (IOException e) {
        throw new EvidenceException(
            KernelError.kindOf(e, Kind.NOT_MOUNTED),
            "cannot create a folder in " + base + ": " + KernelError.textOf(e),
            e);
      }
    }
    throw new EvidenceException(
        Kind.DISTURBED, MAX_NAME_ATTEMPTS + " random folder names in " + base + " are taken", null);
  }

  /// A folder that cannot be removed must not cost a quote in hand; it is tried again next time.
  private void remove(Path folder) {
    try {
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      left.add(folder);
    }
  }

  private void removeLeftFolders() throws EvidenceException {
    for (Iterator<Path> folders = left.iterator(); folders.hasNext(); ) {
      try {
        Files.deleteIfExists(folders.next());
        folders.remove();
      } catch (IOException e) {
        if (left.size() >= MAX_LEFT_FOLDERS) {
          throw new EvidenceException(
              Kind.LEFT_BEHIND, "cannot remove " + left + ": " + KernelError.textOf(e), e);
        }
      }
    }
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
