package dev.holdfast.platform.collateral;

import dev.holdfast.attestation.AttestationVerifier;
import dev.holdfast.attestation.Collateral;
import dev.holdfast.attestation.CollateralExamination;
import dev.holdfast.attestation.CollateralExamination.Facts;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.platform.collateral.CollateralServiceException.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Collateral from a service, kept on disk.
///
/// Only authentic collateral is kept, and nothing older than was ever held ([Floors]). Callers that
/// ask for one key at one time cause one fetch. When the service gives nothing that can be used,
/// what is held is handed out as long as all of its documents are valid, and says so.
///
/// Thread-safe; [#find] blocks its (virtual) thread while the service is asked, no longer than the
/// service's total deadline for each caller in front. Several processes may share a folder.
///
/// Spec: docs/operating/collateral.md
public final class CollateralCache {
  /// Kinds of platforms in memory; what was least recently asked for is read from disk again.
  static final int MAX_KEYS = 256;

  private final CacheFolder folder;
  private final CollateralService service;
  private final AttestationVerifier verifier;
  private final Options options;
  private final InstantSource clock;
  private final Map<CollateralKey, Slot> slots = new LinkedHashMap<>(16, 0.75f, true);

  /// What this process knows; the folder may know more, and may have been emptied.
  private Floors known = Floors.NONE;

  /// When to ask the service again.
  ///
  /// @param period after a success
  /// @param shortPeriod after a success, once a document ends within `nearEnd`
  /// @param nearEnd how long before its end a set is asked for more often
  /// @param pause after a failure; longer when the service asks for it
  /// @param jitter added to the periods, so that a fleet does not ask as one
  public record Options(
      Duration period, Duration shortPeriod, Duration nearEnd, Duration pause, Duration jitter) {
    /// The largest jitter to draw with these defaults.
    public static final Duration MAX_JITTER = Duration.ofMinutes(30);

    /// 6 h, 1 h within the last 5 days, 1 min after a failure.
    public static Options defaults(Duration jitter) {
      return new Options(
          Duration.ofHours(6),
          Duration.ofHours(1),
          Duration.ofDays(5),
          Duration.ofMinutes(1),
          jitter);
    }
  }

  /// What is held: authentic, and valid when it was handed out.
  ///
  /// @param problem why the service's last answer could not be used, when that is so
  public record Held(
      Collateral collateral,
      Facts facts,
      Instant fetchedAt,
      Optional<CollateralServiceException> problem) {
    private Held withProblem(CollateralServiceException e) {
      return new Held(collateral, facts, fetchedAt, Optional.of(e));
    }
  }

  /// What is known for one key; guarded by its lock.
  private static final class Slot {
    final ReentrantLock lock = new ReentrantLock(true);
    boolean loaded;
    @Nullable Held held;
    Optional<String> damage = Optional.empty();
    @Nullable Failure failure;
  }

  private record Failure(CollateralServiceException exception, Instant at, Duration pause) {
    boolean isRecent(Instant now) {
      return !now.isBefore(at) && now.isBefore(at.plus(pause));
    }
  }

  /// @param folder made when something is to be kept, owner-only
  /// @param clock of the dates in documents; the host's, and judged by nothing here
  public CollateralCache(
      Path folder,
      CollateralService service,
      AttestationVerifier verifier,
      Options options,
      InstantSource clock) {
    this.folder = new CacheFolder(folder, verifier.anchor().digest());
    this.service = service;
    this.verifier = verifier;
    this.options = options;
    this.clock = clock;
  }

  /// The collateral for `key`: what is held when it is fresh, else what the service gives, else
  /// what is held when it is valid.
  ///
  /// @throws CollateralServiceException when there is neither
  public Held find(CollateralKey key) throws CollateralServiceException, InterruptedException {
    Slot slot = slot(key);
    slot.lock.lockInterruptibly();
    try {
      Instant now = clock.instant();
      load(key, slot);
      Held held = slot.held;
      if (held != null && isFresh(held, now)) {
        return held;
      }
      Failure failure = slot.failure;
      if (failure != null && failure.isRecent(now)) {
        return held(slot, failure.exception(), now);
      }
      try {
        slot.held = accept(key, service.collateral(key), now);
        slot.failure = null;
        return reportDamage(key, slot, slot.held);
      } catch (CollateralServiceException e) {
        slot.failure = new Failure(e, now, pause(e));
        return held(slot, e, now);
      }
    } finally {
      slot.lock.unlock();
    }
  }

  private Slot slot(CollateralKey key) {
    synchronized (slots) {
      Slot slot = slots.computeIfAbsent(key, _ -> new Slot());
      if (slots.size() > MAX_KEYS) {
        slots.remove(slots.keySet().iterator().next());
      }
      return slot;
    }
  }

  /// Once: what was damaged has been replaced.
  private static Held reportDamage(CollateralKey key, Slot slot, Held fetched) {
    if (slot.damage.isEmpty()) {
      return fetched;
    }
    String damage = slot.damage.get();
    slot.damage = Optional.empty();
    return fetched.withProblem(
        new CollateralServiceException(
            Kind.CACHE_DAMAGED, key.toString(), "what was cached is replaced: " + damage));
  }

