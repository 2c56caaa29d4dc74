package dev.holdfast.registry.etcd;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.JsonValue;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.registry.LatestView;
import dev.holdfast.registry.MembershipView.Ignored;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Keeps a view equal to the index: loads it at one revision, then follows every change since. A
/// watch that breaks goes on where it was; when etcd has forgotten that revision (compaction) or
/// never had it (restored from a backup, another cluster), all is loaded again.
final class EtcdFollower {
  /// Entries of one page. A line has at most 160 bytes, with key and JSON around it under 600.
  private static final int PAGE = 1000;

  private static final int MAX_EVENTS = 1_000_000;

  private final EtcdClient client;
  private final EtcdKeys keys;
  private final EtcdOptions options;
  private final LatestView latest;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();
  // Of the following thread alone.
  private EtcdMembers members;
  private boolean loaded;
  private long cluster;
  // Everything up to here is in the view; under the lock.
  private long revision;
  private volatile @Nullable EtcdStream stream;

  EtcdFollower(EtcdClient client, EtcdKeys keys, EtcdOptions options, LatestView latest) {
    this.client = client;
    this.keys = keys;
    this.options = options;
    this.latest = latest;
    this.members = new EtcdMembers(keys, options.maxMembers());
  }

  /// Follows until closed.
  void run() {
    try {
      while (!isClosed()) {
        try {
          if (!loaded) {
            load();
          }
          watch();
        } catch (MalformedException e) {
          reload("a reply is not of etcd's form: " + e.getMessage());
        } catch (EtcdException e) {
          if (e.code() == EtcdException.OUT_OF_RANGE || e.isOfTheReply()) {
            reload(String.valueOf(e.getMessage()));
          } else {
            stale(String.valueOf(e.getMessage()));
          }
        }
      }
    } catch (InterruptedException e) {
      // Nobody interrupts this thread; it would end like a closed one.
    }
  }

  /// Waits until the view contains what happened up to `wanted`; false after `atMost`.
  boolean awaitRevision(long wanted, Duration atMost) throws InterruptedException {
    long left = atMost.toNanos();
    lock.lockInterruptibly();
    try {
      while (revision < wanted && left > 0 && !isClosed()) {
        left = moved.awaitNanos(left);
      }
      return revision >= wanted;
    } finally {
      lock.unlock();
    }
  }

  /// Makes sure that the watch is alive: ends it, so that it is opened again.
  void recheck() {
    EtcdStream open = stream;
    if (open != null) {
      open.close();
    }
  }

