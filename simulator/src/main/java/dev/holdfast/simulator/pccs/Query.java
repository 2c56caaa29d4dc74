package dev.holdfast.simulator.pccs;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The parameters of a request. Names are case-sensitive, unknown ones are ignored as at Intel, a
/// name given twice is refused.
final class Query {
  static final int MAX_PARAMETERS = 16;
  private static final int MAX_NUMBER_DIGITS = 9;

  private final Map<String, String> parameters;

  private Query(Map<String, String> parameters) {
    this.parameters = parameters;
  }

  /// @param raw what stands behind the question mark, undecoded
  static Query parse(String raw) throws RefusedRequest {
    Map<String, String> parameters = new HashMap<>();
    String[] pairs = raw.isEmpty() ? new String[0] : raw.split("&", -1);
    if (pairs.length > MAX_PARAMETERS) {
      throw RefusedRequest.invalid();
    }
    for (String pair : pairs) {
      int equals = pair.indexOf('=');
      String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
      String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
      if (parameters.put(name, value) != null) {
        throw RefusedRequest.invalid();
      }
    }
    return new Query(parameters);
  }

  private static String decoded(String text) throws RefusedRequest {
    return Percent.decode(text).orElseThrow(RefusedRequest::invalid);
  }

  boolean has(String name) {
    return parameters.containsKey(name);
  }

  /// One of `words`, which `ifAbsent` may stand for.
  String word(String name, List<String> words, String ifAbsent) throws RefusedRequest {
    String value = parameters.getOrDefault(name, ifAbsent);
    if (!words.contains(value)) {
      throw RefusedRequest.invalid();
    }
    return value;
  }

  /// Exactly `size` bytes in hexadecimal of either case.
  Bytes hex(String name, int size) throws RefusedRequest {
    return hex(name, List.of(size)).orElseThrow(RefusedRequest::invalid);
  }

  /// Bytes in hexadecimal of one of `sizes`, or nothing when there is no such parameter.
  Optional<Bytes> hex(String name, List<Integer> sizes) throws RefusedRequest {
    String value = parameters.get(name);
    if (value == null) {
      return Optional.empty();
    }
    try {
      Bytes bytes = Bytes.parseHex(value);
      if (sizes.contains(bytes.size())) {
        return Optional.of(bytes);
      }
    } catch (MalformedException e) {
      // Refused below, as a wrong size is.
    }
    throw RefusedRequest.invalid();
  }

  /// A number of 1 to 9 digits.
  int number(String name) throws RefusedRequest {
    String value = parameters.getOrDefault(name, "");
    if (value.length() > MAX_NUMBER_DIGITS || !value.matches("[0-9]+")) {
      throw RefusedRequest.invalid();
    }
    return Integer.parseInt(value);
  }
}
