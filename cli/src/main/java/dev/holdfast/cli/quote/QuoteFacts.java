package dev.holdfast.cli.quote;

import dev.holdfast.attestation.Platform;
import dev.holdfast.attestation.UnverifiedQuote;
import dev.holdfast.attestation.quote.EnclaveReport;
import dev.holdfast.attestation.quote.TdReport;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.JsonWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The fields of a quote by name, in hexadecimal, in the order of printing.
final class QuoteFacts {
  private final int version;
  private final Map<String, String> fields = new LinkedHashMap<>();

  private QuoteFacts(int version) {
    this.version = version;
  }

  static QuoteFacts of(UnverifiedQuote quote) {
    QuoteFacts facts = new QuoteFacts(quote.version());
    facts.fields.put("tee", quote.tee().name().toLowerCase(java.util.Locale.ROOT));
    switch (quote.report()) {
      case TdReport td -> facts.add(td);
      case EnclaveReport enclave -> facts.add(enclave);
    }
    facts.add("reportData", quote.report().reportData());
    quote.platform().ifPresent(facts::add);
    quote.pckCa().ifPresent(ca -> facts.fields.put("pckCa", ca.code()));
    return facts;
  }

  /// The members of `quote` in `quote verify --json`.
  JsonWriter json() {
    JsonWriter out = JsonWriter.object().put("version", version);
    fields.forEach(out::put);
    return out;
  }

  String text() {
    StringBuilder out = new StringBuilder();
    out.append("version             ").append(version).append('\n');
    fields.forEach((name, value) -> out.append("%-20s%s%n".formatted(name, value)));
    return out.toString();
  }

  private void add(TdReport td) {
    add("mrtd", td.mrTd());
    for (int i = 0; i < 4; i++) {
      add("rtmr" + i, td.rtmr(i));
    }
    add("mrConfigId", td.mrConfigId());
    add("mrOwner", td.mrOwner());
    add("mrOwnerConfig", td.mrOwnerConfig());
    add("mrSeam", td.mrSeam());
    add("mrSignerSeam", td.mrSignerSeam());
    add("teeTcbSvn", td.teeTcbSvn());
    add("teeTcbSvn2", td.teeTcbSvn2());
    add("mrServiceTd", td.mrServiceTd());
    fields.put("tdAttributes", "%016x".formatted(td.tdAttributes()));
    fields.put("xfam", "%016x".formatted(td.xfam()));
  }

  private void add(EnclaveReport enclave) {
    add("mrEnclave", enclave.mrEnclave());
    add("mrSigner", enclave.mrSigner());
    fields.put("isvProdId", Integer.toString(enclave.isvProdId()));
    fields.put("isvSvn", Integer.toString(enclave.isvSvn()));
    add("cpuSvn", enclave.cpuSvn());
    add("attributes", enclave.attributes());
    add("miscSelect", enclave.miscSelect());
  }

  private void add(Platform platform) {
    add("fmspc", platform.fmspc());
    add("pceId", platform.pceId());
    add("ppid", platform.ppid());
    add("platformInstanceId", platform.instanceId());
  }

  private void add(String name, Optional<Bytes> value) {
    value.ifPresent(bytes -> add(name, bytes));
  }

  private void add(String name, Bytes value) {
    fields.put(name, value.toHex());
  }
}
