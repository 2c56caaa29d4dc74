package dev.holdfast.attestation.policy;

import dev.holdfast.attestation.tcb.TcbStatus;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Json;
import dev.holdfast.codec.JsonValue;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.JsonValue.JsonString;
import dev.holdfast.codec.MalformedException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Parses policies. Strict, since a misspelt restriction would silently not restrict.
///
/// Spec: docs/spec/policy.md#members
final class PolicyReader {
  private static final int MAX_ADVISORIES = 1024;
  private static final int MAX_ADVISORY_CHARACTERS = 64;
  private static final int MAX_EVALUATION_NUMBER = 1_000_000;
  private static final int MAX_IMAGES = 256;
  private static final int MAX_PLATFORMS = 4096;
  private static final int PLATFORM_ID_SIZE = 16;
  private static final int REPORT_DATA_SIZE = 64;
  private static final int MAX_U16 = 0xffff;

  private final JsonObject document;

  private PolicyReader(JsonObject document) {
    this.document = document;
  }

  static AttestationPolicy parse(Bytes json) throws MalformedException {
    if (json.size() > AttestationPolicy.MAX_SIZE) {
      throw new MalformedException(
          "policy",
          0,
          "$",
          "at most " + AttestationPolicy.MAX_SIZE + " bytes",
          json.size() + " bytes");
    }
    return new PolicyReader(Json.parse(json).asObject()).policy();
  }

  private AttestationPolicy policy() throws MalformedException {
    requireOnly(document, Member.POLICY);
    if (document.has(Member.VERSION)) {
      document.integer(Member.VERSION, 1, 1);
    }
    return new AttestationPolicy(
        tcb(),
        chosen(Member.RELAXATIONS, Relaxation.values()),
        new Workload(
            images(Member.MEASUREMENTS, PolicyReader::measurement),
            registers(),
            images(Member.ENCLAVES, PolicyReader::enclave)),
        platforms(),
        chosen(Member.REFUSED_PLATFORM_FLAGS, PlatformFlag.values()),
        hex(document, Member.REPORT_DATA, REPORT_DATA_SIZE));
  }

  private TcbPolicy tcb() throws MalformedException {
    int minEvaluationNumber =
        document.has(Member.MIN_EVALUATION_NUMBER)
            ? (int) document.integer(Member.MIN_EVALUATION_NUMBER, 0, MAX_EVALUATION_NUMBER)
            : 0;
    return new TcbPolicy(
        statuses(),
        instant(Member.GRACE_UNTIL),
        acceptedAdvisories(),
        advisories(Member.DENIED_ADVISORIES),
        minEvaluationNumber,
        instant(Member.MIN_TCB_DATE),
        instant(Member.COLLATERAL_GRACE_UNTIL));
  }

  private Set<TcbStatus> statuses() throws MalformedException {
    List<TcbStatus> acceptable =
        Arrays.stream(TcbStatus.values()).filter(status -> !status.terminal()).toList();
    return chosen(Member.ACCEPTED_STATUSES, acceptable, TcbStatus::code);
  }

  private Optional<Set<String>> acceptedAdvisories() throws MalformedException {
    boolean any =
        document.find(Member.ACCEPTED_ADVISORIES).orElse(null) instanceof JsonString text
            && text.value().equals(Member.ANY);
    return any ? Optional.empty() : Optional.of(advisories(Member.ACCEPTED_ADVISORIES));
  }

  private Set<String> advisories(String name) throws MalformedException {
    Set<String> ids = new HashSet<>();
    for (JsonValue item : items(document, name, MAX_ADVISORIES)) {
      String id = item.asString();
      boolean plain =
          !id.isEmpty()
              && id.length() <= MAX_ADVISORY_CHARACTERS
              && id.chars().allMatch(c -> c > 0x20 && c < 0x7f);
      if (!plain) {
        throw item.mismatch("an advisory id such as INTEL-SA-00615", "another text");
      }
      requireOnce(item, ids.add(id));
    }
    return ids;
  }

  private <E extends Enum<E>> Set<E> chosen(String name, E[] values) throws MalformedException {
    return chosen(name, List.of(values), Member::code);
  }

  private <E> Set<E> chosen(String name, List<E> values, Function<E, String> code)
      throws MalformedException {
    Map<String, E> byCode = values.stream().collect(Collectors.toMap(code, value -> value));
    Set<E> chosen = new HashSet<>();
    for (JsonValue item : items(document, name, values.size())) {
      E value = byCode.get(item.asString());
      if (value == null) {
        throw item.mismatch(
            "one of " + values.stream().map(code).collect(Collectors.joining(", ")),
            "another text");
      }
      requireOnce(item, chosen.add(value));
    }
    return chosen;
  }

