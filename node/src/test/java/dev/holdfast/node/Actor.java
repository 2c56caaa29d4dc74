package dev.holdfast.node;

import dev.holdfast.attestation.Collateral;
import dev.holdfast.attestation.Verdict;
import dev.holdfast.attestation.policy.Measurement;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.Crypto;
import dev.holdfast.crypto.EnvelopeException;
import dev.holdfast.crypto.EnvelopeKey;
import dev.holdfast.crypto.EnvelopeKeys;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.crypto.Share;
import dev.holdfast.crypto.Sharing;
import dev.holdfast.crypto.SigningKey;
import dev.holdfast.node.model.HttpAsk;
import dev.holdfast.node.model.HttpReply;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.DiskToken;
import dev.holdfast.protocol.EvidenceFloor;
import dev.holdfast.protocol.Image;
import dev.holdfast.protocol.MemberLabels;
import dev.holdfast.protocol.MemberRecord;
import dev.holdfast.protocol.Origin;
import dev.holdfast.protocol.Posture;
import dev.holdfast.protocol.Problem;
import dev.holdfast.protocol.ReleasePolicy;
import dev.holdfast.protocol.ReportData;
import dev.holdfast.protocol.Route;
import dev.holdfast.protocol.SharingTerms;
import dev.holdfast.protocol.SignedRecord;
import dev.holdfast.protocol.Threshold;
import dev.holdfast.protocol.message.ChallengeAnswer;
import dev.holdfast.protocol.message.ChallengeRequest;
import dev.holdfast.protocol.message.Deposit;
import dev.holdfast.protocol.message.DepositParcel;
import dev.holdfast.protocol.message.DepositRequest;
import dev.holdfast.protocol.message.PossessionRequest;
import dev.holdfast.protocol.message.ProofRequest;
import dev.holdfast.protocol.message.ProviderProof;
import dev.holdfast.protocol.message.RecoveryRequest;
import dev.holdfast.protocol.message.ReleaseAnswer;
import dev.holdfast.protocol.message.ReleaseParcel;
import dev.holdfast.protocol.run.Ballot;
import dev.holdfast.protocol.run.Claim;
import dev.holdfast.protocol.run.Retire;
import dev.holdfast.protocol.run.StoreMark;
import dev.holdfast.protocol.run.Witness;
import dev.holdfast.simulator.PlatformRecipe;
import dev.holdfast.simulator.SimulatedPlatform;
import dev.holdfast.simulator.TdRecipe;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// Somebody who talks to one node by hand and may say anything: a member with a genuine machine as
/// long as nothing else is asked of it.
final class Actor {
  final Fleet fleet;
  final TestNode provider;
  final Crypto crypto;
  final SigningKey key;
  final AccountId account;
  final Bytes storeId;
  final DiskToken token;
  final List<Share> shares;
  final EnvelopeKeys responseKeys;
  final Collateral collateral = Fleet.collateral();
  Posture posture = Fleet.posture(2, 3);
  SimulatedPlatform platform;
  String image = "app";
  long generation = 1;
  long instance = 1;
  ReleasePolicy policy;
  private final SecretBytes rootKey;

  Actor(Fleet fleet, TestNode provider) {
    this.fleet = fleet;
    this.provider = provider;
    this.crypto = fleet.crypto;
    this.key = crypto.generateSigningKey();
    this.account = new AccountId(key.publicKey());
    this.platform = Fleet.theVendor().platform(PlatformRecipe.of("machine-actor"));
    this.rootKey = SecretBytes.generate(Sharing.SECRET_SIZE, fleet.random);
    this.storeId = random(SharingTerms.STORE_ID_SIZE);
    this.token = DiskToken.generate(fleet.random);
    this.shares = Sharing.split(rootKey, 2, 3, fleet.random);
    this.responseKeys = crypto.generateEnvelopeKeys();
    this.policy = ReleasePolicy.ofImage(measurement(), posture);
    ask(Route.COLLATERAL_PUSH, "/" + collateral.digest().toHex(), collateral.toJson());
  }

