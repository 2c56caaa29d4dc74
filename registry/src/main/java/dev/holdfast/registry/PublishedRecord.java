package dev.holdfast.registry;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.MemberRecord;
import dev.holdfast.protocol.SignedRecord;
import java.time.Instant;
import java.util.Comparator;

/// What a registry has to know of a record to list it; unverified.
public record PublishedRecord(AccountId account, long instance, Instant issuedAt, Bytes tag) {
  /// From old to new; the tag only makes the order total.
  public static final Comparator<PublishedRecord> AGE =
      Comparator.comparingLong(PublishedRecord::instance)
          .thenComparing(PublishedRecord::issuedAt)
          .thenComparing(PublishedRecord::tag);

  /// Reads a [SignedRecord]'s bytes.
  ///
  /// @throws MalformedException when they have not the form of one or are too many
  public static PublishedRecord parse(Bytes bytes) throws MalformedException {
    MemberRecord record = SignedRecord.parse(bytes).record();
    return new PublishedRecord(
        record.account(), record.instance(), record.issuedAt(), bytes.sha256());
  }

  /// Reads what somebody wants to publish.
  ///
  /// @throws RegistryException `RECORD_MALFORMED` when it is no record
  public static PublishedRecord toPublish(Bytes record) throws RegistryException {
    try {
      return parse(record);
    } catch (MalformedException e) {
      throw new RegistryException(
          RegistryException.Kind.RECORD_MALFORMED, String.valueOf(e.getMessage()), e);
    }
  }

  /// True when this may replace `other`.
  public boolean isNewerThan(PublishedRecord other) {
    return instance != other.instance
        ? instance > other.instance
        : issuedAt.isAfter(other.issuedAt);
  }

  /// For messages.
  public String age() {
    return "instance " + instance + " of " + issuedAt;
  }
}
