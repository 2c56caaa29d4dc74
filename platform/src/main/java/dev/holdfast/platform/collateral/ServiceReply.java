package dev.holdfast.platform.collateral;

import dev.holdfast.codec.Bytes;
import dev.holdfast.platform.collateral.CollateralServiceException.Kind;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What a service answered, untrusted.
///
/// @param headers values by lower-case name
record ServiceReply(int status, Map<String, List<String>> headers, Bytes body) {
  /// Bound on the body of any reply.
  static final int MAX_BODY_BYTES = 128 * 1024;

  /// Bound on the value of a header that is read, as it stands in the reply.
  static final int MAX_HEADER_CHARACTERS = 16 * 1024;

  /// A service is left alone for at most so long, whatever it says.
  static final Duration MAX_RETRY_AFTER = Duration.ofDays(1);

  /// A code of PCCS: the platform is not in its cache.
  private static final int PCCS_PLATFORM_UNKNOWN = 461;

  ServiceReply {
    headers = Map.copyOf(headers);
  }

  /// @throws CollateralServiceException unless the status is 200: what the other one means
  void requireOk(ServiceRequest request, Instant now) throws CollateralServiceException {
    if (status == 200) {
      return;
    }
    throw new CollateralServiceException(
        kind(request.subject()),
        request.path(),
        "expected status 200, found " + status,
        retryAfter(now));
  }

  private Kind kind(ServiceRequest.Subject subject) {
    return switch (status) {
      case 404 -> subject.ofPlatform() ? Kind.UNKNOWN_PLATFORM : Kind.NOT_SERVED;
      case PCCS_PLATFORM_UNKNOWN -> Kind.UNKNOWN_PLATFORM;
      case 410 -> Kind.NUMBER_GONE;
      case 429, 503 -> Kind.BUSY;
      default ->
          switch (status / 100) {
            case 3 -> Kind.REDIRECTED;
            case 4 -> Kind.REFUSED;
            case 5 -> Kind.FAILED;
            default -> Kind.MALFORMED;
          };
    };
  }

  /// Seconds or an HTTP date; anything else says nothing.
  Optional<Duration> retryAfter(Instant now) {
    List<String> values = headers.getOrDefault("retry-after", List.of());
    if (values.size() != 1) {
      return Optional.empty();
    }
    String text = values.getFirst().strip();
    if (text.matches("[0-9]{1,9}")) {
      return Optional.of(bounded(Duration.ofSeconds(Long.parseLong(text))));
    }
    try {
      Instant until = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text));
      return Optional.of(bounded(Duration.between(now, until)));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static Duration bounded(Duration wait) {
    if (wait.isNegative()) {
      return Duration.ZERO;
    }
    return wait.compareTo(MAX_RETRY_AFTER) > 0 ? MAX_RETRY_AFTER : wait;
  }

  /// The one value of a header.
  ///
  /// @throws CollateralServiceException when it is missing, there twice, or too long
  String header(ServiceRequest request, String name) throws CollateralServiceException {
    List<String> values = headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    if (values.size() != 1) {
      throw request.failure(
          Kind.MALFORMED,
          "expected the header %s once, found it %d times".formatted(name, values.size()));
    }
    String value = values.getFirst();
    if (value.length() > MAX_HEADER_CHARACTERS) {
      throw request.failure(
          Kind.TOO_LARGE,
          "expected at most %d characters in the header %s, found %d"
              .formatted(MAX_HEADER_CHARACTERS, name, value.length()));
    }
    return value;
  }
}
