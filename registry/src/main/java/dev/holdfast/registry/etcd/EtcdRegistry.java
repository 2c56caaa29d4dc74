package dev.holdfast.registry.etcd;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.JsonValue;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.registry.LatestView;
import dev.holdfast.registry.MembershipRegistry;
import dev.holdfast.registry.MembershipView;
import dev.holdfast.registry.PublishedRecord;
import dev.holdfast.registry.RegistryException;
import dev.holdfast.registry.RegistryException.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Records in etcd, for fleets: each member's under a lease that its publisher keeps alive, all of
/// them followed by a watch.
///
/// Opening never waits: the view is stale until etcd has answered. Closing takes back what this
/// object published. Two virtual threads follow and keep alive.
///
/// Spec: docs/operating/etcd.md
public final class EtcdRegistry implements MembershipRegistry {
  private static final int PUBLISH_ATTEMPTS = 8;
  private static final int KEEPS_PER_LEASE = 3;

  private final EtcdOptions options;
  private final EtcdKeys keys;
  private final EtcdClient client;
  private final EtcdLease lease;
  private final EtcdFollower follower;
  private final LatestView latest = new LatestView();
  private final CountDownLatch closed = new CountDownLatch(1);

  /// What must be listed for as long as this object is open.
  private final Map<AccountId, Mine> own = new ConcurrentHashMap<>();

  private EtcdRegistry(EtcdOptions options) {
    this.options = options;
    keys = new EtcdKeys(options.prefix());
    client = new EtcdClient(options);
    lease = new EtcdLease(client, options.timing().lease());
    follower = new EtcdFollower(client, keys, options, latest);
  }

  /// Opens the registry and begins to follow it.
  public static EtcdRegistry open(EtcdOptions options) {
    EtcdRegistry registry = new EtcdRegistry(options);
    Thread.ofVirtual().name("registry-watch").start(registry.follower::run);
    Thread.ofVirtual().name("registry-lease").start(registry::keep);
    return registry;
  }

  @Override
  public MembershipView view() {
    return latest.view();
  }

  @Override
  public MembershipView awaitChange(long known, Duration atMost)
      throws RegistryException, InterruptedException {
    return latest.awaitChange(known, atMost);
  }

  @Override
  public Optional<Bytes> record(AccountId account) throws RegistryException, InterruptedException {
    requireOpen();
    try {
      Optional<Entry> entry = read(keys.record(account));
      if (entry.isEmpty()) {
        return Optional.empty();
      }
      Bytes bytes = entry.get().value();
      return PublishedRecord.parse(bytes).account().equals(account)
          ? Optional.of(bytes)
          : Optional.empty();
    } catch (MalformedException e) {
      // Whoever put it there put no record.
      return Optional.empty();
    } catch (EtcdException e) {
      if (e.isOfTheReply()) {
        return Optional.empty();
      }
      throw unavailable(e);
    }
  }

  @Override
  public void publish(Bytes record) throws RegistryException, InterruptedException {
    requireOpen();
    PublishedRecord next = PublishedRecord.toPublish(record);
    MembershipView view = latest.view();
    if (view.listings().size() >= options.maxMembers() && view.find(next.account()).isEmpty()) {
      throw new RegistryException(
          Kind.REGISTRY_FULL, "etcd lists " + options.maxMembers() + " members, the limit");
    }
    Mine mine = new Mine(next, record);
    long revision = write(mine);
    own.merge(next.account(), mine, Mine::newer);
    awaitView(revision);
  }

  @Override
  public void withdraw(AccountId account) throws RegistryException, InterruptedException {
    requireOpen();
    own.remove(account);
    try {
      JsonObject reply =
          client.call(
              "kv/txn",
              JsonWriter.object()
                  .putObjects(
                      "success",
                      List.of(delete(keys.index(account)), delete(keys.record(account)))));
      awaitView(EtcdJson.revision(reply));
    } catch (MalformedException e) {
      throw noEtcd(e);
    } catch (EtcdException e) {
      throw unavailable(e);
    }
  }

