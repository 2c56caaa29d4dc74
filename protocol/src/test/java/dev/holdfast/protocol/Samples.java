package dev.holdfast.protocol;

import dev.holdfast.attestation.Collateral;
import dev.holdfast.attestation.policy.Measurement;
import dev.holdfast.attestation.tcb.TcbStatus;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.Crypto;
import dev.holdfast.crypto.EnvelopeKeys;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.crypto.Share;
import dev.holdfast.crypto.Sharing;
import dev.holdfast.crypto.SigningKey;
import dev.holdfast.protocol.custody.CustodianKey;
import dev.holdfast.protocol.custody.Custody;
import dev.holdfast.protocol.custody.CustodyApproval;
import dev.holdfast.protocol.custody.CustodyRequest;
import dev.holdfast.protocol.manifest.Holder;
import dev.holdfast.protocol.manifest.Manifest;
import dev.holdfast.protocol.message.ChallengeAnswer;
import dev.holdfast.protocol.message.ChallengeRequest;
import dev.holdfast.protocol.message.Deposit;
import dev.holdfast.protocol.message.DepositRequest;
import dev.holdfast.protocol.message.ProofRequest;
import dev.holdfast.protocol.message.ProviderProof;
import dev.holdfast.protocol.message.Receipt;
import dev.holdfast.protocol.message.RecoveryRequest;
import dev.holdfast.protocol.message.Release;
import dev.holdfast.protocol.message.ReleaseAnswer;
import dev.holdfast.protocol.posture.KeyQuorum;
import dev.holdfast.protocol.posture.Safeguards;
import dev.holdfast.protocol.run.Ballot;
import dev.holdfast.protocol.run.Claim;
import dev.holdfast.protocol.run.ClaimAnswer;
import dev.holdfast.protocol.run.StoreMark;
import dev.holdfast.protocol.run.Witness;
import dev.holdfast.protocol.run.WitnessAck;
import dev.holdfast.protocol.statement.ReleaseStatement;
import dev.holdfast.protocol.statement.RollbackAcceptance;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// One good example of everything, the same in every run.
final class Samples {
  static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

  final SecureRandom random = seeded();
  final Crypto crypto = Crypto.bouncyCastle(random);
  final SigningKey depositorKey = crypto.generateSigningKey();
  final SigningKey providerKey = crypto.generateSigningKey();
  final AccountId depositor = new AccountId(depositorKey.publicKey());
  final AccountId provider = new AccountId(providerKey.publicKey());
  final EnvelopeKeys envelopeKeys = crypto.generateEnvelopeKeys();
  final SecretBytes rootKey = SecretBytes.generate(32, random);
  final List<Share> shares = Sharing.split(rootKey, 2, 3, random);
  final DiskToken token = DiskToken.generate(random);
  final Bytes challenge = bytes(Challenges.SIZE);
  final Bytes quote = bytes(600);