  static Ballot ballot(long instance, char run) {
    byte[] bytes = new byte[Ballot.RUN_SIZE];
    Arrays.fill(bytes, (byte) run);
    return new Ballot(instance, Bytes.copyOf(bytes));
  }

  Claim.Signed claim(long instance, char run, boolean resigned) {
    Claim claim =
        new Claim(
            account,
            provider.account(),
            generation,
            ballot(instance, run),
            random(Claim.NONCE_SIZE),
            resigned);
    return new Claim.Signed(claim, claim.sign(crypto, key));
  }

  /// Everything below `below` is to be forgotten.
  Retire.Signed retire(long below, long instance, char run) {
    return new Retire(account, provider.account(), below, ballot(instance, run)).sign(crypto, key);
  }

  PossessionRequest possession(long of) {
    return new PossessionRequest(
        account, provider.account(), of, random(PossessionRequest.NONCE_SIZE));
  }

  /// MACs that depend on the versions only.
  Witness.Signed witness(long instance, char run, long version, long ledgerVersion) {
    StoreMark mark =
        new StoreMark(version, mac("store", version), ledgerVersion, mac("ledger", ledgerVersion));
    return new Witness(account, ballot(instance, run), mark).sign(crypto, key);
  }

  static Bytes mac(String what, long version) {
    return Bytes.copyOf((what + version).getBytes(StandardCharsets.UTF_8)).sha256();
  }

  /// A member that the provider has verified.
  static Actor member(Fleet fleet, TestNode provider) {
    Actor actor = new Actor(fleet, provider);
    actor.publish();
    fleet.runFor(Duration.ofMillis(100));
    return actor;
  }

  Bytes random(int size) {
    byte[] bytes = new byte[size];
    fleet.random.nextBytes(bytes);
    return Bytes.copyOf(bytes);
  }

  /// The registers of the image as the verifier reads them.
  private Measurement measurement() {
    Verdict verdict =
        Fleet.theVerifier()
            .appraise(quote(Bytes.zero(ReportData.SIZE)), collateral, fleet.now())
            .judge(EvidenceFloor.defaults().policy(Bytes.zero(ReportData.SIZE)));
    if (verdict instanceof Verdict.Accepted accepted) {
      return accepted.claims().measurement().orElseThrow();
    }
    throw new AssertionError(verdict.toString());
  }

  Bytes quote(Bytes reportData) {
    return platform.quote(TdRecipe.ofImage(image), reportData);
  }

  void publish() {
    MemberRecord record =
        new MemberRecord(
            account,
            responseKeys.publicKey(),
            Fleet.endpoint(200),
            new MemberLabels("actor", "", ""),
            new Image("app", "1"),
            posture.digest(),
            instance,
            Fleet.START);
    Bytes quote = quote(ReportData.memberRecord(posture.digest(), record.toBytes()));
    SignedRecord signed = SignedRecord.sign(crypto, key, record, quote, collateral.digest());
    fleet.publish(account, signed.toBytes());
  }

  /// Asks and waits for the answer.
  HttpReply.Answered ask(Route route, String suffix, Bytes body) {
    AtomicReference<Optional<HttpReply>> reply = new AtomicReference<>(Optional.empty());
    HttpAsk ask = new HttpAsk(provider.endpoint(), route, route.path() + suffix, body);
    provider.receive(ask, got -> reply.set(Optional.of(got)));
    fleet.runUntil(() -> reply.get().isPresent());
    return (HttpReply.Answered) reply.get().orElseThrow();
  }

  HttpReply.Answered ask(Route route, Bytes body) {
    return ask(route, "", body);
  }

  /// The code of a refusal, or `ok`.
  static String code(HttpReply.Answered answered) {
    return answered.status() / 100 == 2 ? "ok" : problem(answered).code().code();
  }

