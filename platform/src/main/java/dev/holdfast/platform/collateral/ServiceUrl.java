package dev.holdfast.platform.collateral;

import dev.holdfast.codec.MalformedException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where a collateral service answers: Intel's PCS, a PCCS, or a cloud's cache of it.
///
/// `https://host`, `http://host:8081`, with a path in front of the service's own
/// (`https://host/cache`), or as Intel's tools are given it (`https://host/sgx/certification/v4/`).
/// What it serves is signed, so that `http` costs no authenticity; it shows everybody on the way
/// which platforms are asked about.
///
/// @param authority host, with a port when it was given
/// @param prefix the path in front, empty or beginning and not ending with `/`
/// @param version of the service's interface, 3 (SGX only) or 4
public record ServiceUrl(String scheme, String host, String authority, String prefix, int version) {
  /// Bound on the text.
  public static final int MAX_CHARACTERS = 512;

  private static final String INTEL_HOST = "api.trustedservices.intel.com";
  private static final URI INTEL_ROOT_CRL =
      URI.create("https://certificates.trustedservices.intel.com/IntelSGXRootCA.der");
  private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*/?");
  private static final Pattern SERVICE_PATH =
      Pattern.compile("(.*)/(?:sgx|tdx)/certification/v([34])");

  /// @throws MalformedException when it is no `http` or `https` URL of a host with a plain path
  public static ServiceUrl parse(String text) throws MalformedException {
    if (text.length() > MAX_CHARACTERS) {
      throw malformed("at most " + MAX_CHARACTERS + " characters", text.length() + " characters");
    }
    URI uri;
    try {
      uri = new URI(text).parseServerAuthority();
    } catch (URISyntaxException e) {
      throw malformed("https://HOST or http://HOST", "other text");
    }
    String scheme = uri.getScheme();
    if (!"https".equals(scheme) && !"http".equals(scheme)) {
      throw malformed("https:// or http://", "another scheme");
    }
    if (uri.getHost() == null
        || uri.getRawUserInfo() != null
        || uri.getRawQuery() != null
        || uri.getRawFragment() != null
        || uri.getPort() == 0
        || uri.getPort() > 65535) {
      throw malformed("host, port and path", "something else");
    }
    String path = uri.getRawPath();
    if (!PATH.matcher(path).matches()) {
      throw malformed("a path of letters, digits and ._~-", "another path");
    }
    String plain = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    Matcher service = SERVICE_PATH.matcher(plain);
    boolean full = service.matches();
    return new ServiceUrl(
        scheme,
        uri.getHost(),
        uri.getRawAuthority(),
        full ? service.group(1) : plain,
        full ? Integer.parseInt(service.group(2)) : 4);
  }

  /// `/sgx/certification/v4/…` of this service.
  URI uri(String technology, String rest) {
    return URI.create(
        "%s://%s%s/%s/certification/v%d/%s"
            .formatted(scheme, authority, prefix, technology, version, rest));
  }

  /// The root CRL: a PCCS has it, Intel's own service has it on another host.
  URI rootCrl() {
    return host.equals(INTEL_HOST) ? INTEL_ROOT_CRL : uri("sgx", "rootcacrl");
  }

  @Override
  public String toString() {
    return scheme + "://" + authority + prefix;
  }

  private static MalformedException malformed(String expected, String found) {
    return new MalformedException("collateral service", 0, "URL", expected, found);
  }
}