  @Override
  public void close() {
    if (isClosed()) {
      return;
    }
    closed.countDown();
    latest.close();
    follower.close();
    try {
      lease.revoke();
    } catch (EtcdException e) {
      // It expires by itself.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    client.close();
  }

  private record Mine(PublishedRecord age, Bytes record) {
    static Mine newer(Mine one, Mine other) {
      return PublishedRecord.AGE.compare(one.age(), other.age()) < 0 ? other : one;
    }
  }

  /// A key's value with the revision of its last change and its lease; zero for none.
  private record Entry(Bytes value, long revision, long lease) {}

  private Optional<Entry> read(Bytes key)
      throws EtcdException, MalformedException, InterruptedException {
    JsonObject reply = client.call("kv/range", EtcdJson.key(key));
    for (JsonValue item : EtcdJson.items(reply, "kvs", 1)) {
      JsonObject found = item.asObject();
      return Optional.of(
          new Entry(
              EtcdJson.bytes(found, "value"),
              EtcdJson.number(found, "mod_revision"),
              EtcdJson.number(found, "lease")));
    }
    return Optional.empty();
  }

  /// Writes `record` if it may replace what is there, in one transaction with that decision.
  ///
  /// @return the revision that has it
  private long write(Mine mine) throws RegistryException, InterruptedException {
    PublishedRecord next = mine.age();
    try {
      for (int attempt = 0; attempt < PUBLISH_ATTEMPTS; attempt++) {
        long held = lease.id();
        Optional<Entry> before = read(keys.index(next.account()));
        if (before.isPresent() && isPublished(next, before.get(), held)) {
          return before.get().revision();
        }
        long at = before.map(Entry::revision).orElse(0L);
        try {
          JsonObject reply = client.call("kv/txn", replace(mine, at, held));
          if (EtcdJson.flag(reply, "succeeded")) {
            return EtcdJson.revision(reply);
          }
        } catch (EtcdException e) {
          if (e.code() != EtcdException.NOT_FOUND) {
            throw e;
          }
          lease.forget(held);
        }
      }
      throw new RegistryException(
          Kind.REGISTRY_UNAVAILABLE, "others changed the same entry at every attempt");
    } catch (MalformedException e) {
      throw noEtcd(e);
    } catch (EtcdException e) {
      throw unavailable(e);
    }
  }

  /// True when exactly this is there already, under our lease.
  private static boolean isPublished(PublishedRecord next, Entry entry, long lease)
      throws RegistryException {
    Optional<PublishedRecord> before = EtcdKeys.parse(next.account(), entry.value());
    if (before.isEmpty()) {
      return false;
    }
    boolean same = next.tag().equals(before.get().tag());
    if (!same && !next.isNewerThan(before.get())) {
      throw new RegistryException(
          Kind.RECORD_NOT_NEWER,
          "expected a record newer than " + before.get().age() + ", found " + next.age());
    }
    return same && entry.lease() == lease;
  }

  private JsonWriter replace(Mine mine, long at, long lease) {
    AccountId account = mine.age().account();
    Bytes index = keys.index(account);
    return JsonWriter.object()
        .putObjects(
            "compare",
            List.of(
                EtcdJson.key(index)
                    .put("target", "MOD")
                    .put("result", "EQUAL")
                    .put("mod_revision", Long.toString(at))))
        .putObjects(
            "success",
            List.of(
                put(index, EtcdKeys.line(mine.age()), lease),
                put(keys.record(account), mine.record(), lease)));
  }

  private static JsonWriter put(Bytes key, Bytes value, long lease) {
    return JsonWriter.object()
        .put(
            "request_put",
            EtcdJson.key(key)
                .put("value", EtcdJson.text(value))
                .put("lease", Long.toString(lease)));
  }

  private static JsonWriter delete(Bytes key) {
    return JsonWriter.object().put("request_delete_range", EtcdJson.key(key));
  }

  private void awaitView(long revision) throws RegistryException, InterruptedException {
    if (!follower.awaitRevision(revision, options.timing().call())) {
      requireOpen();
      throw new RegistryException(
          Kind.REGISTRY_UNAVAILABLE, "etcd took the change, but does not show it");
    }
  }

  /// Keeps the lease alive, and what was published listed, until closed.
  private void keep() {
    Duration interval = options.timing().lease().dividedBy(KEEPS_PER_LEASE);
    boolean missing = false;
    boolean unreached = false;
    try {
      while (!closed.await(
          (unreached ? options.timing().retry() : interval).toNanos(), TimeUnit.NANOSECONDS)) {
        try {
          if (lease.isHeld()) {
            missing |= !lease.keepAlive();
          } else {
            // Without a lease, only to notice in time that etcd is out of reach.
            client.call("kv/range", EtcdJson.key(keys.indexStart()));
          }
          missing = missing && !publishAgain();
          unreached = false;
        } catch (EtcdException e) {
          unreached = true;
          follower.recheck();
        }
      }
    } catch (InterruptedException e) {
      // Nobody interrupts this thread; it would end like a closed one.
    }
  }

  /// After a lease expired: while the machine was paused or cut off from etcd. False when that
  /// failed.
  private boolean publishAgain() throws InterruptedException {
    boolean all = true;
    for (Mine mine : List.copyOf(own.values())) {
      try {
        write(mine);
      } catch (RegistryException e) {
        if (e.kind() == Kind.RECORD_NOT_NEWER) {
          // A later run of the account has taken over.
          own.remove(mine.age().account(), mine);
        } else {
          all = false;
        }
      }
    }
    return all;
  }

  private boolean isClosed() {
    return closed.getCount() == 0;
  }

  private void requireOpen() throws RegistryException {
    if (isClosed()) {
      throw LatestView.closed();
    }
  }

  private RegistryException unavailable(EtcdException e) {
    return isClosed()
        ? LatestView.closed()
        : new RegistryException(Kind.REGISTRY_UNAVAILABLE, "etcd: " + e.getMessage(), e);
  }

  private static RegistryException noEtcd(MalformedException e) {
    return new RegistryException(
        Kind.REGISTRY_UNAVAILABLE, "etcd: a reply is not of its form: " + e.getMessage(), e);
  }
}