  static Problem problem(HttpReply.Answered answered) {
    try {
      return Problem.parse(answered.body());
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  Bytes challenge() {
    return challengeFor(account);
  }

  Bytes challengeFor(AccountId whom) {
    try {
      return ChallengeAnswer.parse(
              ask(Route.CHALLENGE, new ChallengeRequest(whom, provider.account()).toBytes()).body())
          .challenge();
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  /// The provider's present envelope key, as it proves it.
  EnvelopeKey prove() {
    ProofRequest request =
        new ProofRequest(account, provider.account(), instance, challenge(), random(32));
    try {
      ProviderProof.Received received =
          ProviderProof.parse(ask(Route.PROVIDER_PROOF, request.sign(crypto, key)).body());
      return received.proof().envelopeKey();
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  Origin.Birth birth() {
    return new Origin.Birth(Origin.commitment(rootKey, account, storeId), Fleet.START);
  }

  Origin origin() {
    Bytes reportData = ReportData.origin(posture.digest(), account, generation, storeId, birth());
    return new Origin(birth(), quote(reportData), collateral.digest());
  }

  SharingTerms terms(Origin origin) {
    Bytes context = SharingTerms.context(account, generation);
    return new SharingTerms(
        account,
        generation,
        storeId,
        Threshold.DEFAULT,
        shares.stream().map(share -> Sharing.commitment(context, share)).toList(),
        policy,
        posture.digest(),
        token.key(),
        origin);
  }

  DepositParcel parcel(SharingTerms terms, int index) {
    Deposit deposit = new Deposit(terms, provider.account(), instance, index);
    return DepositParcel.sign(crypto, key, deposit, shares.get(index - 1).value());
  }

  /// An honest deposit of share 1.
  DepositParcel parcel() {
    return parcel(terms(origin()), 1);
  }

  Bytes entry(DepositParcel parcel, Bytes challenge) {
    return ReportData.depositEntry(provider.account(), challenge, parcel.digest());
  }

  Bytes depositQuote(List<Bytes> entries) {
    return quote(ReportData.deposit(posture.digest(), account, generation, entries));
  }

  Bytes seal(EnvelopeKey to, DepositParcel parcel, Bytes challenge) {
    Bytes info = DepositRequest.info(account, provider.account(), challenge);
    try (SecretBytes plaintext = parcel.toSecret()) {
      return crypto.seal(to, info, Bytes.EMPTY, plaintext);
    }
  }

  DepositRequest request(DepositParcel parcel) {
    Bytes challenge = challenge();
    List<Bytes> entries = List.of(entry(parcel, challenge));
    return new DepositRequest(
        account,
        provider.account(),
        challenge,
        entries,
        seal(prove(), parcel, challenge),
        depositQuote(entries),
        collateral.digest());
  }

  String deposit(DepositParcel parcel) {
    return code(ask(Route.DEPOSIT, request(parcel).toBytes()));
  }

  RecoveryRequest.Asked asked(Bytes challenge) {
    return new RecoveryRequest.Asked(
        account,
        provider.account(),
        generation,
        posture.digest(),
        responseKeys.publicKey(),
        challenge,
        List.of(ReportData.recoveryEntry(provider.account(), challenge)));
  }

  RecoveryRequest recovery(RecoveryRequest.Asked asked) {
    return new RecoveryRequest(
        asked, proof(asked, token.key()), quote(asked.reportData()), collateral.digest());
  }

  static Bytes proof(RecoveryRequest.Asked asked, Bytes tokenKey) {
    return DiskToken.prove(
        tokenKey,
        new DiskToken.Statement(
            asked.account(), asked.provider(), asked.challenge(), asked.responseKey()));
  }

  HttpReply.Answered recover(RecoveryRequest request) {
    return ask(Route.RECOVER, request.toBytes());
  }

  /// Opens a release; the share as bytes.
  Bytes open(RecoveryRequest request, HttpReply.Answered answered) {
    try (ReleaseParcel parcel = parcelOf(request, answered)) {
      return Disk.plain(parcel.share());
    }
  }

  /// Opens a release; the caller closes it.
  ReleaseParcel parcelOf(RecoveryRequest request, HttpReply.Answered answered) {
    Bytes info = RecoveryRequest.answerInfo(provider.account(), account, request.toBytes());
    try (SecretBytes plaintext =
        crypto.open(
            responseKeys, info, Bytes.EMPTY, ReleaseAnswer.parse(answered.body()).sealed())) {
      return ReleaseParcel.parse(plaintext);
    } catch (MalformedException | EnvelopeException e) {
      throw new AssertionError(e);
    }
  }
}
