package dev.holdfast.simulator.pki;

import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// The content of the Intel SGX extension of a PCK certificate.
///
/// @param components 16 SVNs; written as given, so that 256 can be tried
/// @param configuration present under the Platform CA only: seven entries then, else five
/// @param entries changes the list of encoded entries before they are put together
public record SgxExtension(
    Bytes ppid,
    List<Integer> components,
    int pceSvn,
    Bytes pceId,
    Bytes fmspc,
    int sgxType,
    Optional<Configuration> configuration,
    UnaryOperator<List<Bytes>> entries) {
  public static final String OID = "1.2.840.113741.1.13.1";

  private static final int CPU_SVN_SIZE = 16;

  /// What only certificates of the Platform CA say.
  public record Configuration(
      Bytes platformInstanceId, boolean dynamicPlatform, boolean cachedKeys, boolean smtEnabled) {}

  public SgxExtension {
    components = List.copyOf(components);
  }

  /// The component SVNs as the 16 bytes that stand in report bodies, zero where one is missing.
  public Bytes cpuSvn() {
    ByteWriter out = new ByteWriter();
    components.forEach(out::u8);
    return out.bytes(Bytes.zero(CPU_SVN_SIZE)).toBytes().slice(0, CPU_SVN_SIZE);
  }

  /// The extension of a certificate.
  public Extension toExtension() {
    List<Bytes> all = new ArrayList<>();
    all.add(entry("1", Der.octetString(ppid)));
    all.add(entry("2", tcb()));
    all.add(entry("3", Der.octetString(pceId)));
    all.add(entry("4", Der.octetString(fmspc)));
    all.add(entry("5", Der.enumerated(sgxType)));
    configuration.ifPresent(c -> {
      all.add(entry("6", Der.octetString(c.platformInstanceId())));
      all.add(entry("7", flags(c)));
    });
    return new Extension(OID, false, Der.sequence(entries.apply(all)));
  }

  /// One entry: an identifier below the extension's own, and a value.
  public static Bytes entry(String arcs, Bytes value) {
    return Der.sequence(Der.oid(OID + "." + arcs), value);
  }

  public SgxExtension withPpid(Bytes value) {
    return new SgxExtension(
        value, components, pceSvn, pceId, fmspc, sgxType, configuration, entries);
  }

  public SgxExtension withComponents(List<Integer> value) {
    return new SgxExtension(ppid, value, pceSvn, pceId, fmspc, sgxType, configuration, entries);
  }

  public SgxExtension withPceSvn(int value) {
    return new SgxExtension(ppid, components, value, pceId, fmspc, sgxType, configuration, entries);
  }

  public SgxExtension withPceId(Bytes value) {
    return new SgxExtension(
        ppid, components, pceSvn, value, fmspc, sgxType, configuration, entries);
  }

  public SgxExtension withFmspc(Bytes value) {
    return new SgxExtension(
        ppid, components, pceSvn, pceId, value, sgxType, configuration, entries);
  }

  public SgxExtension withSgxType(int value) {
    return new SgxExtension(ppid, components, pceSvn, pceId, fmspc, value, configuration, entries);
  }

  public SgxExtension withConfiguration(Optional<Configuration> value) {
    return new SgxExtension(ppid, components, pceSvn, pceId, fmspc, sgxType, value, entries);
  }

  /// Changes the encoded entries before they are put together: drop, repeat, extend, reorder.
  public SgxExtension withEntries(UnaryOperator<List<Bytes>> value) {
    return new SgxExtension(ppid, components, pceSvn, pceId, fmspc, sgxType, configuration, value);
  }

  private Bytes tcb() {
    List<Bytes> all = new ArrayList<>();
    for (int i = 0; i < components.size(); i++) {
      all.add(entry("2." + (i + 1), Der.integer(components.get(i))));
    }
    all.add(entry("2.17", Der.integer(pceSvn)));
    all.add(entry("2.18", Der.octetString(cpuSvn())));
    return Der.sequence(all);
  }

  private static Bytes flags(Configuration configuration) {
    return Der.sequence(
        entry("7.1", Der.bool(configuration.dynamicPlatform())),
        entry("7.2", Der.bool(configuration.cachedKeys())),
        entry("7.3", Der.bool(configuration.smtEnabled())));
  }
}
