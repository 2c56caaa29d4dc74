package dev.holdfast.node.backup;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.node.context.NodeContext;
import dev.holdfast.node.context.Quotes;
import dev.holdfast.node.context.Roster;
import dev.holdfast.node.context.Vault;
import dev.holdfast.node.model.Call;
import dev.holdfast.node.model.Effect;
import dev.holdfast.node.model.Event;
import dev.holdfast.node.model.Peer;
import dev.holdfast.node.model.ProviderStatus;
import dev.holdfast.node.model.Reply;
import dev.holdfast.node.model.Setback;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.MemberRecord;
import dev.holdfast.protocol.Threshold;
import dev.holdfast.protocol.manifest.Holder;
import dev.holdfast.protocol.manifest.Manifest;
import dev.holdfast.protocol.message.PossessionRequest;
import dev.holdfast.protocol.message.Receipt;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Places the shares of one generation and sees to it that they stay placed: chooses providers,
/// writes the pending manifest before anything is sent, deposits, commits the manifest when the
/// receipts are in, then keeps asking until all are firm, and from time to time whether they still
/// hold them.
///
/// There are always n shares; with fewer members than n, only so many are placed, and the rest when
/// members appear. k never falls. A generation that follows another needs no pending manifest, as
/// the other's is on the disk, and is committed when it is [#allowCommit].
///
/// Spec: docs/spec/lifecycle.md#backing-up
final class Depositor {
  private static final Duration AVOID = Duration.ofSeconds(60);

  private final NodeContext context;
  private final Quotes quotes;
  private final Roster roster;
  private final Aim aim;
  private final ManifestKeeper file;
  private final Map<Integer, Slot> slots = new TreeMap<>();
  private final Map<AccountId, Instant> avoided = new TreeMap<>();

  /// Which share a provider was once given or sent: in this run it gets that one or none, since it
  /// takes no other deposit of the same instance.
  private final Map<AccountId, Integer> indices = new TreeMap<>();

  /// Which share a machine was sent: no machine may see two, whatever account it shows next.
  private final Map<Bytes, Integer> machines = new TreeMap<>();

  private Optional<Round> round = Optional.empty();
  private Optional<Instant> patientUntil = Optional.empty();
  private boolean begun;
  private boolean frozen;
  private long rosterVersion = -1;

  Depositor(NodeContext context, Quotes quotes, Roster roster, Aim aim) {
    this.context = context;
    this.quotes = quotes;
    this.roster = roster;
    this.aim = aim;
    this.file = new ManifestKeeper(context, aim);
  }

  /// Goes on where `manifest` stands; `released` have just shown that they hold their share.
  void resume(Manifest manifest, List<AccountId> released) {
    file.resume(manifest);
    for (Holder holder : manifest.holders()) {
      Slot slot = new Slot(holder, List.of(), context.backoff(), context.now());
      if (released.contains(holder.account()) && holder.isFirm()) {
        slot.confirm(context.now().plus(context.config.timings().confirmEvery()));
      }
      slots.put(holder.index(), slot);
    }
  }

  boolean isCommitted() {
    return file.isCommitted();
  }

  int placed() {
    return slots.size();
  }

  int firm() {
    return (int) slots.values().stream().filter(Slot::isFirm).count();
  }

  /// The committed manifest on the disk names at least k firm holders: what a user writes now can
  /// be had back, whatever happens next.
  boolean isSafe() {
    long firm = file.written().stream().filter(Holder::isFirm).count();
    return file.isCommitted() && firm >= threshold().k();
  }

  /// Whom the committed manifest on the disk names, where they are now.
  ProviderSet committedSet() {
    return set(file.written());
  }

  /// Everybody who has a share, or gets one.
  ProviderSet placedSet() {
    return set(holders());
  }

  private ProviderSet set(List<Holder> named) {
    return new ProviderSet(generation(), threshold(), named.stream().map(this::present).toList());
  }

  long generation() {
    return aim.vault().terms().generation();
  }

  List<Holder> written() {
    return file.written();
  }

