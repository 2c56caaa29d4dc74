package dev.holdfast.daemon.log;

import dev.holdfast.codec.InvariantError;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.daemon.config.NodeConfiguration.LogFormat;
import dev.holdfast.node.model.Event;
import dev.holdfast.node.model.Setback;
import dev.holdfast.protocol.AccountId;
import java.io.PrintStream;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Everything that a node logs, one method per event: the only place that words and formats it.
///
/// ERROR: a bug, or an operator must act now. WARN: unusual. INFO: states, start and stop. Nothing
/// that succeeds as usual is logged. Exceptions of libraries appear by class, not by message, since
/// they may have seen a peer's bytes. Thread-safe: a line is one write.
public final class NodeLog {
  private enum Level {
    ERROR,
    WARN,
    INFO
  }

  private static final int BUG_FRAMES = 16;

  private final PrintStream out;
  private final LogFormat format;
  private final InstantSource time;

  public NodeLog(PrintStream out, LogFormat format, InstantSource time) {
    this.out = out;
    this.format = format;
    this.time = time;
  }

  public void starting(String version, List<String> configuration) {
    info("starting", "version", version);
    for (String line : configuration) {
      event(Level.INFO, "configuration", Map.of("setting", line));
    }
  }

  /// The platform is simulated: said at every start.
  public void insecureSimulatedPlatform() {
    event(
        Level.WARN,
        "insecure-simulated-platform",
        Map.of("meaning", "quotes are simulated: this node protects nothing, for trials only"));
  }

  public void listening(String address, String localSocket) {
    event(Level.INFO, "listening", fields("address", address, "localSocket", localSocket));
  }

  /// Something that the node reports.
  public void event(Event event) {
    switch (event) {
      case Event.StateChanged e ->
          info("state", "from", e.from().code(), "to", e.to().code(), "sentence", e.sentence());
      case Event.FreshStart e -> warn("fresh-start", "account", id(e.account()));
      case Event.UnusedStoreSetAside e ->
          warn("unused-store-set-aside", "account", id(e.account()));
      case Event.Unlocked e ->
          info("unlocked", "shares", "" + e.sharesUsed(), "millis", "" + e.millis());
      case Event.Drilled e -> drilled(e);
      case Event.CustodianApproved e -> custodianApproved(e);
      case Event.OpenedByCustodians e ->
          warn("opened-by-custodians", "approvals", "" + e.approvals());
      case Event.StoreOpened e ->
          info("store-opened", "account", id(e.account()), "instance", "" + e.instance());
      case Event.RecordPublished e -> info("record-published", "instance", "" + e.instance());
      case Event.ManifestCommitted e ->
          info("manifest-committed", "receipts", "" + e.receipts(), "firm", "" + e.firm());
      case Event.ReceiptObtained e -> receipt(e);
      case Event.ProviderFailed e ->
          failed("provider-failed", e.setback(), id(e.provider()), e.name());
      case Event.MemberRefused e -> failed("member-refused", e.setback(), e.account(), "");
      case Event.DepositTaken e ->
          info("deposit-taken", "account", id(e.depositor()), "instance", "" + e.instance());
      case Event.DepositRetired e ->
          info("deposit-retired", "account", id(e.depositor()), "generation", "" + e.generation());
      case Event.RotationBegun e ->
          info("rotation-begun", "generation", "" + e.generation(), "cause", e.cause());
      case Event.Rotated e -> info("rotated", "generation", "" + e.generation());
      case Event.Leaving _ -> info("leaving");
      case Event.GenerationRetired e ->
          info(
              "generation-retired",
              "generation",
              "" + e.generation(),
              "acknowledged",
              "" + e.acknowledged());
      case Event.RotationAbandoned e ->
          warn(
              "rotation-abandoned",
              "generation",
              "" + e.generation(),
              "code",
              e.setback().code(),
              "detail",
              e.setback().detail());
      case Event.DepositRefused e ->
          warn("deposit-refused", "account", id(e.depositor()), "code", e.code().code());
      case Event.Released e ->
          info("released", "account", id(e.account()), "again", "" + e.again());
      case Event.ReleaseRefused e ->
          warn("release-refused", "account", id(e.account()), "code", e.code().code());
      case Event.Confirmed e ->
          info("confirmed", "instance", "" + e.instance(), "providers", "" + e.providers());
      case Event.Unconfirmed e -> warn("unconfirmed", "instance", "" + e.instance());
      case Event.Fenced e -> warn("fenced", "detail", e.setback().detail());
      case Event.RolledBack e -> warn("rolled-back", "detail", e.setback().detail());
      case Event.RollbackAccepted e -> warn("rollback-accepted", "detail", e.setback().detail());
      case Event.StatementKept e -> info("statement-kept", "serial", "" + e.serial());
      case Event.ForkSeen e -> warn("fork-seen", "account", id(e.account()));
      case Event.Failed e ->
          warn("failed", "code", e.setback().code(), "detail", e.setback().detail());
    }
  }

