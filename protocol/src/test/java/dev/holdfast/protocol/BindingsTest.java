package dev.holdfast.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.attestation.tcb.TcbStatus;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.Labels;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.protocol.manifest.Manifest;
import dev.holdfast.protocol.message.DepositParcel;
import dev.holdfast.protocol.message.NoDeposit;
import dev.holdfast.protocol.message.Receipt;
import dev.holdfast.protocol.message.ReleaseParcel;
import dev.holdfast.protocol.posture.Safeguards;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class BindingsTest {
  private final Samples samples = new Samples();

  @Test
  void challenge_isGoodForItsAccountAndItsTimeOnly() {
    Challenges challenges = Challenges.generate(samples.random);
    Bytes challenge = challenges.issue(samples.depositor, Samples.NOW);
    assertEquals(Challenges.SIZE, challenge.size());
    assertEquals(Optional.empty(), challenges.fault(challenge, samples.depositor, Samples.NOW));
    assertEquals(
        Optional.empty(),
        challenges.fault(challenge, samples.depositor, Samples.NOW.plus(Limits.CHALLENGE_LIFE)));
    assertEquals(
        Optional.of(ProblemCode.CHALLENGE_EXPIRED),
        challenges.fault(
            challenge,
            samples.depositor,
            Samples.NOW.plus(Limits.CHALLENGE_LIFE).plus(Duration.ofMillis(1))));
    assertEquals(
        Optional.of(ProblemCode.CHALLENGE_INVALID),
        challenges.fault(challenge, samples.provider, Samples.NOW));
    assertEquals(
        Optional.of(ProblemCode.CHALLENGE_INVALID),
        Challenges.generate(samples.random).fault(challenge, samples.depositor, Samples.NOW));
    assertNotEquals(challenge, challenges.issue(samples.depositor, Samples.NOW));
  }

  @Test
  void challenge_withAnyBitChanged_isInvalid() {
    Challenges challenges = Challenges.generate(samples.random);
    Bytes challenge = challenges.issue(samples.depositor, Samples.NOW);
    for (int i = 0; i < challenge.size(); i++) {
      byte[] changed = challenge.toArray();
      changed[i] ^= 1;
      assertEquals(
          Optional.of(ProblemCode.CHALLENGE_INVALID),
          challenges.fault(Bytes.copyOf(changed), samples.depositor, Samples.NOW));
    }
  }

  @Test
  void tokenProof_holdsForItsStatementOnly() {
    DiskToken.Statement statement =
        new DiskToken.Statement(
            samples.depositor,
            samples.provider,
            samples.challenge,
            samples.envelopeKeys.publicKey());
    Bytes proof = DiskToken.prove(samples.token.key(), statement);
    assertTrue(DiskToken.holds(samples.token.key(), statement, proof));
    DiskToken.Statement other =
        new DiskToken.Statement(
            samples.depositor,
            samples.depositor,
            samples.challenge,
            samples.envelopeKeys.publicKey());
    assertFalse(DiskToken.holds(samples.token.key(), other, proof));
    assertFalse(DiskToken.holds(Bytes.zero(32), statement, proof));
    assertNotEquals(samples.token.value(), samples.token.key());
  }

  @Test
  void reportData_differsByPurposePostureAndContent() {
    Bytes posture = samples.posture().digest();
    List<Bytes> entries = List.of(Bytes.zero(32));
    List<Bytes> all =
        List.of(
            ReportData.memberRecord(posture, Bytes.zero(1)),
            ReportData.memberRecord(posture, Bytes.zero(2)),
            ReportData.memberRecord(Bytes.zero(32), Bytes.zero(1)),
            ReportData.deposit(posture, samples.depositor, 1, entries),
            ReportData.deposit(posture, samples.depositor, 2, entries),
            ReportData.deposit(posture, samples.provider, 1, entries),
            ReportData.deposit(posture, samples.depositor, 1, List.of()),
            samples.asked().reportData(),
            samples.providerProof().reportData(posture),
            samples.terms().originReportData());
    assertEquals(all.size(), all.stream().distinct().count());
    assertTrue(all.stream().allMatch(data -> data.size() == ReportData.SIZE));
  }

  @Test
  void entries_ofOneProvider_differByChallengeAndDeposit() {
    Bytes one = ReportData.depositEntry(samples.provider, samples.challenge, Bytes.zero(32));
    assertNotEquals(
        one, ReportData.depositEntry(samples.depositor, samples.challenge, Bytes.zero(32)));
    assertNotEquals(one, ReportData.recoveryEntry(samples.provider, samples.challenge));
    assertEquals(List.of(Bytes.zero(1), one), ReportData.sorted(List.of(one, Bytes.zero(1), one)));
  }

  @Test
  void posture_changedInAnything_hasAnotherDigest() {
    Posture posture = samples.posture();
    EvidenceFloor floor = EvidenceFloor.defaults();
    Threshold one = new Threshold(1, 1);
    List<Posture> all =
        List.of(
            posture,
            new Posture(
                samples.bytes(32),
                false,
                posture.threshold(),
                posture.floor(),
                true,
                false,
                Safeguards.DEFAULT),
            new Posture(
                Bytes.zero(32),
                true,
                posture.threshold(),
                posture.floor(),
                true,
                false,
                Safeguards.DEFAULT),
            new Posture(
                Bytes.zero(32), false, one, posture.floor(), true, false, Safeguards.DEFAULT),
            new Posture(
                Bytes.zero(32), false, posture.threshold(), floor, true, false, Safeguards.DEFAULT),
            new Posture(
                Bytes.zero(32),
                false,
                posture.threshold(),
                posture.floor(),
                false,
                false,
                Safeguards.DEFAULT),
            new Posture(
                Bytes.zero(32),
                false,
                posture.threshold(),
                posture.floor(),
                true,
                true,
                Safeguards.DEFAULT));
    assertEquals(all.size(), all.stream().map(Posture::digest).distinct().count());
  }

  @Test
  void posture_withReorderedOrSpacedMembers_isMalformed() {
    String text = Samples.text(samples.posture().toBytes());
    for (String other :
        List.of(
            text.replace("\"k\":2,\"n\":3", "\"n\":3,\"k\":2"),
            text.replace(",\"k\"", ", \"k\""),
            text.replace(
                "\"INTEL-SA-00001\",\"INTEL-SA-00002\"", "\"INTEL-SA-00002\",\"INTEL-SA-00001\""),
            text.replace("UpToDate", "Revoked"))) {
      assertNotEquals(text, other);
      assertThrows(MalformedException.class, () -> Posture.parse(Samples.utf8(other)));
    }
  }

  @Test
  void thresholds_atTheirLimits_areToldApart() {
    assertTrue(Threshold.isValid(1, 1));
    assertTrue(Threshold.isValid(2, 3));
    assertTrue(Threshold.isValid(9, 16));
    assertFalse(Threshold.isValid(0, 1));
    assertFalse(Threshold.isValid(1, 2));
    assertFalse(Threshold.isValid(3, 2));
    assertFalse(Threshold.isValid(8, 16));
    assertFalse(Threshold.isValid(9, 17));
  }

  @Test
  void floor_withinAnother_acceptsNothingMore() {
    EvidenceFloor strict = EvidenceFloor.defaults();
    EvidenceFloor wide =
        new EvidenceFloor(
            List.of(TcbStatus.UP_TO_DATE, TcbStatus.OUT_OF_DATE), List.of("INTEL-SA-1"), 0);
    assertTrue(strict.isWithin(wide));
    assertFalse(wide.isWithin(strict));
    assertTrue(new EvidenceFloor(strict.tcbStatuses(), List.of(), 5).isWithin(strict));
    assertFalse(strict.isWithin(new EvidenceFloor(strict.tcbStatuses(), List.of(), 5)));
  }

  @Test
  void parcel_writtenAndRead_isTheSame() throws MalformedException {
    SecretBytes share = samples.shares.get(1).value();
    DepositParcel parcel =
        DepositParcel.sign(samples.crypto, samples.depositorKey, samples.deposit(), share);
    DepositParcel read = DepositParcel.parse(parcel.toSecret());
    assertEquals(parcel.deposit(), read.deposit());
    assertEquals(parcel.signed(), read.signed());
    assertTrue(read.share().sameAs(share));
    assertTrue(read.isSigned(samples.crypto));
    assertTrue(read.isCommitted());
    DepositParcel wrong =
        DepositParcel.sign(
            samples.crypto,
            samples.providerKey,
            samples.deposit(),
            samples.shares.getFirst().value());
    assertFalse(wrong.isSigned(samples.crypto));
    assertFalse(wrong.isCommitted());
  }

  @Test
  void releaseParcel_writtenAndRead_isTheSame() throws MalformedException {
    SecretBytes share = samples.shares.getFirst().value();
    ReleaseParcel parcel =
        ReleaseParcel.sign(samples.crypto, samples.providerKey, samples.release(), share);
    ReleaseParcel read = ReleaseParcel.parse(parcel.toSecret());
    assertEquals(parcel.release(), read.release());
    assertTrue(read.isSigned(samples.crypto));
    assertTrue(read.share().sameAs(share));
  }

  @Test
  void signature_underAnotherPurpose_doesNotHold() {
    Receipt.Received receipt = samples.signedReceipt();
    SignedBody asRelease = receipt.signed();
    assertTrue(asRelease.holds(samples.crypto, samples.provider, Labels.RECEIPT_SIGNATURE));
    assertFalse(asRelease.holds(samples.crypto, samples.provider, Labels.RELEASE_SIGNATURE));
    assertFalse(asRelease.holds(samples.crypto, samples.depositor, Labels.RECEIPT_SIGNATURE));
  }

  @Test
  void wordThatNothingIsHeld_isForOneRequestOfOneAccount() {
    NoDeposit word = new NoDeposit(samples.provider, samples.depositor, Bytes.zero(32));
    SignedBody signed = word.sign(samples.crypto, samples.providerKey);
    assertTrue(word.isStatedBy(signed, samples.crypto));
    NoDeposit other = new NoDeposit(samples.provider, samples.depositor, samples.bytes(32));
    assertFalse(other.isStatedBy(signed, samples.crypto));
    assertFalse(word.isStatedBy(word.sign(samples.crypto, samples.depositorKey), samples.crypto));
  }

  @Test
  void problem_writtenAndRead_isTheSame() throws MalformedException {
    for (ProblemCode code : ProblemCode.values()) {
      assertEquals(Problem.of(code), Problem.parse(Problem.of(code).toBytes()));
      assertEquals(Optional.of(code), ProblemCode.of(code.code()));
    }
    Problem detailed =
        Problem.of(ProblemCode.EVIDENCE_REFUSED, "measurement-mismatch: \u001b[31m\n");
    assertEquals(Optional.of("measurement-mismatch: ?[31m?"), detailed.detail());
    assertEquals(detailed, Problem.parse(detailed.toBytes()));
    Problem stated =
        Problem.of(ProblemCode.UNKNOWN_ACCOUNT)
            .withStatement(new SignedBody(Bytes.zero(3), Bytes.zero(64)));
    assertEquals(stated, Problem.parse(stated.toBytes()));
    String longText = "x".repeat(2 * Problem.MAX_DETAIL_CHARACTERS);
    assertEquals(
        Problem.MAX_DETAIL_CHARACTERS,
        Problem.of(ProblemCode.INTERNAL, longText).detail().orElse("").length());
  }

  @Test
  void problem_ofAnUnknownCode_isMalformed() {
    String text = Samples.text(Problem.of(ProblemCode.BUSY).toBytes());
    assertThrows(
        MalformedException.class,
        () -> Problem.parse(Samples.utf8(text.replace("\"busy\"", "\"lazy\""))));
    assertThrows(MalformedException.class, () -> Problem.parse(Bytes.zero(Problem.MAX_SIZE + 1)));
  }

  @Test
  void manifest_writtenAndRead_isTheSameAndGenuine() throws MalformedException {
    Manifest manifest =
        samples.manifest(List.of(samples.holder(Optional.of(samples.signedReceipt()))), false);
    Manifest.Received read = Manifest.parse(manifest.toBytes(samples.rootKey));
    assertEquals(manifest.terms(), read.manifest().terms());
    assertEquals(manifest.holders(), read.manifest().holders());
    assertTrue(read.isGenuine(samples.rootKey));
    assertEquals(Optional.empty(), read.falseReceipt(samples.crypto));
    try (SecretBytes other = SecretBytes.generate(32, samples.random)) {
      assertFalse(read.isGenuine(other));
    }
  }

  @Test
  void manifest_committedWithTooFewReceipts_isMalformed() {
    Bytes bytes =
        samples
            .manifest(List.of(samples.holder(Optional.of(samples.signedReceipt()))), true)
            .toBytes(samples.rootKey);
    assertThrows(MalformedException.class, () -> Manifest.parse(bytes));
  }

  @Test
  void manifest_withOneProviderTwice_isMalformed() {
    Bytes bytes =
        samples
            .manifest(
                List.of(samples.holder(Optional.empty()), samples.holder(Optional.empty())), false)
            .toBytes(samples.rootKey);
    assertThrows(MalformedException.class, () -> Manifest.parse(bytes));
  }

  @Test
  void quote_atItsLimit_isReadAndOnePastIsNot() throws MalformedException {
    Bytes digest = Bytes.zero(32);
    SignedRecord record = samples.signedRecord();
    Bytes full = Bytes.zero(Limits.QUOTE_MAX_BYTES);
    SignedRecord largest =
        new SignedRecord(record.record(), record.recordBytes(), full, digest, record.signature());
    assertEquals(full, SignedRecord.parse(largest.toBytes()).quote());
    Bytes past = Bytes.zero(Limits.QUOTE_MAX_BYTES + 1);
    SignedRecord larger =
        new SignedRecord(record.record(), record.recordBytes(), past, digest, record.signature());
    assertThrows(MalformedException.class, () -> SignedRecord.parse(larger.toBytes()));
  }

  @Test
  void label_atItsLimit_isALabelAndOnePastIsNot() {
    assertTrue(MemberLabels.isLabel("a".repeat(63)));
    assertTrue(MemberLabels.isLabel(""));
    assertFalse(MemberLabels.isLabel("a".repeat(64)));
    assertFalse(MemberLabels.isLabel("A"));
    assertFalse(MemberLabels.isLabel("a b"));
    assertFalse(MemberLabels.isLabel("a\n"));
  }
}
