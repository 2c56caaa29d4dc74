package dev.holdfast.simulator;

import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Digests;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.simulator.quote.TdField;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// A boot event log and the RTMRs that it stands for, in both forms: binary as firmware writes it
/// and JSON as dstack does. Immutable. Nothing is checked: a recipe for a wrong log is a recipe
/// too.
///
/// Spec: docs/spec/eventlog.md
public record EventLogRecipe(List<MeasuredEvent> events) {
  private static final int SHA_384 = 0xc;
  private static final int NO_ACTION = 3;
  private static final long DSTACK_TYPE = 0x08000001L;

  /// One event of RTMR `rtmr`.
  ///
  /// @param name of an event of dstack; empty for one of firmware, which has none
  public record MeasuredEvent(int rtmr, long type, String name, Bytes digest, Bytes data) {}

  public EventLogRecipe {
    events = List.copyOf(events);
  }

  /// A log without events.
  public static EventLogRecipe empty() {
    return new EventLogRecipe(List.of());
  }

  /// A short boot of five events in RTMR 0 to 2; one of them is of code that is not in the log.
  public static EventLogRecipe ofImage(String image) {
    return empty()
        .measuring(0, 0x80000007L, ascii("Calling EFI Application from Boot Option"))
        .measuring(0, 4, Bytes.zero(4))
        .with(new MeasuredEvent(1, 0xd, "", sha384(ascii(image)), ascii("kernel")))
        .measuring(1, 4, Bytes.zero(4))
        .measuring(2, 5, ascii("command line of " + image));
  }

  public EventLogRecipe with(MeasuredEvent event) {
    List<MeasuredEvent> more = new ArrayList<>(events);
    more.add(event);
    return new EventLogRecipe(more);
  }

  /// The same with an event of firmware whose digest is the hash of its data.
  public EventLogRecipe measuring(int rtmr, long type, Bytes data) {
    return with(new MeasuredEvent(rtmr, type, "", sha384(data), data));
  }

  /// The same with an event of dstack in RTMR 3.
  public EventLogRecipe running(String name, Bytes payload) {
    Bytes hashed =
        new ByteWriter().u32le(DSTACK_TYPE).bytes(ascii(":" + name + ":")).bytes(payload).toBytes();
    return with(new MeasuredEvent(3, DSTACK_TYPE, name, sha384(hashed), payload));
  }

  /// The four RTMRs after all events, 48 bytes each.
  public List<Bytes> rtmrs() {
    List<Bytes> rtmrs = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Bytes value = Bytes.zero(48);
      for (MeasuredEvent event : events) {
        if (event.rtmr() == i && event.type() != NO_ACTION) {
          value = sha384(new ByteWriter().bytes(value).bytes(event.digest()).toBytes());
        }
      }
      rtmrs.add(value);
    }
    return rtmrs;
  }

  /// `td` as it is after all events.
  public TdRecipe appliedTo(TdRecipe td) {
    List<Bytes> rtmrs = rtmrs();
    return td.with(TdField.RTMR0, rtmrs.get(0))
        .with(TdField.RTMR1, rtmrs.get(1))
        .with(TdField.RTMR2, rtmrs.get(2))
        .with(TdField.RTMR3, rtmrs.get(3));
  }

  /// The log as firmware writes it, without filler.
  public Bytes toBytes() {
    ByteWriter out = new ByteWriter();
    out.bytes(header());
    for (MeasuredEvent event : events) {
      out.u32le(event.rtmr() + 1).u32le(event.type());
      out.u32le(1).u16le(SHA_384).bytes(event.digest());
      out.u32le(event.data().size()).bytes(event.data());
    }
    return out.toBytes();
  }

  /// The log in an area of `size` bytes, filled up with 0xff.
  public Bytes toArea(int size) {
    ByteWriter out = new ByteWriter().bytes(toBytes());
    while (out.size() < size) {
      out.u8(0xff);
    }
    return out.toBytes();
  }

  /// The ACPI table that describes an area of `size` bytes.
  public static Bytes ccelTable(int size) {
    byte[] table =
        new ByteWriter()
            .bytes(ascii("CCEL"))
            .u32le(56)
            .u8(1)
            .u8(0)
            .bytes(ascii("HOLDFASTSIMULATORTABLE    "))
            .u8(2)
            .u8(0)
            .u16le(0)
            .u64le(size)
            .u64le(0x7f000000L)
            .toArray();
    int sum = 0;
    for (byte b : table) {
      sum += b;
    }
    table[9] = (byte) -sum;
    return Bytes.copyOf(table);
  }

  /// The log as dstack hands it out.
  public Bytes toJson() {
    return ascii(
        events.stream()
            .map(EventLogRecipe::json)
            .map(JsonWriter::toString)
            .collect(Collectors.joining(",", "[", "]")));
  }

  private static JsonWriter json(MeasuredEvent event) {
    return JsonWriter.object()
        .put("imr", event.rtmr())
        .put("event_type", event.type())
        .put("digest", event.digest().toHex())
        .put("event", event.name())
        .put("event_payload", event.data().toHex());
  }

  private static Bytes header() {
    Bytes data =
        new ByteWriter()
            .bytes(ascii("Spec ID Event03"))
            .u8(0)
            .u32le(0)
            .u8(0)
            .u8(2)
            .u8(0)
            .u8(2)
            .u32le(1)
            .u16le(SHA_384)
            .u16le(48)
            .u8(0)
            .toBytes();
    return new ByteWriter()
        .u32le(1)
        .u32le(NO_ACTION)
        .bytes(Bytes.zero(20))
        .u32le(data.size())
        .bytes(data)
        .toBytes();
  }

  private static Bytes sha384(Bytes data) {
    return Bytes.copyOf(Digests.sha384().digest(data.toArray()));
  }

  private static Bytes ascii(String text) {
    return Bytes.copyOf(text.getBytes(StandardCharsets.UTF_8));
  }
}