  Optional<Manifest.Former> former() {
    return file.former();
  }

  Collection<Slot> slots() {
    return slots.values();
  }

  /// The generation before cannot be opened any more: the manifest need not name it.
  void forgetFormer() {
    file.forgetFormer();
  }

  /// All receipts are in, for a generation that is not committed yet.
  boolean isPlaced() {
    return receipts().size() == slots.size() && receipts().size() >= aim.atLeast();
  }

  /// From now on nothing more is decided here but the commit, which cannot be taken back: an
  /// attempt that failed may have reached the disk.
  void allowCommit() {
    file.allowCommit();
  }

  /// Nothing is under way, and nothing more is begun.
  boolean freeze() {
    frozen = round.isEmpty() && !file.isWriting();
    return frozen;
  }

  private Peer present(Holder holder) {
    return Optional.ofNullable(slots.get(holder.index()))
        .map(Slot::provider)
        .filter(peer -> peer.account().equals(holder.account()))
        .orElse(new Peer(holder.account(), holder.endpoint(), holder.name()));
  }

  /// All n shares firm with providers that answer, and one more than needed.
  boolean isWhole() {
    Threshold threshold = threshold();
    return firm() == threshold.n()
        && threshold.n() > threshold.k()
        && slots.values().stream().allMatch(Slot::isHealthy);
  }

  Optional<Setback> setback() {
    return file.setback();
  }

  List<ProviderStatus> statuses() {
    return slots.values().stream().map(Slot::status).toList();
  }

  private Threshold threshold() {
    return aim.vault().terms().threshold();
  }

  void advance() {
    if (!isReady() || frozen) {
      return;
    }
    advanceRound();
    if (rosterVersion != roster.version() || !avoided.isEmpty()) {
      rosterVersion = roster.version();
      follow();
      fill();
    }
    if (slots.size() >= aim.atLeast() && patientUntil.isEmpty()) {
      patientUntil = Optional.of(context.now().plus(context.config.timings().placementPatience()));
    }
    if (!isPlanned()) {
      return;
    }
    replaceFailing();
    file.advance(receipts(), holders(), isPlaced());
    if (mayDeposit()) {
      deposit();
    }
  }

  /// Enough providers are chosen, and either all, or there was time for more to appear.
  private boolean isPlanned() {
    boolean complete = slots.size() == threshold().n();
    return slots.size() >= aim.atLeast()
        && (file.isCommitted() || complete || context.isDue(patientUntil));
  }

  private boolean mayDeposit() {
    return round.isEmpty()
        && !file.isWriting()
        && !frozen
        && context.collateral().isPresent()
        && (file.isCommitted() || aim.isSuccessor() || file.names(holders()));
  }

  private void advanceRound() {
    round.ifPresent(Round::advance);
    round = round.filter(present -> !present.isClosed());
  }

  private boolean isReady() {
    return context.opened().isPresent() && context.ownClaims().isPresent() && roster.isSeen();
  }

  Optional<Instant> wakeAt() {
    List<Instant> times = new ArrayList<>();
    file.wakeAt().ifPresent(times::add);
    if (!file.isCommitted()) {
      patientUntil.filter(context.now()::isBefore).ifPresent(times::add);
    }
    round.flatMap(Round::wakeAt).ifPresent(times::add);
    if (isReady() && isPlanned() && mayDeposit()) {
      slots.values().forEach(slot -> slot.wakeAt().ifPresent(times::add));
    }
    avoided.values().forEach(times::add);
    return times.stream().min(Comparator.naturalOrder());
  }

  /// Providers move; the registry says where to.
  private void follow() {
    for (Slot slot : slots.values()) {
      Optional<MemberRecord> record = roster.find(slot.provider().account());
      record.ifPresent(r -> slot.movedTo(new Peer(r.account(), r.endpoint(), r.labels().name())));
    }
  }

