package dev.holdfast.fuzz;

import dev.holdfast.attestation.eventlog.CcelTable;
import dev.holdfast.attestation.eventlog.Event;
import dev.holdfast.attestation.eventlog.EventLog;
import dev.holdfast.attestation.eventlog.RegisterComparison;
import dev.holdfast.attestation.quote.TdReport;
import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.simulator.EventLogRecipe;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The input is an event log of either form, or the ACPI table that describes one.
final class EventLogTarget {
  private static final int DESCRIPTION_CHARACTERS_MAX = 120;
  private static final int NODE_FILE_PATH = 0x0404;

  private EventLogTarget() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Bytes log = Bytes.copyOf(input);
    Work.bounded(() -> run(log));
  }

  private static void run(Bytes input) {
    if (input.size() <= CcelTable.SIZE) {
      table(input);
    }
    try {
      check(EventLog.parse(input), input);
    } catch (MalformedException e) {
      Find.unlessShort(e);
    }
  }

  private static void table(Bytes input) {
    try {
      int size = CcelTable.parse(input).logAreaSize();
      Find.unless(size > 0 && size <= EventLog.MAX_SIZE, "an area within the limit");
    } catch (MalformedException e) {
      Find.unlessShort(e);
    }
  }

  private static void check(EventLog log, Bytes input) throws MalformedException {
    Find.unless(log.usedBytes() <= input.size(), "a log ends within its input");
    Find.unless(log.events().size() <= EventLog.MAX_EVENTS, "events within the limit");
    for (Event event : log.events()) {
      String text = event.description();
      Find.unless(
          text.length() <= DESCRIPTION_CHARACTERS_MAX
              && text.chars().allMatch(c -> c >= 0x20 && c < 0x7f),
          "descriptions are short and printable");
      Find.unless(event.digest().size() == 48, "digests of SHA-384");
    }
    List<Bytes> replay = log.replay();
    Find.unless(
        log.compare(replay).stream().allMatch(RegisterComparison::matches), "a log fits itself");
    boolean zero =
        log.compare(new TdReport(Bytes.zero(TdReport.SIZE_1_0))).stream()
            .allMatch(RegisterComparison::matches);
    Find.unless(zero == replay.stream().allMatch(Bytes::isZero), "comparing is equality");
    if (log.format() == EventLog.Format.TCG_CRYPTO_AGILE) {
      EventLog used = EventLog.parse(input.slice(0, log.usedBytes()));
      Find.unless(used.replay().equals(replay), "filler means nothing");
    }
  }

  static List<Bytes> seeds() {
    EventLogRecipe boot = EventLogRecipe.ofImage("image");
    EventLogRecipe firmware =
        boot.measuring(0, 0x80000001L, variable("SecureBoot", Bytes.zero(1)))
            .measuring(0, 0x80000003L, image("\\EFI\\BOOT\\BOOTX64.EFI"))
            .measuring(0, 0x8000000aL, new ByteWriter().u8(2).bytes(text("FV")).toBytes())
            .measuring(1, 6, new ByteWriter().u32le(7).u32le(3).bytes(text("tag")).toBytes());
    EventLogRecipe running = boot.running("app-id", text("x")).running("a:b", Bytes.EMPTY);
    return List.of(
        EventLogRecipe.empty().toBytes(),
        boot.toBytes(),
        firmware.toArea(2048),
        running.toJson(),
        EventLogRecipe.empty().toJson(),
        EventLogRecipe.ccelTable(65_536));
  }

  private static Bytes variable(String name, Bytes value) {
    ByteWriter out =
        new ByteWriter().bytes(Bytes.zero(16)).u64le(name.length()).u64le(value.size());
    return out.bytes(name.getBytes(StandardCharsets.UTF_16LE)).bytes(value).toBytes();
  }

  private static Bytes image(String path) {
    byte[] name = path.getBytes(StandardCharsets.UTF_16LE);
    ByteWriter nodes = new ByteWriter().u16le(NODE_FILE_PATH).u16le(4 + name.length);
    nodes.bytes(name).u16le(0xff7f).u16le(4);
    ByteWriter out = new ByteWriter().u64le(0).u64le(4096).u64le(0).u64le(nodes.size());
    return out.bytes(nodes.toBytes()).toBytes();
  }

  private static Bytes text(String text) {
    return Bytes.copyOf(text.getBytes(StandardCharsets.US_ASCII));
  }
}
