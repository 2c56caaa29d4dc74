package dev.holdfast.registry.etcd;

import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/// The lease under which one registry object publishes. Thread-safe.
final class EtcdLease {
  private static final long NONE = 0;

  private final EtcdClient client;
  private final Duration length;
  private final ReentrantLock granting = new ReentrantLock();
  private volatile long id = NONE;

  EtcdLease(EtcdClient client, Duration length) {
    this.client = client;
    this.length = length;
  }

  boolean isHeld() {
    return id != NONE;
  }

  /// The present lease, a new one when there is none.
  long id() throws EtcdException, InterruptedException {
    granting.lockInterruptibly();
    try {
      if (id == NONE) {
        JsonObject reply =
            client.call(
                "lease/grant", JsonWriter.object().put("TTL", Long.toString(length.toSeconds())));
        id = EtcdJson.number(reply, "ID");
      }
      return id;
    } catch (MalformedException e) {
      throw new EtcdException(EtcdException.UNKNOWN, "no reply to lease/grant");
    } finally {
      granting.unlock();
    }
  }

  /// Extends the lease; false when it had expired and is forgotten.
  boolean keepAlive() throws EtcdException, InterruptedException {
    long held = id;
    try {
      JsonObject reply = client.call("lease/keepalive", named(held));
      if (EtcdJson.number(reply.object("result"), "TTL") > 0) {
        return true;
      }
    } catch (MalformedException e) {
      throw new EtcdException(EtcdException.UNKNOWN, "no reply to lease/keepalive");
    }
    forget(held);
    return false;
  }

  /// What is not the present lease any more is no matter.
  void forget(long expired) {
    granting.lock();
    try {
      if (id == expired) {
        id = NONE;
      }
    } finally {
      granting.unlock();
    }
  }

  /// Takes everything published under the lease away.
  void revoke() throws EtcdException, InterruptedException {
    if (isHeld()) {
      client.call("lease/revoke", named(id));
    }
  }

  private static JsonWriter named(long id) {
    return JsonWriter.object().put("ID", Long.toString(id));
  }
}
