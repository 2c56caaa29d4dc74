package dev.holdfast.daemon.config;

/// A strict `host:port`: a host name, an IPv4 address or an IPv6 address in brackets, and a port of
/// 0..65535 without leading zeros.
///
/// @param host without brackets
public record HostPort(String host, int port) {
  private static final int MAX_HOST_LENGTH = 253;

  /// @throws ConfigurationException naming `key` when `text` has another form
  public static HostPort parse(String key, String text) throws ConfigurationException {
    int colon = text.lastIndexOf(':');
    if (colon <= 0) {
      throw invalid(key, text);
    }
    String host = text.substring(0, colon);
    String port = text.substring(colon + 1);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    boolean wellFormed =
        bracketed ? host.matches("\\[[0-9a-fA-F:.]+]") : host.matches("[0-9A-Za-z.-]+");
    if (!wellFormed || host.length() > MAX_HOST_LENGTH || !port.matches("0|[1-9][0-9]{0,4}")) {
      throw invalid(key, text);
    }
    int number = Integer.parseInt(port);
    if (number > 65_535) {
      throw invalid(key, text);
    }
    return new HostPort(bracketed ? host.substring(1, host.length() - 1) : host, number);
  }

  private static ConfigurationException invalid(String key, String text) {
    return new ConfigurationException(
        key + ": expected host:port such as 10.0.0.7:7400, found \"" + text + "\"");
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
