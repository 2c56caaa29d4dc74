package dev.holdfast.protocol;

import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// Where a member serves its peers: strictly `host:port`, nothing that could smuggle a path, a user
/// or another scheme into a URL.
///
/// The host is a DNS name of lower-case labels, an IPv4 address of four decimal numbers, or an IPv6
/// address in brackets. Link-local, multicast and unspecified addresses are refused; a name that
/// resolves to one must be refused by whoever connects.
///
/// Spec: docs/spec/protocol.md#endpoints
public record Endpoint(String host, int port) implements Comparable<Endpoint> {
  public static final int MAX_SIZE = 260;

  private static final int MAX_NAME_SIZE = 253;
  private static final int MAX_PORT = 65_535;
  private static final int GROUPS = 8;
  private static final Pattern GROUP = Pattern.compile("[0-9a-f]{1,4}");
  private static final Pattern PORT = Pattern.compile("[1-9][0-9]{0,4}");
  private static final Pattern IPV4 =
      Pattern.compile("((0|[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5])(\\.(?!$)|$)){4}");
  private static final Pattern IPV6 = Pattern.compile("\\[[0-9a-f:]{2,39}]");
  private static final Pattern NAME =
      Pattern.compile("([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)*[a-z]([a-z0-9-]{0,61}[a-z0-9])?");

  /// Parses `host:port`.
  ///
  /// @throws MalformedException when the text is anything else, or an address that is refused
  public static Endpoint parse(String text) throws MalformedException {
    int colon = text.lastIndexOf(':');
    if (colon < 0 || text.length() > MAX_SIZE) {
      throw malformed("endpoint", "host:port");
    }
    String port = text.substring(colon + 1);
    if (!PORT.matcher(port).matches() || Integer.parseInt(port) > MAX_PORT) {
      throw malformed("port", "1..65535");
    }
    String host = text.substring(0, colon);
    requireHost(host);
    return new Endpoint(host, Integer.parseInt(port));
  }

  /// True when nothing may connect to this address of 4 or 16 bytes: also to be asked of what a
  /// name resolves to. Refused: unspecified, link-local, multicast, and IPv4 addresses written as
  /// IPv6.
  public static boolean isRefused(Bytes address) {
    if (address.size() == 4) {
      return address.at(0) == 0
          || (address.at(0) == 169 && address.at(1) == 254)
          || address.at(0) >= 224;
    }
    boolean lowIsAnIpv4 = address.slice(0, 10).isZero();
    return (address.at(0) == 0xfe && (address.at(1) & 0xc0) == 0x80)
        || address.at(0) == 0xff
        || address.isZero()
        || (lowIsAnIpv4 && address.at(10) == 0xff && address.at(11) == 0xff);
  }

  private static void requireHost(String host) throws MalformedException {
    Bytes address;
    if (IPV4.matcher(host).matches()) {
      address = ipv4(host);
    } else if (IPV6.matcher(host).matches()) {
      address = ipv6(host.substring(1, host.length() - 1));
    } else {
      requireName(host);
      return;
    }
    if (isRefused(address)) {
      throw malformed("host", "an address that is not link-local, multicast or unspecified");
    }
  }

  private static Bytes ipv4(String host) {
    ByteWriter out = new ByteWriter();
    for (String number : split(host, '.')) {
      out.u8(Integer.parseInt(number));
    }
    return out.toBytes();
  }

  /// Eight groups of one to four digits; one run of zero groups may be written as `::`.
  private static Bytes ipv6(String text) throws MalformedException {
    int gap = text.indexOf("::");
    if (gap < 0) {
      return groups(text, GROUPS);
    }
    String before = text.substring(0, gap);
    String after = text.substring(gap + 2);
    if (after.contains("::")) {
      throw malformed("host", "an IPv6 address");
    }
    Bytes head = groups(before, -1);
    Bytes tail = groups(after, -1);
    int missing = 2 * GROUPS - head.size() - tail.size();
    if (missing < 2) {
      throw malformed("host", "an IPv6 address");
    }
    return new ByteWriter().bytes(head).bytes(Bytes.zero(missing)).bytes(tail).toBytes();
  }

  private static Bytes groups(String text, int count) throws MalformedException {
    ByteWriter out = new ByteWriter();
    List<String> groups = text.isEmpty() ? List.of() : split(text, ':');
    for (String group : groups) {
      if (!GROUP.matcher(group).matches()) {
        throw malformed("host", "an IPv6 address");
      }
      out.u16be(Integer.parseInt(group, 16));
    }
    if (count >= 0 && groups.size() != count) {
      throw malformed("host", "an IPv6 address");
    }
    return out.toBytes();
  }

  private static List<String> split(String text, char at) {
    List<String> parts = new ArrayList<>();
    int start = 0;
    for (int end = text.indexOf(at); end >= 0; end = text.indexOf(at, start)) {
      parts.add(text.substring(start, end));
      start = end + 1;
    }
    parts.add(text.substring(start));
    return parts;
  }

  /// The last label starts with a letter, so that no resolver reads a name as a number.
  private static void requireName(String host) throws MalformedException {
    if (host.length() > MAX_NAME_SIZE || !NAME.matcher(host).matches()) {
      throw malformed("host", "a lower-case DNS name, an IPv4 address or an IPv6 one in brackets");
    }
  }

  private static MalformedException malformed(String field, String expected) {
    return new MalformedException("endpoint", 0, field, expected, "other text");
  }

  @Override
  public int compareTo(Endpoint other) {
    return toString().compareTo(other.toString());
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s:%d", host, port);
  }
}
