package dev.holdfast.node.backup;

import dev.holdfast.codec.Bytes;
import dev.holdfast.node.context.Backoff;
import dev.holdfast.node.model.Call;
import dev.holdfast.node.model.Peer;
import dev.holdfast.node.model.ProviderStatus;
import dev.holdfast.node.model.ProviderStatus.Progress;
import dev.holdfast.node.model.Setback;
import dev.holdfast.protocol.ProblemCode;
import dev.holdfast.protocol.manifest.Holder;
import dev.holdfast.protocol.message.Receipt;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// One share of the node's root key at the provider that holds it or should.
final class Slot {
  /// This many failures in a row make a provider one that does not answer.
  static final int PATIENCE = 3;

  /// With these answers a provider says, or shows, that it has not got the share.
  private static final Set<String> LOST =
      Set.of(
          Setback.NOT_POSSESSED,
          ProblemCode.UNKNOWN_ACCOUNT.code(),
          ProblemCode.GENERATION_MISMATCH.code());

  private final int index;
  private final Backoff backoff;
  private List<Bytes> machine;
  private Peer provider;
  private Optional<Receipt.Received> receipt;
  private Optional<Call.SendDeposit> sent = Optional.empty();
  private Optional<Setback> setback = Optional.empty();
  private Progress progress = Progress.WAITING;
  private Optional<Call.AskPossession> asking = Optional.empty();
  private Optional<Instant> failingSince = Optional.empty();
  private Optional<Instant> leavingSince = Optional.empty();
  private boolean busy;
  private boolean confirmed;
  private boolean lost;
  private int failures;
  private Instant nextTry;

  /// What is to be done next about the share.
  enum Step {
    /// Place it: challenge, proof, deposit.
    PLACE,
    /// Send the very same deposit again for a better receipt.
    RESEND,
    /// Have the provider prove that it still has it.
    PROVE
  }

  /// `machine`: ids of the machine that the provider's record shows, empty when not known.
  Slot(Holder holder, List<Bytes> machine, Backoff backoff, Instant now) {
    this.index = holder.index();
    this.provider = new Peer(holder.account(), holder.endpoint(), holder.name());
    this.receipt = holder.receipt();
    this.machine = machine;
    this.backoff = backoff;
    this.nextTry = now;
  }

  int index() {
    return index;
  }

  Peer provider() {
    return provider;
  }

  List<Bytes> machine() {
    return machine;
  }

  /// What a live proof showed.
  void runsOn(List<Bytes> proved) {
    machine = proved;
  }

  /// The registry says where the provider is now. At a new address a new process answers, which
  /// cannot open what was sealed to the old one.
  void movedTo(Peer present) {
    if (!busy && !present.endpoint().equals(provider.endpoint())) {
      close();
    }
    provider = present;
  }

  Optional<Receipt.Received> receipt() {
    return receipt;
  }

  boolean isFirm() {
    return receipt.filter(received -> received.receipt().firm()).isPresent();
  }

  /// The provider showed in this run that it holds the share, and did not fail since.
  boolean isHealthy() {
    return confirmed && failures < PATIENCE;
  }

  int failures() {
    return failures;
  }

  Holder holder() {
    return new Holder(provider.account(), index, provider.endpoint(), provider.name(), receipt);
  }

  /// The provider is known to hold the share without having been asked: it just released it.
  void confirm(Instant again) {
    confirmed = true;
    nextTry = again;
  }

  boolean isDue(Instant now) {
    return !busy && !now.isBefore(nextTry);
  }

  Optional<Instant> wakeAt() {
    return busy ? Optional.empty() : Optional.of(nextTry);
  }

  Step next() {
    if (receipt.isEmpty() || lost) {
      return Step.PLACE;
    }
    if (isFirm()) {
      return Step.PROVE;
    }
    return sent.isPresent() ? Step.RESEND : Step.PLACE;
  }

  /// The very deposit that was sent before.
  Call.SendDeposit sent() {
    return sent.orElseThrow();
  }

  /// Since when nothing that was asked of the provider has succeeded.
  Optional<Instant> failingSince() {
    return failingSince;
  }

  /// Since when the provider asks that the share be placed elsewhere.
  Optional<Instant> leavingSince() {
    return leavingSince;
  }

  void busy(Progress present) {
    busy = true;
    progress = present;
  }

  void sending(Call.SendDeposit call) {
    busy(Progress.ASKED);
    if (!sent.equals(Optional.of(call))) {
      close();
    }
    sent = Optional.of(call);
  }

  void proving(Call.AskPossession call) {
    busy = true;
    asking = Optional.of(call);
  }

  boolean isAsked(Call.AskPossession call) {
    return busy && asking.equals(Optional.of(call));
  }

  /// The provider has proved that it holds the share.
  void possessed(boolean leaving, Duration confirmEvery, Instant now) {
    wellAgain();
    leavingSince = leaving ? leavingSince.or(() -> Optional.of(now)) : Optional.empty();
    progress = leaving ? Progress.LEAVING : Progress.FIRM;
    nextTry = now.plus(confirmEvery);
  }

  /// The provider did not prove it: where it does not have the share any more, it is to be given it
  /// anew.
  void notPossessed(Setback why, Instant now) {
    if (LOST.contains(why.code())) {
      lost = true;
      confirmed = false;
    }
    failed(why, now);
  }

  private void wellAgain() {
    busy = false;
    asking = Optional.empty();
    lost = false;
    confirmed = true;
    failures = 0;
    failingSince = Optional.empty();
    setback = Optional.empty();
  }

  boolean isSent(Call.SendDeposit call) {
    return busy && sent.isPresent() && sent.get().equals(call);
  }

  /// A receipt came. Provisional ones are asked for again soon, firm ones after `confirmEvery`.
  void acknowledged(Receipt.Received given, Duration confirmEvery, Instant now) {
    if (given.receipt().firm() && !isFirm()) {
      backoff.reset();
    }
    receipt = Optional.of(given);
    wellAgain();
    progress = given.receipt().firm() ? Progress.FIRM : Progress.PROVISIONAL;
    nextTry = given.receipt().firm() ? now.plus(confirmEvery) : backoff.next(now);
  }

  /// Whatever was under way came to nothing. Unless the peer only did not answer, the next attempt
  /// starts from a new challenge.
  void failed(Setback why, Instant now) {
    busy = false;
    asking = Optional.empty();
    failures++;
    failingSince = failingSince.or(() -> Optional.of(now));
    setback = Optional.of(why);
    progress = Progress.FAILED;
    nextTry = backoff.next(now);
    boolean noAnswer = why.code().equals(Setback.UNREACHABLE) || why.code().equals(Setback.SILENT);
    if (!noAnswer) {
      close();
    }
  }

  /// Back to waiting without blame: the round went on without this provider's answer.
  void missedRound(Instant now) {
    busy = false;
    nextTry = backoff.next(now);
  }

  /// Erases the share that was sent; nothing is under way then.
  void close() {
    sent.ifPresent(call -> call.parcel().close());
    sent = Optional.empty();
  }

  ProviderStatus status() {
    String name = provider.name().isEmpty() ? provider.account().abbreviated() : provider.name();
    return new ProviderStatus(
        provider.account(), name, provider.endpoint(), index, shown(), setback);
  }

  private Progress shown() {
    if (progress != Progress.WAITING && progress != Progress.ASKED) {
      return progress;
    }
    if (receipt.isPresent()) {
      return isFirm() ? Progress.FIRM : Progress.PROVISIONAL;
    }
    return progress;
  }
}
