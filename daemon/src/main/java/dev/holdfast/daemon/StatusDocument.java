package dev.holdfast.daemon;

import dev.holdfast.codec.JsonWriter;
import dev.holdfast.daemon.config.NodeConfiguration;
import dev.holdfast.node.model.NodeSnapshot;
import dev.holdfast.node.model.NodeSnapshot.DrillReport;
import dev.holdfast.node.model.ProviderStatus;
import dev.holdfast.node.model.Setback;
import java.util.List;
import java.util.Optional;

/// A snapshot as the JSON that `holdfast status --json` prints.
///
/// Spec: docs/spec/local.md#status
final class StatusDocument {
  private static final int VERSION = 1;

  private StatusDocument() {}

  static JsonWriter of(
      NodeConfiguration configuration,
      NodeSnapshot snapshot,
      Optional<Observations.Opening> opening) {
    JsonWriter out =
        JsonWriter.object()
            .put("version", VERSION)
            .put("name", configuration.labels().name())
            .put("endpoint", configuration.advertise().toString())
            .put("state", snapshot.state().code())
            .put("sentence", snapshot.sentence())
            .put("since", snapshot.since().toString())
            .put("storeOpen", snapshot.storeOpen())
            .put("acceptsUserReads", snapshot.users().mayRead())
            .put("acceptsUserWrites", snapshot.users().mayWrite())
            .put("witnessedVersion", snapshot.witnessed())
            .put("insecureSimulatedPlatform", snapshot.self().insecureSimulatedPlatform());
    setback(out, snapshot.setback());
    putOrNull(out, "account", snapshot.self().account().map(Object::toString));
    putOrNull(out, "storeId", snapshot.self().storeId().map(id -> id.toHex()));
    out.put("generation", snapshot.self().generation())
        .put("instance", snapshot.self().instance())
        .put("posture", snapshot.self().posture().toHex())
        .put("k", snapshot.threshold().k())
        .put("n", snapshot.threshold().n())
        .put("members", snapshot.members())
        .put("heldAccounts", snapshot.held().accounts())
        .put("leaving", snapshot.held().leaving())
        .putObjects("providers", providers(snapshot.providers()));
    opening.ifPresentOrElse(
        it -> out.put("openedAfterMillis", it.afterMillis()).put("quotesUntilOpen", it.quotes()),
        () -> out.putNull("openedAfterMillis").putNull("quotesUntilOpen"));
    snapshot
        .drill()
        .ifPresentOrElse(report -> out.put("drill", drill(report)), () -> out.putNull("drill"));
    return out.put("counters", counters(snapshot));
  }

  static JsonWriter drill(DrillReport report) {
    JsonWriter out =
        JsonWriter.object()
            .put("number", report.number())
            .put("at", report.at().toString())
            .put("succeeded", report.succeeded())
            .put("shares", report.shares())
            .put("needed", report.needed())
            .putObjects("providers", providers(report.providers()));
    setback(out, report.setback());
    return out;
  }

  private static List<JsonWriter> providers(List<ProviderStatus> providers) {
    return providers.stream().map(StatusDocument::provider).toList();
  }

  private static JsonWriter provider(ProviderStatus provider) {
    JsonWriter out =
        JsonWriter.object()
            .put("account", provider.account().toString())
            .put("name", provider.name())
            .put("endpoint", provider.endpoint().toString())
            .put("index", provider.index())
            .put("progress", provider.progress().code());
    setback(out, provider.setback());
    return out;
  }

  private static void setback(JsonWriter out, Optional<Setback> setback) {
    if (setback.isEmpty()) {
      out.putNull("setback");
      return;
    }
    out.put(
        "setback",
        JsonWriter.object()
            .put("code", setback.get().code())
            .put("detail", setback.get().detail())
            .put("retryable", setback.get().retryable()));
  }

  private static JsonWriter counters(NodeSnapshot snapshot) {
    return JsonWriter.object()
        .put("releases", snapshot.counters().releases())
        .put("releasesRefused", snapshot.counters().releasesRefused())
        .put("depositsTaken", snapshot.counters().depositsTaken())
        .put("depositsRefused", snapshot.counters().depositsRefused())
        .put("proofsGiven", snapshot.counters().proofsGiven())
        .put("quotesAsked", snapshot.counters().quotesAsked())
        .put("recoveryAttempts", snapshot.counters().recoveryAttempts());
  }

  private static void putOrNull(JsonWriter out, String name, Optional<String> value) {
    value.ifPresentOrElse(text -> out.put(name, text), () -> out.putNull(name));
  }
}
