package dev.holdfast.attestation.eventlog;

import dev.holdfast.codec.ByteReader;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import java.util.Optional;

/// Event data for people. It comes from whoever made the log, so only printable ASCII gets through,
/// and data that has not the form of its type is just not taken apart.
///
/// Spec: docs/spec/eventlog.md#descriptions
final class EventText {
  static final int MAX_CHARACTERS = 120;

  private static final String FORMAT = "event data";
  private static final int MAX_SHOWN_BYTES = 32;
  private static final int FILE_PATH = 0x0404;

  private EventText() {}

  static String describe(Event event) {
    String data = ofType(event).orElseGet(() -> plain(event.data()));
    if (event.name().isEmpty()) {
      return cut(data);
    }
    String name = printable(event.name());
    return cut(event.data().isEmpty() ? name : name + ": " + data);
  }

  private static Optional<String> ofType(Event event) {
    Optional<EventType> type = EventType.of(event.type());
    if (type.isEmpty() || event.data().isEmpty()) {
      return Optional.empty();
    }
    try {
      ByteReader in = ByteReader.of(FORMAT, event.data());
      return switch (type.get()) {
        case EV_EFI_VARIABLE_DRIVER_CONFIG,
            EV_EFI_VARIABLE_BOOT,
            EV_EFI_VARIABLE_BOOT2,
            EV_EFI_VARIABLE_AUTHORITY,
            EV_EFI_SPDM_DEVICE_POLICY,
            EV_EFI_SPDM_DEVICE_AUTHORITY ->
            Optional.of(variable(in));
        case EV_EFI_BOOT_SERVICES_APPLICATION,
            EV_EFI_BOOT_SERVICES_DRIVER,
            EV_EFI_RUNTIME_SERVICES_DRIVER ->
            Optional.of(image(in));
        case EV_EFI_PLATFORM_FIRMWARE_BLOB2, EV_EFI_HANDOFF_TABLES2 ->
            Optional.of(plain(in.bytes(in.u8("size"), "text")));
        case EV_EVENT_TAG -> Optional.of(tagged(in));
        default -> Optional.empty();
      };
    } catch (MalformedException e) {
      // The description is a courtesy; the data is shown as it is.
      return Optional.empty();
    }
  }

  private static String variable(ByteReader in) throws MalformedException {
    String guid =
        "%08x-%04x-%04x-%s-%s"
            .formatted(
                in.u32le("guid"),
                in.u16le("guid"),
                in.u16le("guid"),
                in.bytes(2, "guid").toHex(),
                in.bytes(6, "guid").toHex());
    long nameSize = doubled(in.u64le("nameLength"), in);
    long size = in.u64le("dataLength");
    String name = utf16(in.slice(nameSize, "name"));
    Bytes value = in.slice(size, "data").rest();
    in.requireEnd("data");
    return "%s %s (%s)".formatted(name, value.isEmpty() ? "is empty" : "= " + plain(value), guid);
  }

  private static long doubled(long characters, ByteReader in) throws MalformedException {
    if (characters < 0 || characters > EventLog.MAX_EVENT_DATA) {
      throw in.malformed("nameLength", "a length", "more");
    }
    return 2 * characters;
  }

  /// The file path of the image, when its device path has one.
  private static String image(ByteReader in) throws MalformedException {
    in.u64le("location");
    String size = Long.toUnsignedString(in.u64le("length"));
    in.u64le("linkTimeAddress");
    ByteReader path = in.slice(in.u64le("devicePathLength"), "devicePath");
    StringBuilder files = new StringBuilder();
    while (path.remaining() > 0) {
      int type = path.u16be("type");
      int nodeSize = path.u16le("size");
      ByteReader node = path.slice(nodeSize - 4L, "node");
      if (type == FILE_PATH && files.length() <= MAX_CHARACTERS) {
        files.append(utf16(node)).append(", ");
      }
    }
    return "%s%s bytes".formatted(files, size);
  }

  private static String tagged(ByteReader in) throws MalformedException {
    long id = in.u32le("id");
    Bytes content = in.slice(in.u32le("size"), "content").rest();
    in.requireEnd("content");
    return "%08x: %s".formatted(id, plain(content));
  }

  /// UTF-16 up to its end or a zero; what is not printable ASCII becomes a question mark.
  private static String utf16(ByteReader in) throws MalformedException {
    StringBuilder text = new StringBuilder();
    while (in.remaining() > 0 && text.length() <= MAX_CHARACTERS) {
      int character = in.u16le("character");
      if (character == 0) {
        break;
      }
      text.append(isPrintable(character) ? (char) character : '?');
    }
    return text.toString();
  }

  /// Text when all of it is, with or without a zero byte at its end; else few bytes, else a size.
  private static String plain(Bytes data) {
    int size = data.size();
    if (size > 1 && data.at(size - 1) == 0) {
      size--;
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < size; i++) {
      int c = data.at(i);
      boolean space = c == '\t' || c == '\n' || c == '\r';
      if (!space && !isPrintable(c)) {
        return data.size() <= MAX_SHOWN_BYTES ? "0x" + data.toHex() : data.size() + " bytes";
      }
      if (text.length() <= MAX_CHARACTERS) {
        text.append(space ? ' ' : (char) c);
      }
    }
    return text.toString();
  }

  private static String printable(String text) {
    StringBuilder out = new StringBuilder();
    text.chars().forEach(c -> out.append(isPrintable(c) ? (char) c : '?'));
    return out.toString();
  }

  private static boolean isPrintable(int c) {
    return c >= 0x20 && c < 0x7f;
  }

  private static String cut(String text) {
    return text.length() <= MAX_CHARACTERS ? text : text.substring(0, MAX_CHARACTERS - 3) + "...";
  }
}
