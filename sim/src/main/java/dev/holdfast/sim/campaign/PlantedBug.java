package dev.holdfast.sim.campaign;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/// Faults of one line or so, put into a copy of the node, that the simulation must find: a table of
/// class, text, and what stands in its place. Nothing of them is in the product.
enum PlantedBug {
  /// A release without the disk token.
  TOKEN_NOT_CHECKED(
      "node", "work.RecoverCheck", "if (!holds) {", "if (!holds && request == null) {"),
  /// The deposit's own policy is not asked.
  ANY_IMAGE_RECOVERS(
      "node",
      "work.RecoverCheck",
      "requireAccepted(appraisal.judge(tools.forRelease(terms.policy(), reportData, now)));",
      ""),
  OTHER_POSTURE_RECOVERS(
      "node",
      "work.RecoverCheck",
      "if (!asked.posture().equals(terms.posture())) {",
      "if (asked.posture().isEmpty()) {"),
  /// Old evidence is good for a fresh challenge.
  OTHER_CHALLENGE_QUOTED(
      "node", "work.RecoverCheck", "if (!asked.isCovered()) {", "if (asked.entries().isEmpty()) {"),
  STALE_CHALLENGE(
      "protocol",
      "Challenges",
      "return now.toEpochMilli() > expiryMillis(head)",
      "return now.toEpochMilli() > expiryMillis(head) + 3_600_000"),
  /// A challenge is not bound to an account.
  OTHERS_CHALLENGE(
      "protocol",
      "Challenges",
      "return Frame.of(Labels.CHALLENGE_MAC, account.bytes(), head);",
      "return Frame.of(Labels.CHALLENGE_MAC, head);"),
  OTHER_GENERATION_RECOVERS(
      "node",
      "work.RecoverCheck",
      "if (asked.generation() != terms.generation()) {",
      "if (asked.generation() < terms.generation()) {"),
  /// Revocation counts only when the requester shows it itself.
  REVOCATION_FORGOTTEN(
      "node",
      "work.Tools",
      "verifier.appraise(quote, collateral, shelf.own(), now)",
      "verifier.appraise(quote, collateral, now)"),
  /// The requester chooses the collateral from before a TCB recovery.
  OLD_TCB_ACCEPTED(
      "node",
      "work.EvaluationNumbers",
      "return accepted.tcb().evaluationNumber() >= known",
      "return accepted.tcb().evaluationNumber() >= 0"),
  RELEASE_BEFORE_LOG(
      "node",
      "provider.Provider",
      "logged -> released(asked, again, logged));",
      "logged -> {}); released(asked, again, true);"),
  RECEIPT_BEFORE_WRITE(
      "node",
      "provider.Provider",
      "Receipt receipt = receipt(parcel);",
      "Receipt receipt = receipt(parcel); respond(offered.exchange(), receipted(receipt));"),
  RECEIPT_FIRM_TOO_EARLY(
      "node", "provider.Provider", "receipt.withFirm(firm)", "receipt.withFirm(true)"),
  /// An older instance replaces a newer one.
  OLDER_DEPOSIT_TAKEN(
      "node",
      "work.DepositCheck",
      "if (next.instance() < previous.instance()",
      "if (next.instance() < 0"),
  /// The host's word for which image this VM runs.
  ANY_OWN_IMAGE(
      "node",
      "work.TaskWork",
      "AttestationPolicy policy = own.policy(own.measurements(), task.reportData());",
      "AttestationPolicy policy = tools.posture().floor().policy(task.reportData());"),
  FEWER_SHARES_COMBINE(
      "node",
      "context.NewKey",
      "Sharing.split(rootKey, threshold.k(), threshold.n(), context.random)",
      "Sharing.split(rootKey, threshold.k() - 1, threshold.n(), context.random)"),
  /// A wrong share is kept, and its provider not asked again.
  SHARE_NOT_CHECKED(
      "node",
      "work.ReleaseJudge",
      "Sharing.check(share, terms.commitments(), terms.context());",
      "if (share.index() > 255)" + " Sharing.check(share, terms.commitments(), terms.context());"),
  RESPONSE_KEY_REUSED(
      "node",
      "Recovery",
      "context.workshop.crypto().generateEnvelopeKeys();",
      "context.workshop.crypto().envelopeKeys("
          + " SecretBytes.take(manifest.manifest().token().value().toArray()));"),
  INSTANCE_NOT_RAISED(
      "node",
      "Reopening",
      "new Identity(terms.depositor(), key, last + 1)",
      "new Identity(terms.depositor(), key, last)"),
  /// The run's instance is said before it is durable.
  RUN_NOT_COUNTED(
      "node",
      "Reopening",
      "ready = Optional.of(new Ready(identity, opened.ledger()));",
      "ready = Optional.of(new Ready(identity, opened.ledger()));"
          + " context.setOpened(new NodeContext.Opened(identity, opened.ledger()));"),
  MANIFEST_MAC_IGNORED(
      "node",
      "work.TaskWork",
      "if (!manifest.isGenuine(rootKey)) {",
      "if (manifest.mac().isEmpty()) {"),
  /// Shares go out before a manifest names their holders.
  DEPOSIT_BEFORE_MANIFEST(
      "node",
      "backup.Depositor",
      "&& (file.isCommitted() || aim.isSuccessor() || file.names(holders()));",
      ";"),
  /// Users may write before anybody holds a share firmly.
  WRITES_TOO_EARLY(
      "node",
      "backup.Depositor",
      "return file.isCommitted() && firm >= threshold().k();",
      "return firm >= 0;"),
  DEPOSIT_NOT_SEALED(
      "node",
      "work.CallWriter",
      "Bytes sealed = tools.crypto().seal(send.to(), info, Bytes.EMPTY, plaintext);",
      "Bytes sealed = plaintext.apply(Bytes::copyOf);");

  private static final Path ROOT =
      Path.of(System.getProperty("holdfast.root", ".")).toAbsolutePath().normalize();

  final String module;
  final String type;
  final String from;
  final String to;

  PlantedBug(String module, String type, String from, String to) {
    this.module = module;
    this.type = type;
    this.from = from;
    this.to = to;
  }

  /// After how many seeds it was found, and as what.
  record Find(long seeds, String what) {
    @Override
    public String toString() {
      return seeds + " seeds, " + what;
    }
  }

  String code() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// The first of `most` seeds from `from` on that fails with this bug in.
  Optional<Find> hunt(long from, long most) throws IOException {
    String found = Mutant.of(ROOT, this).hunt(from, most);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    int space = found.indexOf(' ');
    return Optional.of(
        new Find(Long.parseLong(found.substring(0, space)), found.substring(space + 1)));
  }
}