  static SecureRandom seeded() {
    try {
      SecureRandom random = SecureRandom.getInstance("SHA1PRNG");
      random.setSeed(7);
      return random;
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  Bytes bytes(int size) {
    byte[] array = new byte[size];
    random.nextBytes(array);
    return Bytes.copyOf(array);
  }

  static Bytes utf8(String text) {
    return Bytes.copyOf(text.getBytes(StandardCharsets.UTF_8));
  }

  static String text(Bytes bytes) {
    return new String(bytes.toArray(), StandardCharsets.UTF_8);
  }

  Posture posture() {
    EvidenceFloor floor =
        new EvidenceFloor(
            List.of(TcbStatus.SW_HARDENING_NEEDED, TcbStatus.UP_TO_DATE),
            List.of("INTEL-SA-00002", "INTEL-SA-00001"),
            17);
    return new Posture(
        Bytes.zero(32), false, Threshold.DEFAULT, floor, true, false, Safeguards.DEFAULT);
  }

  ReleasePolicy policy() {
    return new ReleasePolicy(
        List.of(
            new Measurement(
                Bytes.zero(48),
                Optional.of(Bytes.zero(48)),
                Bytes.zero(48),
                Bytes.zero(48),
                Optional.empty())),
        Optional.of(new ReleasePolicy.Statements("app", Duration.ofDays(90))),
        EvidenceFloor.defaults());
  }

  Collateral collateral() {
    return Collateral.none();
  }

  Origin origin() {
    Bytes commitment = Origin.commitment(rootKey, depositor, storeId());
    return new Origin(new Origin.Birth(commitment, NOW), quote, collateral().digest());
  }

  Bytes storeId() {
    return Bytes.zero(SharingTerms.STORE_ID_SIZE);
  }

  SharingTerms terms() {
    Bytes context = SharingTerms.context(depositor, 1);
    return new SharingTerms(
        depositor,
        1,
        storeId(),
        Threshold.DEFAULT,
        shares.stream().map(share -> Sharing.commitment(context, share)).toList(),
        policy(),
        posture().digest(),
        token.key(),
        origin());
  }

  Deposit deposit() {
    return new Deposit(terms(), provider, 1, 2);
  }

  Receipt receipt() {
    return Receipt.of(deposit(), Deposit.digest(deposit().toBytes()), true);
  }

  Receipt.Received signedReceipt() {
    try {
      return Receipt.parse(receipt().sign(crypto, providerKey));
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  Endpoint endpoint() {
    try {
      return Endpoint.parse("node-b.example:7400");
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  MemberRecord record() {
    return new MemberRecord(
        depositor,
        envelopeKeys.publicKey(),
        endpoint(),
        new MemberLabels("node-a", "", "zone-1"),
        new Image("app", "1.2.3"),
        posture().digest(),
        4,
        NOW);
  }

  SignedRecord signedRecord() {
    return SignedRecord.sign(crypto, depositorKey, record(), quote, collateral().digest());
  }

  RecoveryRequest.Asked asked() {
    return new RecoveryRequest.Asked(
        depositor,
        provider,
        1,
        posture().digest(),
        envelopeKeys.publicKey(),
        challenge,
        List.of(ReportData.recoveryEntry(provider, challenge)));
  }

  RecoveryRequest recovery() {
    return new RecoveryRequest(asked(), Bytes.zero(32), quote, collateral().digest());
  }

  Release release() {
    return release(Optional.empty());
  }

  Release release(Optional<Witness.Signed> witness) {
    return new Release(
        provider, depositor, 1, 1, 2, Bytes.zero(32), Bytes.zero(32), Bytes.zero(32), witness);
  }

  Claim.Signed claim() {
    Claim claim =
        new Claim(
            depositor,
            provider,
            1,
            new Ballot(3, Bytes.zero(Ballot.RUN_SIZE)),
            Bytes.zero(Claim.NONCE_SIZE),
            false);
    return new Claim.Signed(claim, claim.sign(crypto, depositorKey));
  }

  StoreMark mark() {
    return new StoreMark(7, Bytes.zero(32), 5, Bytes.zero(32));
  }

  Witness.Signed witness() {
    return new Witness(depositor, claim().claim().ballot(), mark()).sign(crypto, depositorKey);
  }

  ClaimAnswer claimAnswer(Optional<Witness.Signed> witness) {
    return new ClaimAnswer(provider, claim().signed().body().sha256(), 1500, witness);
  }

  WitnessAck witnessAck() {
    return new WitnessAck(provider, witness().digest());
  }

  ReleaseStatement statement() {
    return new ReleaseStatement(
        3,
        NOW,
        NOW.plusSeconds(3600),
        List.of(
            new ReleaseStatement.Image(
                "app", "1.2", ReleaseStatement.Use.RUN, policy().measurements().getFirst())));
  }

  RollbackAcceptance acceptance() {
    return new RollbackAcceptance(depositor, storeId(), 2, mark(), 9, witness().digest());
  }

  DepositRequest depositRequest() {
    return new DepositRequest(
        depositor,
        provider,
        challenge,
        List.of(Bytes.zero(32)),
        Bytes.zero(2000),
        quote,
        collateral().digest());
  }

  ProofRequest proofRequest() {
    return new ProofRequest(depositor, provider, 1, challenge, Bytes.zero(32));
  }

  ProviderProof providerProof() {
    return new ProviderProof(provider, 2, envelopeKeys.publicKey(), List.of(Bytes.zero(32)));
  }

  ChallengeRequest challengeRequest() {
    return new ChallengeRequest(depositor, provider);
  }

  ChallengeAnswer challengeAnswer() {
    return new ChallengeAnswer(provider, challenge, 3);
  }

  ReleaseAnswer releaseAnswer() {
    return new ReleaseAnswer(Bytes.zero(1500));
  }

  Holder holder(Optional<Receipt.Received> receipt) {
    return new Holder(provider, 2, endpoint(), "node-b", receipt);
  }

  CustodianKey custodian() {
    return new CustodianKey(envelopeKeys.publicKey());
  }

  Custody custody() {
    return Custody.seal(
        crypto,
        rootKey,
        terms(),
        new KeyQuorum(1, List.of(custodian().fingerprint())),
        List.of(custodian()),
        random);
  }

  CustodyRequest custodyRequest() {
    return new CustodyRequest(
        posture(),
        terms(),
        custody(),
        collateral(),
        new CustodyRequest.Asked(Bytes.zero(32), envelopeKeys.publicKey(), mark()),
        new CustodyRequest.Shown(quote, collateral(), Optional.empty()));
  }

  CustodyApproval custodyApproval() {
    return CustodyApproval.seal(
        crypto, custodyRequest(), custodian().fingerprint(), shares.getFirst().value());
  }

  Manifest manifestWithCustody() {
    return new Manifest(
        terms(),
        token,
        collateral(),
        Optional.of(custody()),
        List.of(holder(Optional.empty())),
        Optional.empty(),
        false);
  }

  Manifest manifest(List<Holder> holders, boolean committed) {
    return new Manifest(
        terms(), token, collateral(), Optional.empty(), holders, Optional.empty(), committed);
  }
}
