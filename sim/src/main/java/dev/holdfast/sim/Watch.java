package dev.holdfast.sim;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.node.log.LogFact;
import dev.holdfast.node.model.Effect;
import dev.holdfast.node.model.Event;
import dev.holdfast.node.model.HttpAnswer;
import dev.holdfast.node.model.HttpAsk;
import dev.holdfast.node.model.NodeSnapshot;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.Route;
import dev.holdfast.protocol.SignedRecord;
import dev.holdfast.protocol.manifest.Manifest;
import dev.holdfast.protocol.message.ChallengeAnswer;
import dev.holdfast.protocol.message.ChallengeRequest;
import dev.holdfast.protocol.message.DepositParcel;
import dev.holdfast.protocol.message.DepositRequest;
import dev.holdfast.protocol.message.Receipt;
import dev.holdfast.protocol.message.RecoveryRequest;
import dev.holdfast.protocol.run.Claim;
import dev.holdfast.protocol.run.RunRecord;
import dev.holdfast.protocol.run.Witness;
import dev.holdfast.protocol.run.WitnessAck;
import dev.holdfast.sim.check.GrowthCheck;
import dev.holdfast.sim.check.ReleaseCheck;
import dev.holdfast.sim.check.SecretScan;
import dev.holdfast.sim.check.SharingCheck;
import dev.holdfast.sim.check.Violation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Sees everything that passes between the nodes and the world, and stops the seed at the first
/// thing that must not be.
final class Watch {
  private static final int RECORD_HEAD = 81;
  private static final int SECRET = 32;

  final GrowthCheck growth = new GrowthCheck();
  final SecretScan secrets = new SecretScan();
  int recoveries;

  private final World world;
  private final ReleaseCheck releases;
  private final List<Bytes> packets = new ArrayList<>();
  private final Set<String> words = new HashSet<>();
  private final Set<Bytes> substituted = new TreeSet<>();
  private final Map<Bytes, Long> responseKeys = new TreeMap<>();
  private final Map<AccountId, Map<Integer, Bytes>> sharings = new TreeMap<>();
  private final IdentityHashMap<Bytes, Optional<Set<AccountId>>> manifests =
      new IdentityHashMap<>();
  private final IdentityHashMap<Run, String> sentences = new IdentityHashMap<>();

  Watch(World world) {
    this.world = world;
    this.releases = new ReleaseCheck(world.vendor.judge, world.posture);
  }

  // What a node says of itself.

  void stepped(Run run) {
    NodeSnapshot snapshot = run.snapshot();
    NodeSnapshot.Self self = snapshot.self();
    if (self.instance() > 0) {
      growth.run(self.account().orElseThrow(), self.instance(), run.process);
    }
    if (!snapshot.sentence().equals(sentences.put(run, snapshot.sentence()))) {
      words.add(snapshot.sentence());
    }
  }

  void reported(Run run, Event event) {
    if (event instanceof Event.Unlocked) {
      recoveries++;
    }
    words.add(event.toString());
    world.trace(run.machine, event.toString());
  }

  // What a node keeps.

  /// A store is made, perhaps not for the first time: its secrets are known from here on.
  void created(Effect.StoreName name, Bytes rootKey, Bytes nodeRecord) {
    String who = name.account().abbreviated();
    secrets.plant("root key of " + who, rootKey);
    secrets.plant("signing seed of " + who, nodeRecord.slice(RECORD_HEAD, SECRET));
    int countAt = RECORD_HEAD + SECRET + 1 + Long.BYTES;
    int count = nodeRecord.at(countAt);
    Map<Integer, Bytes> shares = new TreeMap<>();
    for (int index = 1; index <= count; index++) {
      Bytes share = nodeRecord.slice(countAt + 1 + (index - 1) * SECRET, SECRET);
      shares.put(index, share);
      secrets.plant("share " + index + " of " + who, share);
    }
    sharings.put(name.account(), shares);
    Violation.unless(
        count == world.posture.threshold().n(), "sharing", "a store has " + count + " shares");
    SharingCheck.check(rootKey, shares, world.posture.threshold().k());
  }

  void drawn(Bytes rootKey) {
    secrets.plant("a later root key", rootKey);
  }

  void opened(Run run, Bytes rootKey) {
    secrets.plant("root key of " + run.machine.name, rootKey);
    Violation.unless(
        !run.machine.isManifestEdited(), "manifest", "a store opens under a changed manifest");
  }

  void setAside(Machine machine) {
    Violation.unless(
        machine.disk.manifest.isEmpty(), "loss", "a store with a committed manifest is set aside");
  }