  /// Gives every free index the best member there is.
  private void fill() {
    avoided.values().removeIf(until -> !context.now().isBefore(until));
    if (round.isPresent() || file.isWriting()) {
      rosterVersion = -1;
      return;
    }
    if (!begun && file.written().isEmpty()) {
      slots.clear();
    }
    for (int index = 1; index <= threshold().n(); index++) {
      if (!slots.containsKey(index)) {
        int free = index;
        candidate(index).ifPresent(member -> slots.put(free, slot(free, member)));
      }
    }
  }

  private Slot slot(int index, Roster.Member member) {
    MemberRecord record = member.record();
    Holder holder =
        new Holder(
            record.account(), index, record.endpoint(), record.labels().name(), Optional.empty());
    return new Slot(holder, Placement.machine(member.claims()), context.backoff(), context.now());
  }

  private Optional<Roster.Member> candidate(int index) {
    Vault vault = aim.vault();
    Placement placement =
        new Placement(
            vault.terms().depositor(),
            vault.terms().storeId(),
            context.workshop.holders(vault.terms().policy(), context.now()));
    List<Roster.Member> members = roster.verified();
    Set<AccountId> taken = new TreeSet<>(avoided.keySet());
    taken.addAll(aim.unfit());
    indices.forEach((account, once) -> {
      if (once != index) {
        taken.add(account);
      }
    });
    Set<Bytes> used = machinesOfOthers(Set.of(index));
    List<Roster.Member> chosen = new ArrayList<>();
    for (Slot slot : slots.values()) {
      AccountId account = slot.provider().account();
      taken.add(account);
      members.stream().filter(m -> m.account().equals(account)).forEach(chosen::add);
    }
    return placement.next(members, chosen, taken, used);
  }

  /// A provider that never gave a firm receipt and keeps failing makes room: for another member,
  /// or, when there is none and patience is over, for a manifest without it.
  private void replaceFailing() {
    if (round.isPresent() || file.isWriting()) {
      return;
    }
    for (Slot slot : List.copyOf(slots.values())) {
      boolean failing = !slot.isFirm() && slot.failures() >= Slot.PATIENCE;
      if (!failing || slot.wakeAt().isEmpty()) {
        continue;
      }
      Optional<Roster.Member> other = candidate(slot.index());
      long others = receipts().stream().filter(holder -> holder.index() != slot.index()).count();
      boolean dispensable = context.isDue(patientUntil) && others >= aim.atLeast();
      if (other.isPresent() || dispensable) {
        slots.remove(slot.index());
        slot.close();
        indices.put(slot.provider().account(), slot.index());
        slot.machine().forEach(id -> machines.put(id, slot.index()));
        avoided.put(slot.provider().account(), context.now().plus(AVOID));
        other.ifPresent(member -> slots.put(slot.index(), slot(slot.index(), member)));
      }
    }
  }

  private List<Holder> receipts() {
    return slots.values().stream()
        .filter(slot -> slot.receipt().isPresent())
        .map(Slot::holder)
        .toList();
  }

  private List<Holder> holders() {
    return slots.values().stream().map(Slot::holder).toList();
  }

  void manifestWritten(boolean commit) {
    file.written(commit, firm());
  }

  void manifestNotWritten(String detail) {
    file.notWritten(detail);
  }

  private void deposit() {
    List<Slot> anew = new ArrayList<>();
    for (Slot slot : slots.values()) {
      if (slot.isDue(context.now()) && aim.open().test(slot.provider().account())) {
        switch (slot.next()) {
          case PLACE -> anew.add(slot);
          case RESEND -> resend(slot, slot.sent());
          case PROVE -> askPossession(slot);
        }
      }
    }
    if (!anew.isEmpty()) {
      Set<Bytes> others = machinesOfOthers(indicesOf(anew));
      begun = true;
      round = Optional.of(new Round(context, quotes, aim.vault(), anew, others));
    }
  }

