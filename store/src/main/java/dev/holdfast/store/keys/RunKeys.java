package dev.holdfast.store.keys;

import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Frame;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.crypto.Aead;
import dev.holdfast.crypto.Hkdf;
import dev.holdfast.crypto.Labels;
import dev.holdfast.crypto.SecretBytes;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The keys that seal and open records. Nothing that a rollback could repeat enters a nonce: each
/// run draws a 32-byte salt, seals under HKDF(data key, salt) and counts its sealings; the count is
/// the nonce.
///
/// One run key seals at most [#MAX_BLOCKS] AES blocks, then the run draws another salt. That bounds
/// the advantage of an observer of one run key by (2^34)^2 / 2^129 = 2^-61 (NIST SP 800-38D,
/// deterministic construction of nonces).
///
/// Spec: docs/spec/store.md#run-keys
public final class RunKeys implements AutoCloseable {
  public static final long MAX_BLOCKS = 1L << 34;
  public static final int SALT_SIZE = 32;

  private final SecureRandom random;
  private final long maxBlocks;
  private final Map<Integer, Bytes> salts = new ConcurrentHashMap<>();
  private final Map<Long, Aead> keys = new ConcurrentHashMap<>();
  private volatile KeyRing ring;
  private volatile @Nullable Run current;
  private int lastSaltId;

  /// A salt drawn by this process, and the key from it.
  public static final class Run {
    private final int keyId;
    private final int saltId;
    private final Bytes salt;
    private final Aead aead;
    private final AtomicLong sealings = new AtomicLong();
    private final AtomicLong blocks = new AtomicLong();
    private volatile boolean stored;

    private Run(int keyId, int saltId, Bytes salt, Aead aead) {
      this.keyId = keyId;
      this.saltId = saltId;
      this.salt = salt;
      this.aead = aead;
    }

    public int saltId() {
      return saltId;
    }

    public Bytes salt() {
      return salt;
    }

    /// True when the salt is on disk; until then each group of batches carries it.
    public boolean isStored() {
      return stored;
    }

    public void markStored() {
      stored = true;
    }
  }

  /// The right to seal once: a run key and a number not used under it before.
  public record Ticket(Run run, long number) {
    public int keyId() {
      return run.keyId;
    }

    public SealId id() {
      return new SealId(run.saltId, number);
    }

    /// Writes the sealed text, [Aead#OVERHEAD] bytes longer, to `target` from `offset` on.
    public void seal(byte[] aad, byte[] plaintext, byte[] target, int offset) {
      run.aead.seal(nonce(number), aad, plaintext, target, offset);
    }
  }

  public RunKeys(KeyRing ring, SecureRandom random) {
    this(ring, random, MAX_BLOCKS);
  }

  RunKeys(KeyRing ring, SecureRandom random, long maxBlocks) {
    this.ring = ring;
    this.random = random;
    this.maxBlocks = maxBlocks;
  }

  /// Adds a salt found on disk.
  public void addSalt(int saltId, Bytes salt) {
    salts.put(saltId, salt);
  }

  /// Forgets a salt that no record uses.
  public void dropSalt(int saltId) {
    salts.remove(saltId);
  }

  /// New salts get ids above `saltId`.
  public synchronized void startAfter(int saltId) {
    lastSaltId = saltId;
  }

  /// Seals from now on under the newest data key of `newRing`.
  public synchronized void use(KeyRing newRing) {
    ring = newRing;
    current = null;
  }

  /// True when something under this salt was sealed or opened with a data key below `keyId`.
  public boolean isBelow(int saltId, int keyId) {
    return ring.dataKeys().stream()
        .anyMatch(key -> key.id() < keyId && keys.containsKey(id(key.id(), saltId)));
  }

  /// Erases what was derived from data keys below `keyId`; no call that could use it is under way.
  public void eraseBelow(int keyId) {
    keys.forEach((id, aead) -> {
      if ((int) (id >>> 32) < keyId && keys.remove(id, aead)) {
        aead.close();
      }
    });
  }

  /// The right to seal `size` bytes of associated data and plaintext.
  public Ticket draw(int size) {
    Run run = current;
    long cost = size / 16 + 3L;
    if (run == null || run.blocks.addAndGet(cost) > maxBlocks) {
      run = renew(run);
      run.blocks.addAndGet(cost);
    }
    return new Ticket(run, run.sealings.incrementAndGet());
  }

  /// The run key from this data key and salt; empty when one of them is not there.
  public Optional<Aead> key(int keyId, int saltId) {
    Aead known = keys.get(id(keyId, saltId));
    return known != null ? Optional.of(known) : derive(keyId, saltId);
  }

  /// The salt of a record that this store opened or sealed.
  public Bytes salt(int saltId) {
    Bytes salt = salts.get(saltId);
    if (salt == null) {
      throw new InvariantError("a record in the index has a salt");
    }
    return salt;
  }

  public static byte[] nonce(long number) {
    return new ByteWriter().u32be(0).u64be(number).toArray();
  }

  @Override
  public synchronized void close() {
    keys.values().forEach(Aead::close);
    ring.close();
  }

  private synchronized Run renew(@Nullable Run exhausted) {
    Run run = current;
    if (run != null && run != exhausted) {
      return run;
    }
    byte[] saltArray = new byte[SALT_SIZE];
    random.nextBytes(saltArray);
    Bytes salt = Bytes.copyOf(saltArray);
    lastSaltId = Math.addExact(lastSaltId, 1);
    addSalt(lastSaltId, salt);
    KeyRing.DataKey dataKey = ring.newest();
    Run fresh = new Run(dataKey.id(), lastSaltId, salt, derive(dataKey, lastSaltId, salt));
    current = fresh;
    return fresh;
  }

  private Optional<Aead> derive(int keyId, int saltId) {
    Bytes salt = salts.get(saltId);
    if (salt == null) {
      return Optional.empty();
    }
    return ring.dataKeys().stream()
        .filter(dataKey -> dataKey.id() == keyId)
        .findFirst()
        .map(dataKey -> derive(dataKey, saltId, salt));
  }

  private Aead derive(KeyRing.DataKey dataKey, int saltId, Bytes salt) {
    return keys.computeIfAbsent(
        id(dataKey.id(), saltId),
        id -> {
          Bytes info = Frame.of(Labels.STORE_RUN_KEY).add(dataKey.id()).toBytes();
          try (SecretBytes key = Hkdf.derive(dataKey.key(), salt, info, Aead.KEY_SIZE)) {
            return Aead.of(key);
          }
        });
  }

  private static long id(int keyId, int saltId) {
    return (long) keyId << 32 | Integer.toUnsignedLong(saltId);
  }
}
