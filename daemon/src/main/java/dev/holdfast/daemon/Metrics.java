package dev.holdfast.daemon;

import dev.holdfast.node.model.Counters;
import dev.holdfast.node.model.NodeSnapshot;
import dev.holdfast.node.model.NodeState;
import dev.holdfast.node.model.ProviderStatus;
import dev.holdfast.node.model.ProviderStatus.Progress;

/// The node's figures in Prometheus' text format. Names are API.
final class Metrics {
  static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final StringBuilder out = new StringBuilder();

  private Metrics() {}

  static String text(NodeSnapshot snapshot) {
    Metrics metrics = new Metrics();
    metrics.state(snapshot.state());
    metrics.gauge("store_open", "Whether the node's own store is open.", snapshot.storeOpen());
    metrics.gauge("user_reads_accepted", "Whether users may read.", snapshot.users().mayRead());
    metrics.gauge(
        "user_writes_accepted", "Whether user writes are accepted.", snapshot.acceptsUserWrites());
    metrics.gauge(
        "insecure_simulated_platform",
        "Whether the platform is simulated: then the node protects nothing.",
        snapshot.self().insecureSimulatedPlatform());
    metrics.value("members", "gauge", "Verified members.", snapshot.members());
    metrics.value("generation", "gauge", "Generation.", snapshot.self().generation());
    metrics.value(
        "witnessed_version",
        "gauge",
        "Version of the store that a quorum of providers has acknowledged, -1 for none.",
        snapshot.witnessed());
    metrics.value("instance", "gauge", "Instance.", snapshot.self().instance());
    long firm = snapshot.providers().stream().filter(Metrics::isFirm).count();
    metrics.value("shares_firm", "gauge", "Own shares held firmly.", firm);
    metrics.counters(snapshot.counters());
    return metrics.out.toString();
  }

  private static boolean isFirm(ProviderStatus provider) {
    return provider.progress() == Progress.FIRM || provider.progress() == Progress.LEAVING;
  }

  private void counters(Counters counters) {
    value("releases_total", "counter", "Shares released.", counters.releases());
    value("releases_refused_total", "counter", "Releases refused.", counters.releasesRefused());
    value("deposits_taken_total", "counter", "Deposits taken.", counters.depositsTaken());
    value("deposits_refused_total", "counter", "Deposits refused.", counters.depositsRefused());
    value("proofs_given_total", "counter", "Live proofs given.", counters.proofsGiven());
    value("quotes_asked_total", "counter", "Quotes asked for.", counters.quotesAsked());
    value("recovery_attempts_total", "counter", "Recovery attempts.", counters.recoveryAttempts());
  }

  private void state(NodeState present) {
    header("state", "gauge", "1 for the state the node is in.");
    for (NodeState state : NodeState.values()) {
      out.append("holdfast_state{state=\"")
          .append(state.code())
          .append("\"} ")
          .append(state == present ? 1 : 0)
          .append('\n');
    }
  }

  private void gauge(String name, String help, boolean value) {
    value(name, "gauge", help, value ? 1 : 0);
  }

  private void value(String name, String type, String help, long value) {
    header(name, type, help);
    out.append("holdfast_").append(name).append(' ').append(value).append('\n');
  }

  private void header(String name, String type, String help) {
    out.append("# HELP holdfast_").append(name).append(' ').append(help).append('\n');
    out.append("# TYPE holdfast_").append(name).append(' ').append(type).append('\n');
  }
}
