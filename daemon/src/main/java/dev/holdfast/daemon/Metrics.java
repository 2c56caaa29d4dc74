package dev.holdfast.daemon;

import dev.holdfast.attestation.CollateralExamination.Facts;
import dev.holdfast.node.model.Counters;
import dev.holdfast.node.model.NodeSnapshot;
import dev.holdfast.node.model.NodeState;
import dev.holdfast.node.model.ProviderStatus.Progress;
import dev.holdfast.protocol.ProblemCode;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// The node's figures in Prometheus' text format. Names are API; a stranger may read them all.
final class Metrics {
  static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private static final String GAUGE = "gauge";
  private static final String COUNTER = "counter";

  private final StringBuilder out = new StringBuilder();
  private final Reading reading;
  private final NodeSnapshot snapshot;

  private Metrics(Reading reading) {
    this.reading = reading;
    this.snapshot = reading.snapshot();
  }

  static String text(Reading reading) {
    Metrics metrics = new Metrics(reading);
    metrics.state();
    metrics.store();
    metrics.key();
    metrics.providers();
    metrics.surroundings();
    metrics.counters(reading.snapshot().counters());
    return metrics.out.toString();
  }

  private void state() {
    header("build_info", GAUGE, "1, with the version of the program.");
    sample("build_info", "version", Daemon.VERSION, 1);
    header("state", GAUGE, "1 for the state the node is in.");
    for (NodeState state : NodeState.values()) {
      sample("state", "state", state.code(), state == snapshot.state() ? 1 : 0);
    }
    seconds("state_age_seconds", "Time in this state.", reading.secondsSince(snapshot.since()));
    gauge(
        "insecure_simulated_platform",
        "Whether the platform is simulated: then the node protects nothing.",
        snapshot.self().insecureSimulatedPlatform());
    gauge(
        "leaving", "Whether its shares of others are to go elsewhere.", snapshot.held().leaving());
    value("members", "Members that the registry lists.", snapshot.members());
    value("instance", "Instance: how often its store was opened.", snapshot.self().instance());
  }

  private void store() {
    gauge("store_open", "Whether the node's own store is open.", snapshot.storeOpen());
    optional(
        "store_opened_after_seconds",
        "From the start of the process until the store was open; absent before.",
        reading.seen().opening().map(opening -> opening.afterMillis() / 1000.0));
    optional(
        "store_disk_bytes",
        "Size of the store's files; absent while it is not open.",
        reading.storeBytes().map(Long::doubleValue));
    gauge("user_reads_accepted", "Whether users may read.", snapshot.users().mayRead());
    gauge(
        "user_writes_accepted", "Whether user writes are accepted.", snapshot.acceptsUserWrites());
    value(
        "witnessed_version",
        "Version of the store that a quorum of providers has acknowledged, -1 for none.",
        snapshot.witnessed());
    seconds(
        "unwitnessed_seconds",
        "How long the oldest write that waits for such a quorum has waited, 0 for none.",
        since(snapshot.unwitnessedSince()));
  }

  private void key() {
    value("generation", "Generation of the root key, 0 for none.", snapshot.self().generation());
    optional(
        "generation_age_seconds",
        "Age of the root key; absent while there is none.",
        snapshot.self().drawnAt().map(reading::secondsSince));
    value("share_threshold", "k: shares that open the store.", snapshot.threshold().k());
    value("shares_dealt", "n: shares that are dealt.", snapshot.threshold().n());
    value(
        "shares_collected",
        "Own shares that providers have given back while the node recovers.",
        reading.providers(Progress.RELEASED));
    value("shares_firm", "Own shares held firmly.", reading.firm());
    optional(
        "failures_tolerated",
        "Own shares that may be lost before fewer than k are firm; absent while the store is not"
            + " open.",
        reading.failuresTolerated().map(Long::doubleValue));
  }