  void close() {
    closed.countDown();
    recheck();
    lock.lock();
    try {
      moved.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private boolean isClosed() {
    return closed.getCount() == 0;
  }

  private void reload(String why) throws InterruptedException {
    loaded = false;
    stale(why);
  }

  private void stale(String why) throws InterruptedException {
    if (!isClosed()) {
      latest.stale("etcd: " + why);
      pause();
    }
  }

  private void pause() throws InterruptedException {
    closed.await(options.timing().retry().toNanos(), TimeUnit.NANOSECONDS);
  }

  private void load() throws EtcdException, MalformedException, InterruptedException {
    EtcdMembers fresh = new EtcdMembers(keys, options.maxMembers());
    Bytes from = keys.indexStart();
    int page = PAGE;
    long at = 0;
    boolean keysOnly = false;
    boolean more = true;
    while (more) {
      JsonWriter request =
          EtcdJson.range(from, keys.indexEnd())
              .put("limit", Integer.toString(page))
              .put("revision", Long.toString(at))
              .put("keys_only", keysOnly);
      JsonObject reply;
      try {
        reply = client.call("kv/range", request);
      } catch (EtcdException e) {
        if (!e.isOfTheReply() || keysOnly) {
          throw e;
        }
        // Somebody put large values there. Smaller pages, until it is found and passed over.
        keysOnly = page == 1;
        page = Math.max(1, page / 10);
        continue;
      }
      if (at == 0) {
        at = EtcdJson.revision(reply);
        cluster = cluster(reply);
      }
      for (JsonValue item : EtcdJson.items(reply, "kvs", page)) {
        JsonObject entry = item.asObject();
        Bytes key = EtcdJson.bytes(entry, "key");
        if (keysOnly) {
          fresh.passOver(key);
        } else {
          fresh.put(key, EtcdJson.bytes(entry, "value"));
        }
        from = behind(key);
      }
      keysOnly = false;
      more = EtcdJson.flag(reply, "more");
    }
    members = fresh;
    loaded = true;
    moveTo(at, true);
  }

  /// The least key greater than `key`.
  private static Bytes behind(Bytes key) {
    return Bytes.copyOf(Arrays.copyOf(key.toArray(), key.size() + 1));
  }

  private void watch() throws EtcdException, MalformedException, InterruptedException {
    JsonWriter from =
        EtcdJson.range(keys.indexStart(), keys.indexEnd())
            .put("start_revision", Long.toString(revision + 1))
            .put("progress_notify", true);
    EtcdStream opened = client.stream("watch", JsonWriter.object().put("create_request", from));
    CountDownLatch ended = new CountDownLatch(1);
    try {
      stream = opened;
      Thread.ofVirtual()
          .name("registry-watch-limit")
          .start(() -> closeAfter(opened, options.timing().watch(), ended));
      Optional<JsonObject> message = isClosed() ? Optional.empty() : opened.next();
      if (message.isEmpty() && !isClosed()) {
        throw new EtcdException(EtcdException.NO_REPLY, "the watch ended at once");
      }
      while (message.isPresent()) {
        if (!message.get().has("result")) {
          throw new EtcdException(EtcdException.UNKNOWN, "the watch ended with an error");
        }
        take(message.get().object("result"));
        message = loaded ? opened.next() : Optional.empty();
      }
    } finally {
      ended.countDown();
      opened.close();
      stream = null;
    }
  }

  private static void closeAfter(EtcdStream stream, Duration time, CountDownLatch ended) {
    try {
      ended.await(time.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      // Nobody interrupts this thread; it would end like one whose time is over.
    }
    stream.close();
  }

  private void take(JsonObject result) throws EtcdException, MalformedException {
    long now = EtcdJson.revision(result);
    if (EtcdJson.flag(result, "canceled")) {
      loaded = false;
      if (!result.has("compact_revision")) {
        // Refused; the token may have expired.
        client.forgetToken();
        throw new EtcdException(
            EtcdException.UNKNOWN,
            "no watch: "
                + (result.has("cancel_reason")
                    ? Ignored.printable(result.string("cancel_reason"))
                    : "no reason given"));
      }
      return;
    }
    if (EtcdJson.flag(result, "created")) {
      if (now < revision || cluster(result) != cluster) {
        // Not the store that was loaded: it lost what came later, or never had it.
        loaded = false;
        return;
      }
      members.show(latest);
      return;
    }
    long newest = result.has("events") ? 0 : now;
    for (JsonValue item : EtcdJson.items(result, "events", MAX_EVENTS)) {
      JsonObject event = item.asObject();
      JsonObject entry = event.object("kv");
      Bytes key = EtcdJson.bytes(entry, "key");
      if (event.has("type") && event.string("type").equals("DELETE")) {
        members.remove(key);
      } else {
        members.put(key, EtcdJson.bytes(entry, "value"));
      }
      newest = Math.max(newest, EtcdJson.number(entry, "mod_revision"));
    }
    members.show(latest);
    moveTo(newest, false);
  }

  private static long cluster(JsonObject reply) throws MalformedException {
    String id = reply.object("header").string("cluster_id");
    try {
      return Long.parseUnsignedLong(id);
    } catch (NumberFormatException e) {
      throw reply.mismatch("a number as cluster_id", "another string");
    }
  }

  /// @param back whether the revision may go back: after a load
  private void moveTo(long newest, boolean back) {
    lock.lock();
    try {
      revision = back ? newest : Math.max(revision, newest);
      moved.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