  private Optional<Set<Bytes>> platforms() throws MalformedException {
    return document.has(Member.PLATFORMS)
        ? Optional.of(hexes(document, Member.PLATFORMS, MAX_PLATFORMS, PLATFORM_ID_SIZE))
        : Optional.empty();
  }

  private Map<Register, Set<Bytes>> registers() throws MalformedException {
    Map<Register, Set<Bytes>> registers = new EnumMap<>(Register.class);
    if (document.has(Member.REGISTERS)) {
      JsonObject object = document.object(Member.REGISTERS);
      requireOnly(
          object, Arrays.stream(Register.values()).map(Register::code).collect(Collectors.toSet()));
      for (Register register : Register.values()) {
        if (object.has(register.code())) {
          registers.put(register, hexes(object, register.code(), MAX_IMAGES, Register.SIZE));
        }
      }
    }
    return registers;
  }

  private interface ImageReader<T> {
    T read(JsonObject object) throws MalformedException;
  }

  private <T> Optional<List<T>> images(String name, ImageReader<T> reader)
      throws MalformedException {
    if (!document.has(name)) {
      return Optional.empty();
    }
    List<T> images = new ArrayList<>();
    for (JsonValue item : items(document, name, MAX_IMAGES)) {
      images.add(reader.read(item.asObject()));
    }
    return Optional.of(images);
  }

  private static Measurement measurement(JsonObject object) throws MalformedException {
    requireOnly(object, Member.MEASUREMENT);
    return new Measurement(
        object.hex(Register.MRTD.code(), Register.SIZE),
        hex(object, Register.RTMR0.code(), Register.SIZE),
        object.hex(Register.RTMR1.code(), Register.SIZE),
        object.hex(Register.RTMR2.code(), Register.SIZE),
        hex(object, Register.RTMR3.code(), Register.SIZE));
  }

  private static EnclaveMeasurement enclave(JsonObject object) throws MalformedException {
    requireOnly(object, Member.ENCLAVE);
    Optional<Bytes> mrEnclave = hex(object, Member.MRENCLAVE, EnclaveMeasurement.HASH_SIZE);
    Optional<Bytes> mrSigner = hex(object, Member.MRSIGNER, EnclaveMeasurement.HASH_SIZE);
    Optional<Integer> isvProdId = u16(object, Member.ISVPRODID);
    if (mrEnclave.isEmpty() && (mrSigner.isEmpty() || isvProdId.isEmpty())) {
      throw object.mismatch("mrenclave, or mrsigner and isvprodid", "neither");
    }
    return new EnclaveMeasurement(
        mrEnclave, mrSigner, isvProdId, u16(object, Member.MIN_ISVSVN).orElse(0));
  }

  private static Optional<Integer> u16(JsonObject object, String name) throws MalformedException {
    return object.has(name)
        ? Optional.of((int) object.integer(name, 0, MAX_U16))
        : Optional.empty();
  }

  private static Optional<Bytes> hex(JsonObject object, String name, int size)
      throws MalformedException {
    return object.has(name) ? Optional.of(object.hex(name, size)) : Optional.empty();
  }

  private static Set<Bytes> hexes(JsonObject object, String name, int max, int size)
      throws MalformedException {
    Set<Bytes> values = new HashSet<>();
    for (JsonValue item : items(object, name, max)) {
      requireOnce(item, values.add(item.asHex(size)));
    }
    return values;
  }

  private static List<JsonValue> items(JsonObject object, String name, int max)
      throws MalformedException {
    return object.has(name) ? object.array(name, max).items() : List.of();
  }

  private Optional<Instant> instant(String name) throws MalformedException {
    return document.has(name) ? Optional.of(document.instant(name)) : Optional.empty();
  }

  private static void requireOnce(JsonValue item, boolean added) throws MalformedException {
    if (!added) {
      throw item.mismatch("each value once", "one twice");
    }
  }

  /// Names the members that there are: a policy is written by hand.
  private static void requireOnly(JsonObject object, Set<String> names) throws MalformedException {
    for (JsonValue.Member member : object.members()) {
      if (!names.contains(member.name())) {
        throw member
            .value()
            .mismatch("a member of " + names.stream().sorted().toList(), "an unknown one");
      }
    }
  }
}