  private void providers() {
    header("providers", GAUGE, "Providers of its own shares, by how far they are.");
    for (Progress progress : Progress.values()) {
      sample("providers", "progress", progress.code(), reading.providers(progress));
    }
    value("deposits_held", "Accounts whose shares this node holds.", snapshot.held().accounts());
  }

  private void surroundings() {
    seconds(
        "registry_unreadable_seconds",
        "For how long the registry could not be read, 0 while it can.",
        since(reading.seen().registryUnreadableSince()));
    Optional<Facts> collateral = reading.seen().collateral();
    optional(
        "collateral_age_seconds",
        "Age of the TCB info in use; absent without authentic collateral.",
        collateral.map(facts -> reading.secondsSince(facts.tcbInfo().issueDate())));
    optional(
        "collateral_left_seconds",
        "Until the first document or issuer certificate in use ends, negative after; absent as"
            + " above.",
        collateral.map(facts -> reading.secondsUntil(facts.validUntil())));
    Optional<Observations.OwnEvidence> own = reading.seen().ownEvidence();
    optional(
        "pck_certificate_left_seconds",
        "Until the platform's PCK certificate ends, negative after; absent until it is seen.",
        own.flatMap(Observations.OwnEvidence::pckValidUntil).map(reading::secondsUntil));
    optional(
        "own_evidence_accepted",
        "Whether the node accepts its own latest quote; absent before the first.",
        own.map(evidence -> evidence.accepted() ? 1.0 : 0.0));
  }

  private void counters(Counters counters) {
    count("releases_total", "Shares released.", counters.releases());
    count("releases_refused_total", "Releases refused.", counters.releasesRefused());
    count("deposits_taken_total", "Deposits taken.", counters.depositsTaken());
    count("deposits_refused_total", "Deposits refused.", counters.depositsRefused());
    header("refusals_total", COUNTER, "Releases and deposits refused, by the code that was given.");
    refusals("release", counters.releaseRefusals());
    refusals("deposit", counters.depositRefusals());
    count(
        "forks_seen_total",
        "Witnesses that contradict what is remembered of their account.",
        counters.forksSeen());
    count("proofs_given_total", "Live proofs given.", counters.proofsGiven());
    count("quotes_asked_total", "Quotes asked for.", counters.quotesAsked());
    count("recovery_attempts_total", "Recovery attempts.", counters.recoveryAttempts());
  }

  private void refusals(String operation, Map<ProblemCode, Long> byCode) {
    byCode.forEach((code, count) ->
        out.append(
            "holdfast_refusals_total{operation=\"%s\",code=\"%s\"} %d\n"
                .formatted(operation, code.code(), count)));
  }

  private double since(Optional<Instant> then) {
    return then.map(reading::secondsSince).orElse(0.0);
  }

  private void gauge(String name, String help, boolean value) {
    value(name, help, value ? 1 : 0);
  }

  private void value(String name, String help, long value) {
    header(name, GAUGE, help);
    out.append("holdfast_%s %d\n".formatted(name, value));
  }

  private void seconds(String name, String help, double value) {
    optional(name, help, Optional.of(value));
  }

  /// Its name is served without a sample too.
  private void optional(String name, String help, Optional<Double> value) {
    header(name, GAUGE, help);
    value.ifPresent(known -> out.append("holdfast_%s %s\n".formatted(name, decimal(known))));
  }

  private void count(String name, String help, long value) {
    header(name, COUNTER, help);
    out.append("holdfast_%s %d\n".formatted(name, value));
  }

  private void sample(String name, String label, String of, long value) {
    out.append("holdfast_%s{%s=\"%s\"} %d\n".formatted(name, label, of, value));
  }

  /// Without an exponent, and without a fraction when it is whole.
  private static String decimal(double value) {
    return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }

  private void header(String name, String type, String help) {
    out.append("# HELP holdfast_%s %s\n".formatted(name, help));
    out.append("# TYPE holdfast_%s %s\n".formatted(name, type));
  }
}
