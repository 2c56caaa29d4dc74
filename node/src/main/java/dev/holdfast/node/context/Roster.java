package dev.holdfast.node.context;

import dev.holdfast.attestation.Claims;
import dev.holdfast.codec.Bytes;
import dev.holdfast.node.model.Effect;
import dev.holdfast.node.model.Event;
import dev.holdfast.node.model.Input;
import dev.holdfast.node.model.MemberImage;
import dev.holdfast.node.model.Setback;
import dev.holdfast.node.model.Task;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.Limits;
import dev.holdfast.protocol.MemberRecord;
import dev.holdfast.protocol.SignedRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// The members that the registry lists, as far as their records and evidence hold. The registry is
/// believed in nothing: it can hide members, not make them.
public final class Roster {
  private static final Duration JUDGE_AGAIN = Duration.ofSeconds(5);
  private static final int JUDGE_AGAIN_DOUBLINGS = 6;

  private final NodeContext context;

  /// Every listed record by the digest of its bytes; empty until it was judged.
  private final Map<Bytes, Optional<Input.Judgement>> judgements = new TreeMap<>();

  /// Records to be judged again, with their bytes.
  private final Map<Bytes, Again> again = new TreeMap<>();

  private final Map<Bytes, Bytes> underWay = new TreeMap<>();
  private final Map<AccountId, Member> verified = new TreeMap<>();
  private final Map<AccountId, MemberImage> images = new TreeMap<>();
  private final Map<AccountId, MemberRecord> signed = new TreeMap<>();
  private final Map<Bytes, Integer> attempts = new TreeMap<>();
  private boolean seen;
  private long version;
  private Optional<String> unavailable = Optional.empty();

  private record Again(Bytes bytes, Instant at) {}

  /// A member whose record and evidence were verified.
  public record Member(MemberRecord record, Claims claims) {
    public AccountId account() {
      return record.account();
    }
  }

  public Roster(NodeContext context) {
    this.context = context;
  }

  /// True once the registry could be read.
  public boolean isSeen() {
    return seen;
  }

  public Optional<String> unavailable() {
    return unavailable;
  }

  public int size() {
    return judgements.size();
  }

  /// Raised by every change of what is known about members.
  public long version() {
    return version;
  }

  public void seen(Input.MembersSeen view) {
    seen = true;
    unavailable = Optional.empty();
    Set<Bytes> present = new TreeSet<>();
    for (Bytes bytes : view.records()) {
      if (present.size() == Limits.MEMBERS || bytes.size() > Limits.EVIDENCE_BODY_MAX_BYTES) {
        continue;
      }
      Bytes digest = bytes.sha256();
      present.add(digest);
      if (judgements.putIfAbsent(digest, Optional.empty()) == null) {
        judge(digest, bytes);
      }
    }
    judgements.keySet().retainAll(present);
    again.keySet().retainAll(present);
    underWay.keySet().retainAll(present);
    attempts.keySet().retainAll(present);
    rebuild();
  }

  private void judge(Bytes digest, Bytes bytes) {
    if (!underWay.containsKey(digest)) {
      underWay.put(digest, bytes);
      context.emit(new Effect.Perform(new Task.JudgeRecord(bytes)));
    }
  }

  public void unavailable(String detail) {
    unavailable = Optional.of(detail);
  }

  public void judged(Input.MemberJudged judged) {
    Bytes bytes = underWay.remove(judged.record());
    if (bytes == null || !judgements.containsKey(judged.record())) {
      return;
    }
    Optional<Input.Judgement> before =
        judgements.put(judged.record(), Optional.of(judged.judgement()));
    switch (judged.judgement()) {
      case Input.Judgement.Verified verifiedNow -> learn(verifiedNow);
      case Input.Judgement.Doubtful doubtful -> {
        again.put(judged.record(), new Again(bytes, nextJudgement(judged.record())));
        if (before == null || !before.equals(Optional.of(judged.judgement()))) {
          refused(doubtful.record().record().account().toString(), doubtful.setback());
          learn(doubtful);
        }
      }
      case Input.Judgement.Worthless worthless -> refused(worthless.account(), worthless.setback());
    }
  }

  /// Adds to what is known; only a new view takes something away.
  private void learn(Input.Judgement judgement) {
    version++;
    take(judgement);
  }

  /// Longer pauses each time: a record that stays doubtful must not keep the node busy.
  private Instant nextJudgement(Bytes record) {
    int attempt = attempts.merge(record, 1, Integer::sum);
    long factor = 1L << Math.min(attempt - 1, JUDGE_AGAIN_DOUBLINGS);
    return context.now().plus(JUDGE_AGAIN.multipliedBy(factor));
  }

  private void refused(String account, Setback setback) {
    context.report(new Event.MemberRefused(account, setback));
  }

  public void advance() {
    List<Bytes> due =
        again.entrySet().stream()
            .filter(entry -> !context.now().isBefore(entry.getValue().at()))
            .map(Map.Entry::getKey)
            .toList();
    due.forEach(digest -> judge(digest, again.remove(digest).bytes()));
  }

  public Optional<Instant> wakeAt() {
    return again.values().stream().map(Again::at).min(Comparator.naturalOrder());
  }

  private void rebuild() {
    version++;
    verified.clear();
    images.clear();
    signed.clear();
    for (Optional<Input.Judgement> judgement : judgements.values()) {
      judgement.ifPresent(this::take);
    }
  }

  private void take(Input.Judgement judgement) {
    switch (judgement) {
      case Input.Judgement.Verified known -> {
        MemberRecord record = known.record().record();
        Member latest =
            verified.merge(record.account(), new Member(record, known.claims()), Roster::later);
        image(latest).ifPresent(image -> images.put(image.account(), image));
        takeSigned(known.record());
      }
      case Input.Judgement.Doubtful known -> takeSigned(known.record());
      case Input.Judgement.Worthless _ -> {}
    }
  }

  private void takeSigned(SignedRecord known) {
    MemberRecord record = known.record();
    signed.merge(record.account(), record, (a, b) -> a.instance() >= b.instance() ? a : b);
  }

  private static Member later(Member one, Member other) {
    return one.record().instance() >= other.record().instance() ? one : other;
  }

  /// All verified members, each account once with its latest instance, in the order of accounts.
  public List<Member> verified() {
    return new ArrayList<>(verified.values());
  }

  /// What each verified member runs. A view that changes with the next input.
  public Map<AccountId, MemberImage> images() {
    return Collections.unmodifiableMap(images);
  }

  private static Optional<MemberImage> image(Member member) {
    MemberRecord record = member.record();
    return member
        .claims()
        .td()
        .map(report ->
            new MemberImage(
                record.account(),
                record.labels(),
                record.image().role(),
                record.image().version(),
                report,
                member.claims().platform().fmspc()));
  }

  /// The latest record that `account` signed, whatever its evidence is worth: a hint where it is.
  public Optional<MemberRecord> find(AccountId account) {
    return Optional.ofNullable(signed.get(account));
  }
}
