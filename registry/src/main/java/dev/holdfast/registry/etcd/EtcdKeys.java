package dev.holdfast.registry.etcd;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.registry.PublishedRecord;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The layout of the keys: for each member `<prefix>index/<account>` with a line about the record,
/// small enough to load and watch for a whole fleet, and `<prefix>record/<account>` with the
/// record. Both change in one transaction.
///
/// Spec: docs/operating/etcd.md
record EtcdKeys(String prefix) {
  /// Bound on a line of the index.
  static final int MAX_LINE_BYTES = 160;

  private static final Pattern ACCOUNT = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern LINE = Pattern.compile("([0-9]{1,18}) ([0-9]{1,15}) ([0-9a-f]{64})");

  Bytes index(AccountId account) {
    return Bytes.utf8(prefix + "index/" + account);
  }

  Bytes record(AccountId account) {
    return Bytes.utf8(prefix + "record/" + account);
  }

  Bytes indexStart() {
    return Bytes.utf8(prefix + "index/");
  }

  /// The key behind the last one of the index: `0` follows `/`.
  Bytes indexEnd() {
    return Bytes.utf8(prefix + "index0");
  }

  /// The key of the index without what all have in common.
  String nameOf(Bytes key) {
    int common = indexStart().size();
    return key.size() <= common
        ? ""
        : new String(key.slice(common, key.size() - common).toArray(), StandardCharsets.UTF_8);
  }

  static Optional<AccountId> account(String name) {
    if (!ACCOUNT.matcher(name).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(AccountId.parse(Bytes.parseHex(name)));
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  /// `<instance> <issuedAt in milliseconds since 1970> <SHA-256 of the record>`.
  static Bytes line(PublishedRecord record) {
    return Bytes.utf8(
        record.instance() + " " + record.issuedAt().toEpochMilli() + " " + record.tag().toHex());
  }

  static Optional<PublishedRecord> parse(AccountId account, Bytes line) {
    if (line.size() > MAX_LINE_BYTES) {
      return Optional.empty();
    }
    Matcher matcher = LINE.matcher(new String(line.toArray(), StandardCharsets.US_ASCII));
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new PublishedRecord(
              account,
              Long.parseLong(matcher.group(1)),
              Instant.ofEpochMilli(Long.parseLong(matcher.group(2))),
              Bytes.parseHex(matcher.group(3))));
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }
}
