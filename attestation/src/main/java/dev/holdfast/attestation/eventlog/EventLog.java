package dev.holdfast.attestation.eventlog;

import dev.holdfast.attestation.quote.TdReport;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Digests;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.codec.MalformedException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/// A boot event log of a TD. Whoever has the quote may have made the log up: it is worth something
/// only where its replay gives the RTMRs of a quote that was verified, and then each digest is
/// authentic, its type is not, and its data only where the digest is the data's hash.
///
/// Immutable and thread-safe. Spec: docs/spec/eventlog.md
public final class EventLog {
  /// Bytes of a log of firmware, with its filler.
  public static final int MAX_SIZE = 1024 * 1024;

  /// Bytes of a log in JSON.
  public static final int MAX_JSON_SIZE = 256 * 1024;

  public static final int MAX_EVENTS = 4096;

  /// Bytes of one event's data.
  public static final int MAX_EVENT_DATA = 128 * 1024;

  /// Characters of an event's name in JSON.
  public static final int MAX_NAME_CHARACTERS = 256;

  /// Digest algorithms of a log of firmware.
  public static final int MAX_ALGORITHMS = 8;

  /// The form of a log.
  public enum Format {
    /// Binary, as firmware and kernel give it; its size may be larger than what is used.
    TCG_CRYPTO_AGILE,

    /// A JSON array, as dstack gives it.
    DSTACK_JSON;

    private final String code = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /// `tcg-crypto-agile`, `dstack-json`.
    public String code() {
      return code;
    }
  }

  private final Format format;
  private final int usedBytes;
  private final List<String> digestAlgorithms;
  private final List<Event> events;
  private final List<EventFinding> findings;

  EventLog(
      Format format,
      int usedBytes,
      List<String> digestAlgorithms,
      List<Event> events,
      List<EventFinding> findings) {
    this.format = format;
    this.usedBytes = usedBytes;
    this.digestAlgorithms = List.copyOf(digestAlgorithms);
    this.events = List.copyOf(events);
    this.findings = List.copyOf(findings);
  }

  /// Parses a log of either form; what starts like JSON is JSON. One pass; takes time and memory in
  /// proportion to the size of `log`, whatever the lengths and counts in it say.
  ///
  /// @throws MalformedException when it is neither, is larger than a limit, or has no SHA-384
  ///   digests
  public static EventLog parse(Bytes log) throws MalformedException {
    return startsLikeJson(log) ? DstackLogParser.parse(log) : TcgLogParser.parse(log);
  }

  /// Parses a log of firmware whose area `table` describes: a log that was cut is found by its
  /// size.
  ///
  /// @throws MalformedException as the other, and when the size of `log` is not that of the area
  public static EventLog parse(Bytes log, CcelTable table) throws MalformedException {
    if (log.size() != table.logAreaSize()) {
      throw new MalformedException(
          TcgLogParser.FORMAT,
          0,
          "log",
          table.logAreaSize() + " bytes, as the CCEL table says",
          log.size() + " bytes");
    }
    return TcgLogParser.parse(log);
  }

  private static boolean startsLikeJson(Bytes log) {
    return !log.isEmpty() && "[{ \t\r\n".indexOf(log.at(0)) >= 0;
  }

  public Format format() {
    return format;
  }

  /// Bytes up to the end of the last event; what is behind them is filler.
  public int usedBytes() {
    return usedBytes;
  }

  /// The algorithms for which the log has digests, such as `sha384`; only that one is replayed.
  public List<String> digestAlgorithms() {
    return digestAlgorithms;
  }

  /// All events in the order of the log; see [Event#measured].
  public List<Event> events() {
    return events;
  }

  /// What is wrong with events, in their order.
  public List<EventFinding> findings() {
    return findings;
  }

  /// The four RTMRs, 48 bytes each, that the log says there are.
  public List<Bytes> replay() {
    return Register.RTMRS.stream().map(register -> values(register).getLast()).toList();
  }

  /// Compares the replay with the RTMRs of a report, whose quote must be verified before anything
  /// follows from the answer.
  public List<RegisterComparison> compare(TdReport report) {
    return compare(report.rtmrs());
  }

  /// As the other, with four registers of 48 bytes.
  public List<RegisterComparison> compare(List<Bytes> rtmrs) {
    InvariantError.check(rtmrs.size() == Register.RTMRS.size(), "a report has four RTMRs");
    List<RegisterComparison> comparisons = new ArrayList<>();
    for (int i = 0; i < rtmrs.size(); i++) {
      comparisons.add(compare(Register.RTMRS.get(i), rtmrs.get(i)));
    }
    return List.copyOf(comparisons);
  }

  private RegisterComparison compare(Register register, Bytes expected) {
    List<Bytes> values = values(register);
    int events = values.size() - 1;
    int matching = values.lastIndexOf(expected);
    return matching == events
        ? new RegisterComparison.Match(register, events)
        : new RegisterComparison.Mismatch(
            register,
            events,
            expected,
            values.getLast(),
            matching < 0 ? OptionalInt.empty() : OptionalInt.of(matching));
  }

  /// The register's value before its first event and after each.
  private List<Bytes> values(Register register) {
    List<Bytes> values = new ArrayList<>();
    values.add(Bytes.zero(Event.DIGEST_SIZE));
    for (Event event : events) {
      if (event.register() == register && event.measured()) {
        MessageDigest digest = Digests.sha384();
        values.getLast().updateInto(digest);
        event.digest().updateInto(digest);
        values.add(Bytes.copyOf(digest.digest()));
      }
    }
    return values;
  }

  static Bytes sha384(Bytes data) {
    MessageDigest digest = Digests.sha384();
    data.updateInto(digest);
    return Bytes.copyOf(digest.digest());
  }
}