  private void askPossession(Slot slot) {
    Vault vault = aim.vault();
    PossessionRequest request =
        new PossessionRequest(
            vault.terms().depositor(),
            slot.provider().account(),
            generation(),
            context.randomBytes(PossessionRequest.NONCE_SIZE));
    PossessionRequest.Answers expected = request.answers(vault.share(slot.index()));
    Call.AskPossession call =
        new Call.AskPossession(slot.provider(), context.identity(), request, expected);
    slot.proving(call);
    context.emit(new Effect.Send(call, context.config.timings().callDeadline()));
  }

  /// The node's own machine and every machine that another share than these was placed on or sent
  /// to. A provider of an earlier run is known by its record until it proves itself again.
  private Set<Bytes> machinesOfOthers(Set<Integer> indices) {
    Set<Bytes> ids = new TreeSet<>(Placement.machine(context.ownClaims().orElseThrow()));
    machines.forEach((id, index) -> {
      if (!indices.contains(index)) {
        ids.add(id);
      }
    });
    for (Slot slot : slots.values()) {
      if (!indices.contains(slot.index())) {
        ids.addAll(slot.machine());
        roster.verified().stream()
            .filter(member -> member.account().equals(slot.provider().account()))
            .forEach(member -> ids.addAll(Placement.machine(member.claims())));
      }
    }
    return ids;
  }

  private static Set<Integer> indicesOf(List<Slot> slots) {
    Set<Integer> indices = new TreeSet<>();
    slots.forEach(slot -> indices.add(slot.index()));
    return indices;
  }

  private void resend(Slot slot, Call.SendDeposit call) {
    slot.sending(call);
    context.emit(new Effect.Send(call, context.config.timings().callDeadline()));
  }

  /// Takes an answer to one of the calls made here.
  void answered(Call call, Reply reply) {
    switch (call) {
      case Call.AskChallenge ask -> round.ifPresent(r -> r.challengeAnswered(ask, reply));
      case Call.AskProof ask -> round.ifPresent(r -> r.proofAnswered(ask, reply));
      case Call.SendDeposit send ->
          slots.values().stream()
              .filter(slot -> slot.isSent(send))
              .findFirst()
              .ifPresent(slot -> depositAnswered(slot, reply));
      case Call.AskPossession ask ->
          slots.values().stream()
              .filter(slot -> slot.isAsked(ask))
              .findFirst()
              .ifPresent(slot -> possessionAnswered(slot, reply));
      case Call.AskRelease _,
          Call.SendClaim _,
          Call.SendWitness _,
          Call.SendRetire _,
          Call.FetchStatement _,
          Call.PushStatement _,
          Call.TellStatement _,
          Call.FetchCollateral _,
          Call.PushCollateral _,
          Call.Again _ ->
          throw new InvariantError("a depositor asks for no release");
    }
  }

  private void depositAnswered(Slot slot, Reply reply) {
    switch (reply) {
      case Reply.Acknowledged acknowledged -> {
        Receipt receipt = acknowledged.receipt().receipt();
        if (slot.receipt().isEmpty() || receipt.firm() != slot.isFirm()) {
          context.report(
              new Event.ReceiptObtained(receipt.provider(), slot.index(), receipt.firm()));
        }
        slot.acknowledged(
            acknowledged.receipt(), context.config.timings().confirmEvery(), context.now());
      }
      case Reply.Failed failed -> {
        slot.failed(failed.setback(), context.now());
        report(slot, failed.setback());
      }
      default -> throw new InvariantError("a deposit is answered by a receipt");
    }
  }

  private void possessionAnswered(Slot slot, Reply reply) {
    switch (reply) {
      case Reply.Possessed possessed ->
          slot.possessed(
              possessed.leaving(), context.config.timings().confirmEvery(), context.now());
      case Reply.Failed failed -> {
        slot.notPossessed(failed.setback(), context.now());
        report(slot, failed.setback());
      }
      default -> throw new InvariantError("possession is answered by a proof of it");
    }
  }

  private void report(Slot slot, Setback why) {
    Peer peer = slot.provider();
    context.report(new Event.ProviderFailed(peer.account(), peer.name(), why));
  }

  void close() {
    slots.values().forEach(Slot::close);
  }
}
