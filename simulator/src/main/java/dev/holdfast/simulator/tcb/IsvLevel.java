package dev.holdfast.simulator.tcb;

import dev.holdfast.codec.JsonWriter;
import java.time.Instant;
import java.util.List;

/// One level of a quoting enclave or a TDX module: the SVN from which on it holds.
///
/// @param advisoryIds left out of the document when empty, as Intel does
public record IsvLevel(int isvSvn, Instant date, String status, List<String> advisoryIds) {
  public IsvLevel {
    advisoryIds = List.copyOf(advisoryIds);
  }

  public static IsvLevel of(int isvSvn, Instant date, String status) {
    return new IsvLevel(isvSvn, date, status, List.of());
  }

  /// The level as it stands in the document.
  public JsonWriter toJson() {
    JsonWriter tcb = JsonWriter.object().put("isvsvn", isvSvn);
    return TcbLevel.verdict(JsonWriter.object().put("tcb", tcb), date, status, advisoryIds);
  }
}
