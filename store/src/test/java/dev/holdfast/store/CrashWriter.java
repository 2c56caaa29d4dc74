package dev.holdfast.store;

import dev.holdfast.codec.Bytes;
import dev.holdfast.crypto.SecretBytes;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;

/// A process that writes until it is killed and says on stdout what was acknowledged.
///
/// Each thread counts up. Step n writes, in one batch, n under two names in two spaces, and a name
/// of its own under which the number stays for ever.
final class CrashWriter {
  static final int THREADS = 4;

  private CrashWriter() {}

  /// Arguments: path, store id, account, root key (hex; a test's key, good for nothing else).
  public static void main(String[] arguments) throws Exception {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.US_ASCII);
    StoreIdentity identity =
        new StoreIdentity(Bytes.parseHex(arguments[1]), Bytes.parseHex(arguments[2]));
    SealedStore store;
    try (SecretBytes rootKey = SecretBytes.copyOf(Bytes.parseHex(arguments[3]).toArray())) {
      store = SealedStore.open(Path.of(arguments[0]), identity, rootKey, new SecureRandom());
    }
    for (int thread = 0; thread < THREADS; thread++) {
      int own = thread;
      new Thread(() -> count(store, own, out), "writer-" + thread).start();
    }
  }

  static Name counter(int thread) {
    return Name.of("counter/" + thread);
  }

  static Name step(int thread, int number) {
    return Name.of("step/" + thread + "/" + number);
  }

  static int read(SealedStore store, Space space, Name name) throws StoreException {
    Optional<SecretBytes> value = store.get(space, name);
    if (value.isEmpty()) {
      return 0;
    }
    try (SecretBytes secret = value.get()) {
      return secret.apply(bytes -> Integer.parseInt(new String(bytes, StandardCharsets.US_ASCII)));
    }
  }

  private static void count(SealedStore store, int thread, PrintStream out) {
    try {
      for (int n = read(store, Space.USER, counter(thread)) + 1; ; n++) {
        try (SecretBytes value = StoreFixture.secret(Integer.toString(n))) {
          Batch batch = new Batch().put(Space.USER, counter(thread), value);
          batch.put(Space.LEDGER, counter(thread), value);
          batch.put(Space.NODE, step(thread, n), value);
          batch.delete(Space.NODE, Name.of("never there"));
          store.write(batch);
        }
        out.println(thread + " " + n + " .");
      }
    } catch (StoreException e) {
      out.println("failed " + e.getMessage());
    }
  }
}