  private Duration pause(CollateralServiceException e) {
    Duration asked = e.retryAfter().orElse(options.pause());
    if (asked.compareTo(options.pause()) < 0) {
      return options.pause();
    }
    return asked.compareTo(options.period()) > 0 ? options.period() : asked;
  }

  private boolean isFresh(Held held, Instant now) {
    boolean nearEnd = now.plus(options.nearEnd()).isAfter(held.facts().validUntil());
    Duration period = nearEnd ? options.shortPeriod() : options.period();
    Instant until = held.fetchedAt().plus(period).plus(options.jitter());
    return held.facts().isValidAt(now)
        && !held.facts().issuerRevoked()
        && !now.isBefore(held.fetchedAt())
        && now.isBefore(until);
  }

  private static Held held(Slot slot, CollateralServiceException e, Instant now)
      throws CollateralServiceException {
    Held held = slot.held;
    if (held != null && held.facts().isValidAt(now)) {
      return held.withProblem(e);
    }
    if (held != null) {
      throw e.adding(
          "what is cached holds from %s to %s only"
              .formatted(held.facts().validFrom(), held.facts().validUntil()));
    }
    if (slot.damage.isPresent()) {
      throw e.adding("what is cached cannot be used: " + slot.damage.get());
    }
    throw e;
  }

  /// Judges a fetched set, and keeps it.
  private Held accept(CollateralKey key, Collateral collateral, Instant now)
      throws CollateralServiceException {
    Facts facts = facts(key, collateral);
    if (!facts.isValidAt(now)) {
      throw new CollateralServiceException(
          Kind.OUT_OF_DATE,
          key.toString(),
          "expected documents that are valid now, found them valid from %s to %s"
              .formatted(facts.validFrom(), facts.validUntil()));
    }
    Map<String, Floors.Floor> documents = Floors.of(key, facts);
    requireNotOlder(key, floors(key), documents);
    Held held = new Held(collateral, facts, now.truncatedTo(ChronoUnit.SECONDS), Optional.empty());
    learn(documents);
    try {
      folder.write(key, new CacheEntry(held.fetchedAt(), collateral));
      folder.raise(documents);
      return held;
    } catch (IOException | MalformedException e) {
      return held.withProblem(failed(key, e));
    }
  }

  private Facts facts(CollateralKey key, Collateral collateral) throws CollateralServiceException {
    switch (verifier.examine(collateral)) {
      case CollateralExamination.Fault fault ->
          throw new CollateralServiceException(
              Kind.NOT_AUTHENTIC, key.toString(), fault.reason().code() + ": " + fault.detail());
      case Facts facts -> {
        if (!key.fits(facts)) {
          throw new CollateralServiceException(
              Kind.WRONG_DOCUMENT,
              key.toString(),
              "found collateral for %s, FMSPC %s, CA %s"
                  .formatted(facts.tee(), facts.fmspc(), facts.pckCa().code()));
        }
        return facts;
      }
    }
  }

  private static void requireNotOlder(
      CollateralKey key, Floors floors, Map<String, Floors.Floor> documents)
      throws CollateralServiceException {
    List<String> older = floors.older(documents);
    if (!older.isEmpty()) {
      throw new CollateralServiceException(Kind.OLDER, key.toString(), String.join("; ", older));
    }
    if (!floors.hasRoomFor(documents)) {
      throw new CollateralServiceException(
          Kind.CACHE_FAILED,
          key.toString(),
          "the floors of %d documents are kept, no more fit".formatted(Floors.MAX_DOCUMENTS));
    }
  }

  /// Read anew each time: another process may have raised them.
  private Floors floors(CollateralKey key) throws CollateralServiceException {
    try {
      return learn(folder.floors().byDocument());
    } catch (IOException | MalformedException e) {
      throw failed(key, e);
    }
  }

  private synchronized Floors learn(Map<String, Floors.Floor> documents) {
    known = known.with(documents);
    return known;
  }

  private static CollateralServiceException failed(CollateralKey key, Exception e) {
    String path = key.toString();
    return e instanceof MalformedException
        ? new CollateralServiceException(Kind.CACHE_DAMAGED, path, String.valueOf(e.getMessage()))
        : new CollateralServiceException(Kind.CACHE_FAILED, path, e.getClass().getSimpleName());
  }

  /// Takes over what lies on disk, once, when it is authentic, for this key, and not older than
  /// known. What is not takes nobody's place and raises nothing.
  private void load(CollateralKey key, Slot slot) throws CollateralServiceException {
    if (slot.loaded) {
      return;
    }
    Floors floors = floors(key);
    slot.loaded = true;
    try {
      Optional<CacheEntry> entry = folder.entry(key);
      if (entry.isEmpty()) {
        return;
      }
      Facts facts = facts(key, entry.get().collateral());
      Map<String, Floors.Floor> documents = Floors.of(key, facts);
      requireNotOlder(key, floors, documents);
      learn(documents);
      folder.raise(documents);
      slot.held =
          new Held(entry.get().collateral(), facts, entry.get().fetchedAt(), Optional.empty());
    } catch (CollateralServiceException | MalformedException e) {
      slot.damage = Optional.of(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      slot.damage = Optional.of("it cannot be read: " + e.getClass().getSimpleName());
    }
  }
}
