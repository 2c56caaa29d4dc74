package dev.holdfast.simulator.tcb;

import dev.holdfast.codec.JsonWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One TCB level of a platform.
///
/// @param sgx component SVNs; 16 in a valid document, written as given
/// @param tdx the TDX component SVNs; absent in SGX documents
/// @param advisoryIds left out of the document when empty, as Intel does
public record TcbLevel(
    List<Integer> sgx,
    int pceSvn,
    Optional<List<Integer>> tdx,
    Instant date,
    String status,
    List<String> advisoryIds) {
  private static final Map<Integer, Kind> SGX_KINDS =
      Map.of(
          0, new Kind("BIOS", "Early Microcode Update"),
          1, new Kind("OS/VMM", "SGX Late Microcode Update"),
          2, new Kind("OS/VMM", "TXT SINIT"),
          3, new Kind("BIOS", ""),
          4, new Kind("BIOS", ""),
          5, new Kind("BIOS", ""),
          7, new Kind("OS/VMM", "SEAMLDR ACM"));
  private static final Map<Integer, Kind> TDX_KINDS =
      Map.of(
          0, new Kind("OS/VMM", "TDX Module"),
          1, new Kind("OS/VMM", "TDX Module"),
          2, new Kind("OS/VMM", "TDX Late Microcode Update"));

  private record Kind(String category, String type) {}

  public TcbLevel {
    sgx = List.copyOf(sgx);
    tdx = tdx.map(List::copyOf);
    advisoryIds = List.copyOf(advisoryIds);
  }

  public TcbLevel withSgx(List<Integer> value) {
    return new TcbLevel(value, pceSvn, tdx, date, status, advisoryIds);
  }

  public TcbLevel withPceSvn(int value) {
    return new TcbLevel(sgx, value, tdx, date, status, advisoryIds);
  }

  public TcbLevel withTdx(List<Integer> value) {
    return new TcbLevel(sgx, pceSvn, Optional.of(value), date, status, advisoryIds);
  }

  public TcbLevel withDate(Instant value) {
    return new TcbLevel(sgx, pceSvn, tdx, value, status, advisoryIds);
  }

  /// @param value any text: Intel's words are `UpToDate`, `OutOfDate` and so on
  public TcbLevel withStatus(String value) {
    return new TcbLevel(sgx, pceSvn, tdx, date, value, advisoryIds);
  }

  public TcbLevel withAdvisoryIds(List<String> value) {
    return new TcbLevel(sgx, pceSvn, tdx, date, status, value);
  }

  /// The level as it stands in the document.
  public JsonWriter toJson() {
    Map<Integer, Kind> kinds = tdx.isPresent() ? SGX_KINDS : Map.of();
    JsonWriter tcb =
        JsonWriter.object()
            .putObjects("sgxtcbcomponents", components(sgx, kinds))
            .put("pcesvn", pceSvn);
    tdx.ifPresent(all -> tcb.putObjects("tdxtcbcomponents", components(all, TDX_KINDS)));
    return verdict(JsonWriter.object().put("tcb", tcb), date, status, advisoryIds);
  }

  /// Adds the members that every kind of level ends with.
  static JsonWriter verdict(
      JsonWriter level, Instant date, String status, List<String> advisoryIds) {
    level.put("tcbDate", DocumentRecipe.date(date)).put("tcbStatus", status);
    return advisoryIds.isEmpty() ? level : level.putStrings("advisoryIDs", advisoryIds);
  }

  private static List<JsonWriter> components(List<Integer> svns, Map<Integer, Kind> kinds) {
    List<JsonWriter> all = new ArrayList<>();
    for (int i = 0; i < svns.size(); i++) {
      JsonWriter component = JsonWriter.object().put("svn", svns.get(i));
      Kind kind = kinds.get(i);
      if (kind != null) {
        component.put("category", kind.category());
        if (!kind.type().isEmpty()) {
          component.put("type", kind.type());
        }
      }
      all.add(component);
    }
    return all;
  }
}
