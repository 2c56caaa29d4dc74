package dev.holdfast.registry.etcd;

import dev.holdfast.codec.Bytes;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.registry.LatestView;
import dev.holdfast.registry.MembershipView;
import dev.holdfast.registry.MembershipView.Ignored;
import dev.holdfast.registry.MembershipView.Listing;
import dev.holdfast.registry.PublishedRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What the index says at one revision. Not thread-safe.
final class EtcdMembers {
  private final EtcdKeys keys;
  private final int maxMembers;
  private final TreeMap<AccountId, Listing> listed = new TreeMap<>();
  // Those who find no place.
  private final TreeMap<AccountId, Listing> surplus = new TreeMap<>();
  private final Map<String, Ignored> ignored = new TreeMap<>();

  EtcdMembers(EtcdKeys keys, int maxMembers) {
    this.keys = keys;
    this.maxMembers = maxMembers;
  }

  /// @throws EtcdException when the index has more than twice as many entries as members may be
  ///   listed
  void put(Bytes key, Bytes value) throws EtcdException {
    String name = keys.nameOf(key);
    Optional<AccountId> account = EtcdKeys.account(name);
    if (account.isEmpty()) {
      ignore(name, Ignored.Kind.FOREIGN, "expected 64 lower-case hexadecimal digits of an account");
    } else {
      put(name, account.get(), value);
    }
    if (listed.size() + surplus.size() + ignored.size() > 2 * maxMembers) {
      throw new EtcdException(
          EtcdException.TOO_LARGE,
          "expected at most " + 2 * maxMembers + " entries under " + keys.prefix());
    }
  }

  /// Takes note of a value too large to be read.
  void passOver(Bytes key) throws EtcdException {
    put(key, Bytes.zero(EtcdKeys.MAX_LINE_BYTES + 1));
  }

  private void put(String name, AccountId account, Bytes value) {
    Optional<PublishedRecord> record = EtcdKeys.parse(account, value);
    if (record.isEmpty()) {
      remove(account);
      boolean large = value.size() > EtcdKeys.MAX_LINE_BYTES;
      ignore(
          name,
          large ? Ignored.Kind.TOO_LARGE : Ignored.Kind.MALFORMED,
          large
              ? "expected at most " + EtcdKeys.MAX_LINE_BYTES + " bytes"
              : "expected instance, milliseconds and the hash of a record");
      return;
    }
    ignored.remove(name);
    Listing listing = new Listing(account, record.get().tag());
    boolean hasPlace = listed.containsKey(account) || listed.size() < maxMembers;
    (hasPlace ? listed : surplus).put(account, listing);
  }

  void remove(Bytes key) {
    String name = keys.nameOf(key);
    ignored.remove(name);
    EtcdKeys.account(name).ifPresent(this::remove);
  }

  private void remove(AccountId account) {
    surplus.remove(account);
    if (listed.remove(account) != null && !surplus.isEmpty()) {
      Map.Entry<AccountId, Listing> next = surplus.pollFirstEntry();
      listed.put(next.getKey(), next.getValue());
    }
  }

  private void ignore(String name, Ignored.Kind kind, String detail) {
    ignored.put(name, new Ignored(kind, Ignored.printable(name), detail));
  }

  void show(LatestView view) {
    List<Ignored> all = new ArrayList<>(ignored.values());
    for (AccountId account : surplus.keySet()) {
      all.add(
          new Ignored(
              Ignored.Kind.FULL,
              account.toString(),
              "expected at most " + maxMembers + " members"));
    }
    view.show(
        List.copyOf(listed.values()),
        all.stream().limit(MembershipView.MAX_IGNORED).toList(),
        all.size());
  }
}
