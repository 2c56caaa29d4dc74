package dev.holdfast.attestation.eventlog;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;

/// One entry of an event log. What it says is unproven; see [EventLog].
///
/// - `number`: its place in the log, from 1; the header of a log of firmware is not counted.
/// - `type`: 32 bits, one of the TCG's or anything else. No digest covers it.
/// - `name`: dstack's name of the event, at most [EventLog#MAX_NAME_CHARACTERS], any characters;
///   else empty.
/// - `digest`: SHA-384, what the register was extended with.
/// - `data`: at most [EventLog#MAX_EVENT_DATA] bytes.
///
/// Spec: docs/spec/eventlog.md#events
public record Event(
    int number,
    Register register,
    long type,
    String name,
    Bytes digest,
    Bytes data,
    DigestOfData digestOfData) {
  static final int DIGEST_SIZE = 48;

  public Event {
    InvariantError.check(digest.size() == DIGEST_SIZE, "an event's digest has 48 bytes");
  }

  /// True when it extends its register: an RTMR, and the type is not EV_NO_ACTION.
  public boolean measured() {
    return register != Register.MRTD && type != EventType.EV_NO_ACTION.code();
  }

  /// The TCG's name of the type, such as `EV_SEPARATOR`, or the type in hexadecimal.
  public String typeName() {
    return EventType.of(type).map(EventType::name).orElseGet(() -> "0x%08x".formatted(type));
  }

  /// What the event says, for people: at most [EventText#MAX_CHARACTERS] characters of printable
  /// ASCII, whatever the data is.
  public String description() {
    return EventText.describe(this);
  }
}
