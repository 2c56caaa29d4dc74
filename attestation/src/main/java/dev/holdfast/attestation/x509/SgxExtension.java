package dev.holdfast.attestation.x509;

import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// What a PCK certificate says about its platform (OID 1.2.840.113741.1.13.1).
///
/// - `ppid` 16 bytes, `fmspc` 6, `pceId` 2, `instanceId` 16 (Platform CA only).
/// - `sgxType`: 0 standard, 1 scalable, 2 scalable with integrity.
/// - `configuration`: Platform CA only.
///
/// Spec: docs/spec/attestation.md#sgx-extension
public record SgxExtension(
    Identity identity,
    Tcb tcb,
    int sgxType,
    Optional<Bytes> instanceId,
    Optional<Configuration> configuration) {
  private static final String FORMAT = "SGX extension";
  private static final int COMPONENTS = 16;
  private static final int PCE_SVN = 17;
  private static final int CPU_SVN = 18;

  public record Identity(Bytes ppid, Bytes fmspc, Bytes pceId) {}

  /// The SVNs of the platform: 16 components of a byte each, in order, and the PCE's.
  public record Tcb(Bytes components, int pceSvn) {}

  public record Configuration(boolean dynamicPlatform, boolean cachedKeys, boolean smtEnabled) {}

  static SgxExtension parse(Bytes value) throws MalformedException {
    Map<Integer, Der> parts = parts(Der.of(FORMAT, value), Oids.SGX);
    Identity identity =
        new Identity(
            last(take(parts, 1, "PPID"), 16, "PPID"),
            last(take(parts, 4, "FMSPC"), 6, "FMSPC"),
            last(take(parts, 3, "PCE-ID"), 2, "PCE-ID"));
    Tcb tcb = tcb(take(parts, 2, "TCB"));
    Der type = take(parts, 5, "SGX type");
    int sgxType = type.enumerated(2, "SGX type");
    type.requireEnd("SGX type");
    Optional<Bytes> instanceId = Optional.empty();
    Der instance = parts.remove(6);
    if (instance != null) {
      instanceId = Optional.of(last(instance, 16, "platform instance id"));
    }
    Optional<Configuration> configuration = Optional.empty();
    Der flags = parts.remove(7);
    if (flags != null) {
      configuration = Optional.of(configuration(flags));
    }
    requireNone(parts);
    return new SgxExtension(identity, tcb, sgxType, instanceId, configuration);
  }

  private static Tcb tcb(Der in) throws MalformedException {
    Map<Integer, Der> parts = parts(in, subOid(2));
    ByteWriter components = new ByteWriter();
    for (int i = 1; i <= COMPONENTS; i++) {
      components.u8(lastInteger(take(parts, i, "TCB component"), 0xff, "TCB component"));
    }
    int pceSvn = lastInteger(take(parts, PCE_SVN, "PCESVN"), 0xffff, "PCESVN");
    // CPUSVN repeats the components on all known platforms; the specification compares those.
    last(take(parts, CPU_SVN, "CPUSVN"), 16, "CPUSVN");
    requireNone(parts);
    return new Tcb(components.toBytes(), pceSvn);
  }

  private static Configuration configuration(Der in) throws MalformedException {
    Map<Integer, Der> parts = parts(in, subOid(7));
    Configuration configuration =
        new Configuration(
            flag(take(parts, 1, "dynamicPlatform")),
            flag(take(parts, 2, "cachedKeys")),
            flag(take(parts, 3, "SMT")));
    requireNone(parts);
    return configuration;
  }

  /// Reads the SEQUENCE OF SEQUENCE { OID, value } that `in` is about to enter and must end with;
  /// gives a cursor at each value by the last number of its OID, which must be `prefix` and that
  /// number.
  private static Map<Integer, Der> parts(Der in, Bytes prefix) throws MalformedException {
    Der list = in.sequence("parts");
    in.requireEnd("parts");
    Map<Integer, Der> parts = new HashMap<>();
    while (list.hasMore()) {
      Der part = list.sequence("part");
      Bytes oid = part.oid("part.id");
      boolean known =
          oid.size() == prefix.size() + 1
              && oid.slice(0, prefix.size()).equals(prefix)
              && oid.at(prefix.size()) < 0x80;
      if (!known || parts.putIfAbsent(oid.at(prefix.size()), part) != null) {
        throw list.malformed("part.id", "each known part once", "another");
      }
    }
    return parts;
  }

  private static Der take(Map<Integer, Der> parts, int number, String field)
      throws MalformedException {
    Der part = parts.remove(number);
    if (part == null) {
      throw new MalformedException(FORMAT, 0, field, "one", "none");
    }
    return part;
  }

  private static void requireNone(Map<Integer, Der> parts) throws MalformedException {
    if (!parts.isEmpty()) {
      throw new MalformedException(FORMAT, 0, "part.id", "known parts", "an unknown one");
    }
  }

  private static Bytes last(Der part, int size, String field) throws MalformedException {
    Bytes value = part.octets(size, field);
    part.requireEnd(field);
    return value;
  }

  private static int lastInteger(Der part, int max, String field) throws MalformedException {
    int value = part.smallInteger(max, field);
    part.requireEnd(field);
    return value;
  }

  private static boolean flag(Der part) throws MalformedException {
    boolean value = part.bool("flag");
    part.requireEnd("flag");
    return value;
  }

  private static Bytes subOid(int number) {
    return new ByteWriter().bytes(Oids.SGX).u8(number).toBytes();
  }
}
