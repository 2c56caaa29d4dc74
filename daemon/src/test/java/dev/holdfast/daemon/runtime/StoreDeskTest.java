package dev.holdfast.daemon.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.codec.Bytes;
import dev.holdfast.crypto.Crypto;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.daemon.config.NodeConfiguration.LogFormat;
import dev.holdfast.daemon.log.NodeLog;
import dev.holdfast.node.model.Effect;
import dev.holdfast.node.model.Effect.StoreName;
import dev.holdfast.node.model.Input;
import dev.holdfast.node.model.StoreFault;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.store.SealedStore;
import dev.holdfast.store.StoreIdentity;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StoreDeskTest {
  @TempDir Path parent;
  private final SecureRandom random = new SecureRandom();
  private final SecretBytes rootKey = SecretBytes.generate(32, random);
  private final NodeLog log =
      new NodeLog(
          new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
          LogFormat.TEXT,
          InstantSource.fixed(Instant.EPOCH));
  private Path folder;
  private StoreName name;

  @BeforeEach
  void setUp() {
    folder = parent.resolve("store");
    try (var key = Crypto.preferred(random).generateSigningKey()) {
      name = new StoreName(Bytes.zero(32), new AccountId(key.publicKey()), 1, Bytes.zero(32));
    }
  }

  @AfterEach
  void tearDown() {
    rootKey.close();
  }

  private static SecretBytes record() {
    return SecretBytes.take("record".getBytes(StandardCharsets.UTF_8));
  }

  /// Makes stores, of which the first takes no writes.
  private StoreDesk firstFailing() {
    boolean[] failed = new boolean[1];
    return new StoreDesk(
        folder,
        random,
        log,
        (path, identity, generation, key, source) -> {
          SealedStore made = SealedStore.create(path, identity, generation, key, source);
          if (!failed[0]) {
            failed[0] = true;
            made.close();
          }
          return made;
        });
  }

  @Test
  void create_nodeRecordNotWritten_leavesNothingInTheWayOfTheNextTry() throws Exception {
    try (StoreDesk desk = firstFailing()) {
      assertInstanceOf(Input.StoreNotOpened.class, desk.create(name, rootKey, record()));
      assertFalse(Files.exists(folder));
      Input.StoreOpened opened =
          assertInstanceOf(Input.StoreOpened.class, desk.create(name, rootKey, record()));
      opened.nodeRecord().close();
      assertTrue(desk.present());
    }
  }

  @Test
  void create_storeOfSomebodyElseThere_isRefusedAndLeftAlone() throws Exception {
    try (StoreDesk first = new StoreDesk(folder, random, log)) {
      assertInstanceOf(Input.StoreOpened.class, first.create(name, rootKey, record()));
    }
    try (StoreDesk second = new StoreDesk(folder, random, log)) {
      for (int i = 0; i < 2; i++) {
        Input.StoreNotOpened refused =
            assertInstanceOf(Input.StoreNotOpened.class, second.create(name, rootKey, record()));
        assertEquals(StoreFault.EXISTS, refused.fault());
      }
      assertInstanceOf(Input.StoreOpened.class, second.open(name, rootKey));
    }
  }

  @Test
  void wraps_afterARotation_leaveOneDataKeyInTheEnd() throws Exception {
    try (StoreDesk desk = new StoreDesk(folder, random, log);
        SecretBytes nextKey = SecretBytes.generate(32, random)) {
      assertInstanceOf(Input.StoreOpened.class, desk.create(name, rootKey, record()));
      SealedStore store = desk.store().orElseThrow();
      var next = new Effect.NextKey(2, nextKey);
      assertInstanceOf(
          Input.WrapsSet.class, desk.setWraps(new Effect.SetWraps(1, Optional.of(next))));
      assertEquals(2, store.dataKeys());
      assertInstanceOf(
          Input.WrapsSet.class, desk.setWraps(new Effect.SetWraps(2, Optional.empty())));
      Instant patience = Instant.now().plusSeconds(60);
      while (store.dataKeys() > 1 && Instant.now().isBefore(patience)) {
        Thread.sleep(5);
      }
      assertEquals(1, store.dataKeys());
    }
  }

  @Test
  void open_storeWithoutNodeRecord_canBeTriedAgain() throws Exception {
    var identity = new StoreIdentity(name.storeId(), name.account().bytes());
    SealedStore.create(folder, identity, 1, rootKey, random).close();
    try (StoreDesk desk = new StoreDesk(folder, random, log)) {
      for (int i = 0; i < 2; i++) {
        Input.StoreNotOpened refused =
            assertInstanceOf(Input.StoreNotOpened.class, desk.open(name, rootKey));
        assertEquals(StoreFault.CORRUPTED, refused.fault());
      }
    }
  }
}