  private void receipt(Event.ReceiptObtained e) {
    info(
        "receipt-obtained",
        "provider",
        id(e.provider()),
        "index",
        "" + e.index(),
        "firm",
        "" + e.firm());
  }

  private void failed(String event, Setback setback, String account, String name) {
    warn(
        event,
        "account",
        account,
        "name",
        name,
        "code",
        setback.code(),
        "detail",
        setback.detail());
  }

  public void effectFailed(String effect, String problem) {
    event(Level.WARN, "effect-failed", fields("effect", effect, "problem", problem));
  }

  public void collateralProblem(String code, String message) {
    event(Level.WARN, "collateral-problem", fields("code", code, "message", message));
  }

  /// A bug: what broke, in our own words if it is ours, and where.
  public void bug(Throwable bug) {
    String words = bug instanceof InvariantError ? String.valueOf(bug.getMessage()) : "";
    String where =
        Arrays.stream(bug.getStackTrace())
            .limit(BUG_FRAMES)
            .map(StackTraceElement::toString)
            .collect(Collectors.joining(" < "));
    event(
        Level.ERROR, "bug", fields("class", bug.getClass().getName(), "what", words, "at", where));
  }

  public void stopping(String reason) {
    event(Level.INFO, "stopping", Map.of("reason", reason));
  }

  public void stopped() {
    event(Level.INFO, "stopped", Map.of());
  }

  /// Something that a library logged: where and how serious, not what.
  public void library(String logger, String level) {
    event(Level.WARN, "library", fields("logger", logger, "level", level));
  }

  private void drilled(Event.Drilled e) {
    String result = e.setback().map(Setback::toString).orElse("it would open");
    info("drilled", "shares", "" + e.shares(), "needed", "" + e.needed(), "result", result);
  }

  private void custodianApproved(Event.CustodianApproved e) {
    warn(
        "custodian-approved",
        "custodian",
        e.custodian().toBase64Url(),
        "accepted",
        "" + e.accepted(),
        "needed",
        "" + e.needed());
  }

  private void info(String event, String... namesAndValues) {
    event(Level.INFO, event, fields(namesAndValues));
  }

  private void warn(String event, String... namesAndValues) {
    event(Level.WARN, event, fields(namesAndValues));
  }

  private static String id(AccountId account) {
    return account.toString();
  }

  private static Map<String, String> fields(String... namesAndValues) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      fields.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return fields;
  }

  private void event(Level level, String event, Map<String, String> fields) {
    String at = time.instant().truncatedTo(ChronoUnit.MILLIS).toString();
    String line =
        switch (format) {
          case JSON -> json(at, level, event, fields);
          case TEXT -> text(at, level, event, fields);
        };
    out.println(line);
  }

  private static String json(String at, Level level, String event, Map<String, String> fields) {
    JsonWriter json =
        JsonWriter.object().put("at", at).put("level", level.name()).put("event", event);
    fields.forEach(json::put);
    return json.toString();
  }

  private static String text(String at, Level level, String event, Map<String, String> fields) {
    StringBuilder line = new StringBuilder(at).append(' ').append(level).append(' ').append(event);
    fields.forEach(
        (name, value) -> line.append(' ').append(name).append('=').append(plainOrQuoted(value)));
    return line.toString();
  }

  private static String plainOrQuoted(String value) {
    return value.matches("[0-9A-Za-z._:/@+-]+") ? value : JsonWriter.quote(value);
  }
}
