package dev.holdfast.protocol;

import dev.holdfast.codec.MalformedException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
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
  private static final Pattern PORT = Pattern.compile("[1-9][0-9]{0,4}");
  private static final Pattern IPV4 =
      Pattern.compile("((0|[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5])(\\.(?!$)|$)){4}");
  private static final Pattern IPV6 = Pattern.compile("\\[[0-9a-f:.]{2,45}]");
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

  /// True when nothing may connect to `address`: also to be asked of what a name resolves to.
  public static boolean isRefused(InetAddress address) {
    return address.isLinkLocalAddress()
        || address.isMulticastAddress()
        || address.isAnyLocalAddress();
  }

  private static void requireHost(String host) throws MalformedException {
    InetAddress address;
    try {
      if (IPV4.matcher(host).matches()) {
        address = Inet4Address.ofLiteral(host);
      } else if (IPV6.matcher(host).matches()) {
        address = Inet6Address.ofLiteral(host.substring(1, host.length() - 1));
      } else {
        requireName(host);
        return;
      }
    } catch (IllegalArgumentException e) {
      throw malformed("host", "an IP address");
    }
    if (isRefused(address)) {
      throw malformed("host", "an address that is not link-local, multicast or unspecified");
    }
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