  void writesManifest(Bytes manifest) {
    packets.add(manifest);
    world.trace.content(manifest);
    Bytes origin = parse(manifest).terms().origin().quote();
    requireOwn(origin, "a manifest");
  }

  void replaces(Optional<Bytes> before, Bytes after) {
    GrowthCheck.replaced(before, after);
  }

  /// Whom a manifest names; empty when there is none, or it names nobody or has another form.
  Optional<Set<AccountId>> names(Optional<Bytes> manifest) {
    return manifest.flatMap(bytes -> manifests.computeIfAbsent(bytes, Watch::namesOf));
  }

  private static Optional<Set<AccountId>> namesOf(Bytes manifest) {
    try {
      Set<AccountId> names = new TreeSet<>();
      Manifest.parse(manifest).manifest().holders().forEach(holder -> names.add(holder.account()));
      return names.isEmpty() ? Optional.empty() : Optional.of(names);
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  private static Manifest parse(Bytes manifest) {
    try {
      return Manifest.parse(manifest).manifest();
    } catch (MalformedException e) {
      throw new Violation("manifest", "a node writes one that cannot be read: " + e.getMessage());
    }
  }

  // What goes out.

  /// The host handed this over in place of the VM's own quote.
  void substituted(Bytes quote) {
    substituted.add(quote.sha256());
  }

  private void requireOwn(Bytes quote, String where) {
    Violation.unless(
        !substituted.contains(quote.sha256()), "image", where + " holds another image's quote");
  }

  void publishes(Bytes record) {
    packets.add(record);
    world.trace.content(record);
    try {
      requireOwn(SignedRecord.parse(record).quote(), "a record");
    } catch (MalformedException e) {
      throw new Violation("record", "a node publishes what is none: " + e.getMessage());
    }
  }

  void asked(Run run, HttpAsk ask) {
    packets.add(ask.body());
    requireNoSecret(ask.body());
    world.trace.content(ask.body());
    try {
      if (ask.route() == Route.DEPOSIT) {
        requireNamed(run, DepositRequest.parse(ask.body()).provider());
      } else if (ask.route() == Route.RECOVER) {
        RecoveryRequest request = RecoveryRequest.parse(ask.body());
        requireOwn(request.quote(), "a recovery request");
        Bytes key = request.asked().responseKey().encoded();
        Long before = responseKeys.putIfAbsent(key, run.process);
        Violation.unless(
            before == null || before == run.process, "response key", "two runs use the same");
      }
    } catch (MalformedException e) {
      throw new Violation("request", "a node sends what is none: " + e.getMessage());
    }
  }

  /// Until a manifest is committed, whoever is sent a share stands in a pending one before.
  private void requireNamed(Run run, AccountId provider) {
    Disk disk = run.machine.disk;
    Violation.unless(
        disk.manifest.isPresent()
            || names(disk.pending).filter(names -> names.contains(provider)).isPresent(),
        "manifest",
        "a share is sent to somebody whom no manifest names");
  }

  // What comes in, and what is answered.

  /// What a process holds for the account that a recovery request speaks of.
  Optional<Bytes> held(Run run, HttpAsk ask) {
    if (ask.route() != Route.RECOVER) {
      return Optional.empty();
    }
    try {
      AccountId account = RecoveryRequest.parse(ask.body()).asked().account();
      return run.machine.disk.store.flatMap(
          store -> Optional.ofNullable(store.ledger.get(account)));
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  void answered(Run.Served served, HttpAnswer answer) {
    packets.add(answer.body());
    world.trace.content(answer.body());
    if (answer.status() != 200) {
      return;
    }
    try {
      switch (served.ask().route()) {
        case CHALLENGE -> challenged(served, answer);
        case DEPOSIT -> receipted(served, answer);
        case RECOVER -> released(served);
        case CLAIM -> confirmed(served);
        case WITNESS -> acknowledged(served, answer);
        case PROVIDER_PROOF,
            RETIRE,
            POSSESSION,
            STATEMENT_FETCH,
            STATEMENT_PUSH,
            RECORD,
            COLLATERAL_FETCH,
            COLLATERAL_PUSH -> {}
      }
    } catch (MalformedException e) {
      throw new Violation("answer", "one that cannot be read: " + e.getMessage());
    }
  }

  /// What is confirmed is on the disk: a provider that forgets it would confirm an earlier run.
  private static void confirmed(Run.Served served) throws MalformedException {
    Claim claim = Claim.parse(served.ask().body()).claim();
    boolean durable =
        remembered(served, claim.account())
            .claim()
            .filter(held -> held.claim().ballot().compareTo(claim.ballot()) >= 0)
            .isPresent();
    Violation.unless(durable, "claim", "confirmed and not on the disk");
  }

  private static void acknowledged(Run.Served served, HttpAnswer answer) throws MalformedException {
    Witness told = Witness.parse(served.ask().body()).witness();
    WitnessAck.parse(answer.body());
    boolean durable =
        remembered(served, told.account())
            .witness()
            .filter(held -> told.compare(held.witness()) != Witness.Order.NEWER)
            .isPresent();
    Violation.unless(durable, "witness", "acknowledged and not on the disk");
  }

  private static RunRecord remembered(Run.Served served, AccountId account) {
    return RunRecord.ofLedger(
        served
            .by()
            .machine
            .disk
            .store
            .flatMap(store -> Optional.ofNullable(store.runs.get(account))));
  }

  private static void challenged(Run.Served served, HttpAnswer answer) throws MalformedException {
    AccountId account = ChallengeRequest.parse(served.ask().body()).account();
    Bytes challenge = ChallengeAnswer.parse(answer.body()).challenge();
    served.by().challenges.put(challenge, new ReleaseCheck.Issued(account, served.at()));
  }

  /// A receipt is a promise: the deposit is durable, and firm ones outlast their giver's restart.
  private static void receipted(Run.Served served, HttpAnswer answer) throws MalformedException {
    Receipt receipt = Receipt.parse(answer.body()).receipt();
    Disk disk = served.by().machine.disk;
    Optional<Bytes> entry =
        disk.store.flatMap(store -> Optional.ofNullable(store.ledger.get(receipt.depositor())));
    boolean durable = entry.isPresent() && digest(entry.get()).equals(receipt.depositDigest());
    Violation.unless(durable, "receipt", "for a deposit that is not on the disk");
    Violation.unless(
        !receipt.firm() || disk.manifest.isPresent(),
        "receipt",
        "a firm one of a provider without a committed manifest");
  }

  private static Bytes digest(Bytes entry) throws MalformedException {
    try (SecretBytes bytes = Disk.secret(entry);
        DepositParcel parcel = DepositParcel.parse(bytes)) {
      return parcel.digest();
    }
  }

  private void released(Run.Served served) throws MalformedException {
    Run by = served.by();
    requireLogged(by);
    RecoveryRequest request = RecoveryRequest.parse(served.ask().body());
    ReleaseCheck.Provider provider =
        new ReleaseCheck.Provider(
            by.machine.account().orElseThrow(() -> new InvariantError("an open store has one")),
            by.challenges,
            served.own(),
            served.evaluationNumber());
    releases.check(
        provider,
        request,
        served.held(),
        world.vendor.find(request.collateralDigest()),
        served.at());
  }

  /// For each share that left this process there is an entry that was durable before.
  private static void requireLogged(Run by) {
    long entries = by.logged.stream().filter(fact -> fact.kind() == LogFact.Kind.RELEASE).count();
    by.releases++;
    Violation.unless(by.releases <= entries, "log", "a share left before the log had it");
  }

  // At the end.

  void finish() {
    checkPlacement();
    for (String text : words) {
      secrets.find(text).ifPresent(found -> leaked(found, "text: " + text));
    }
    packets.forEach(this::requireNoSecret);
  }

  private void requireNoSecret(Bytes packet) {
    secrets.find(packet.toArray()).ifPresent(found -> leaked(found, "bytes"));
  }

  private static void leaked(String secret, String where) {
    throw new Violation("secret", secret + " stands in the open, in " + where);
  }

  /// What providers hold is what was shared out, and no two shares of one key on one machine.
  private void checkPlacement() {
    Map<AccountId, Map<String, Integer>> hardware = new TreeMap<>();
    for (Machine machine : world.machines) {
      Map<AccountId, Bytes> ledger =
          machine.disk.store.<Map<AccountId, Bytes>>map(store -> store.ledger).orElse(Map.of());
      ledger.forEach((account, entry) -> {
        try (SecretBytes bytes = Disk.secret(entry);
            DepositParcel parcel = DepositParcel.parse(bytes)) {
          int index = parcel.deposit().index();
          Map<Integer, Bytes> shares = sharings.getOrDefault(account, Map.of());
          Violation.unless(
              Disk.plain(parcel.share()).equals(shares.get(index)),
              "sharing",
              "a provider holds another share than was made");
          Integer other =
              hardware
                  .computeIfAbsent(account, _ -> new TreeMap<>())
                  .putIfAbsent(machine.wanted().model().name(), index);
          Violation.unless(
              other == null || other == index,
              "placement",
              "shares " + other + " and " + index + " of one key on one machine");
        } catch (MalformedException e) {
          throw new Violation("ledger", "an entry is no deposit: " + e.getMessage());
        }
      });
    }
  }
}
