package dev.holdfast.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.protocol.custody.CustodianKey;
import dev.holdfast.protocol.custody.CustodyApproval;
import dev.holdfast.protocol.custody.CustodyRequest;
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
import dev.holdfast.protocol.run.Claim;
import dev.holdfast.protocol.run.ClaimAnswer;
import dev.holdfast.protocol.run.Witness;
import dev.holdfast.protocol.run.WitnessAck;
import dev.holdfast.protocol.statement.ReleaseStatement;
import dev.holdfast.protocol.statement.RollbackAcceptance;
import dev.holdfast.protocol.statement.SignedStatement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Every document: what is written is read again; whatever is not exactly of the form is refused.
final class DocumentsTest {
  private final Samples samples = new Samples();

  private interface Parser {
    Object parse(Bytes bytes) throws MalformedException;
  }

  private record Sample(String name, Bytes bytes, Parser parser) {}

  private List<Sample> all() {
    return List.of(
        new Sample("posture", samples.posture().toBytes(), Posture::parse),
        new Sample("member-record", samples.record().toBytes(), MemberRecord::parse),
        new Sample("signed-member-record", samples.signedRecord().toBytes(), SignedRecord::parse),
        new Sample(
            "challenge-request", samples.challengeRequest().toBytes(), ChallengeRequest::parse),
        new Sample("challenge", samples.challengeAnswer().toBytes(), ChallengeAnswer::parse),
        new Sample(
            "proof-request",
            samples.proofRequest().sign(samples.crypto, samples.depositorKey),
            ProofRequest::parse),
        new Sample(
            "provider-proof",
            samples
                .providerProof()
                .sign(
                    samples.crypto,
                    samples.providerKey,
                    samples.quote,
                    samples.collateral().digest()),
            ProviderProof::parse),
        new Sample("deposit", samples.deposit().toBytes(), Deposit::parse),
        new Sample("deposit-request", samples.depositRequest().toBytes(), DepositRequest::parse),
        new Sample(
            "receipt", samples.receipt().sign(samples.crypto, samples.providerKey), Receipt::parse),
        new Sample("recovery-request", samples.recovery().toBytes(), RecoveryRequest::parse),
        new Sample("release", samples.release().toBytes(), Release::parse),
        new Sample("release-answer", samples.releaseAnswer().toBytes(), ReleaseAnswer::parse),
        new Sample("claim", samples.claim().toBytes(), Claim::parse),
        new Sample("claim-body", samples.claim().signed().body(), DocumentsTest::claimBody),
        new Sample(
            "claim-answer",
            samples.claimAnswer(Optional.empty()).sign(samples.crypto, samples.providerKey),
            ClaimAnswer::parse),
        new Sample("witness", samples.witness().toBytes(), Witness::parse),
        new Sample("witness-body", samples.witness().signed().body(), DocumentsTest::witnessBody),
        new Sample(
            "witness-ack",
            samples.witnessAck().sign(samples.crypto, samples.providerKey),
            WitnessAck::parse),
        new Sample("release-statement", samples.statement().toBytes(), ReleaseStatement::parse),
        new Sample(
            "rollback-acceptance", samples.acceptance().toBytes(), RollbackAcceptance::parse),
        new Sample(
            "signed-statement",
            SignedStatement.unsigned(samples.acceptance().toBytes()).toBytes(),
            SignedStatement::parse),
        new Sample("custodian-public-key", samples.custodian().toBytes(), CustodianKey::parse),
        new Sample("custodian-request", samples.custodyRequest().toBytes(), CustodyRequest::parse),
        new Sample(
            "custodian-approval", samples.custodyApproval().toBytes(), CustodyApproval::parse),
        new Sample(
            "manifest",
            samples.manifest(List.of(), false).toBytes(samples.rootKey),
            Manifest::parse));
  }

  private static Object claimBody(Bytes body) throws MalformedException {
    return Claim.of(new SignedBody(body, Bytes.zero(64)));
  }

  private static Object witnessBody(Bytes body) throws MalformedException {
    return Witness.of(new SignedBody(body, Bytes.zero(64)));
  }

  private Stream<DynamicTest> each(Check check) {
    return all().stream()
        .map(sample -> DynamicTest.dynamicTest(sample.name(), () -> check.of(sample)));
  }

  private interface Check {
    void of(Sample sample) throws MalformedException;
  }

  private static void assertMalformed(Sample sample, String text) {
    assertThrows(MalformedException.class, () -> sample.parser().parse(Samples.utf8(text)), text);
  }

  @Test
  void messages_writtenAndRead_areTheSame() throws MalformedException {
    assertEquals(samples.posture(), Posture.parse(samples.posture().toBytes()));
    assertEquals(samples.record(), MemberRecord.parse(samples.record().toBytes()));
    assertEquals(samples.deposit(), Deposit.parse(samples.deposit().toBytes()));
    assertEquals(
        samples.depositRequest(), DepositRequest.parse(samples.depositRequest().toBytes()));
    assertEquals(samples.recovery(), RecoveryRequest.parse(samples.recovery().toBytes()));
    assertEquals(samples.release(), Release.parse(samples.release().toBytes()));
    assertEquals(samples.releaseAnswer(), ReleaseAnswer.parse(samples.releaseAnswer().toBytes()));
    assertEquals(
        samples.challengeRequest(), ChallengeRequest.parse(samples.challengeRequest().toBytes()));
    assertEquals(
        samples.challengeAnswer(), ChallengeAnswer.parse(samples.challengeAnswer().toBytes()));
  }

  @Test
  void signedMessages_writtenAndRead_areTheSameAndSigned() throws MalformedException {
    ProofRequest.Received asked =
        ProofRequest.parse(samples.proofRequest().sign(samples.crypto, samples.depositorKey));
    assertEquals(samples.proofRequest(), asked.request());
    assertTrue(asked.isSigned(samples.crypto));
    Receipt.Received receipt = samples.signedReceipt();
    assertEquals(samples.receipt(), receipt.receipt());
    assertTrue(receipt.isSigned(samples.crypto));
    SignedRecord record = SignedRecord.parse(samples.signedRecord().toBytes());
    assertEquals(samples.signedRecord(), record);
    assertTrue(record.isSigned(samples.crypto));
  }

  @TestFactory
  Stream<DynamicTest> document_asWritten_isRead() {
    return each(sample -> assertTrue(sample.parser().parse(sample.bytes()) != null));
  }

  @TestFactory
  Stream<DynamicTest> document_withoutOneMember_isMalformed() {
    return each(sample -> {
      String text = Samples.text(sample.bytes());
      for (String member : members(text)) {
        assertMalformed(sample, without(text, member));
      }
    });
  }

  @Test
  void manifestBody_withoutOneMember_isMalformed() {
    String text = Samples.text(samples.manifest(List.of(), false).toBytes(samples.rootKey));
    String body = valueOf(text, "body");
    List<String> members = members(body);
    assertEquals(14, members.size());
    for (String member : members) {
      assertThrows(
          MalformedException.class,
          () -> Manifest.parse(Samples.utf8(text.replace(body, without(body, member)))),
          member);
    }
  }

  @Test
  void manifestsCustody_writtenAndRead_isTheSame() throws MalformedException {
    Manifest manifest = samples.manifestWithCustody();
    Manifest.Received read = Manifest.parse(manifest.toBytes(samples.rootKey));
    assertEquals(manifest, read.manifest());
    assertTrue(read.isGenuine(samples.rootKey));
  }

  @Test
  void manifestsCustody_contradictory_isMalformed() {
    String text = Samples.text(samples.manifestWithCustody().toBytes(samples.rootKey));
    String custody = valueOf(valueOf(text, "body"), "custody");
    String commitments = valueOf(custody, "commitments");
    String shares = valueOf(custody, "shares");
    String share = shares.substring(1, shares.length() - 1);
    for (String other :
        List.of(
            custody.replace("\"threshold\":1", "\"threshold\":2"),
            custody.replace("\"threshold\":1", "\"threshold\":0"),
            custody.replace(commitments, "[]"),
            custody.replace(shares, "[]").replace(commitments, "[]"),
            custody
                .replace(shares, "[" + share + "," + share + "]")
                .replace(commitments, commitments.replace("[", "[" + valueAt(commitments) + ",")),
            without(custody, "threshold"),
            without(custody, "shares"))) {
      assertThrows(
          MalformedException.class,
          () -> Manifest.parse(Samples.utf8(text.replace(custody, other))),
          other);
    }
  }

  private static String valueAt(String list) {
    return list.substring(1, list.length() - 1);
  }

  @TestFactory
  Stream<DynamicTest> document_withAnUnknownMember_isMalformed() {
    return each(sample -> {
      String text = Samples.text(sample.bytes());
      assertMalformed(sample, text.substring(0, text.length() - 1) + ",\"more\":1}");
    });
  }

  @TestFactory
  Stream<DynamicTest> document_withAMemberTwice_isMalformed() {
    return each(sample -> {
      String text = Samples.text(sample.bytes());
      assertMalformed(sample, text.replace("\"version\":1", "\"version\":1,\"version\":1"));
      assertMalformed(sample, text.replace("\"version\":1", "\"version\":1,\"versio\\u006e\":1"));
    });
  }

  @TestFactory
  Stream<DynamicTest> document_withNullOrAnotherKind_isMalformed() {
    return each(sample -> {
      String text = Samples.text(sample.bytes());
      for (String member : members(text)) {
        for (String other : List.of("null", "[]", "{}", "1.5", "true", "\"\"", "-1")) {
          if (!valueOf(text, member).equals(other)) {
            assertMalformedOrPlausible(sample, replaced(text, member, other), member, other);
          }
        }
      }
    });
  }

  /// A few members may well be empty lists, empty texts or other booleans.
  private static void assertMalformedOrPlausible(
      Sample sample, String text, String member, String other) {
    boolean plausible =
        (other.equals("[]") && List.of("entries", "nonces", "holders").contains(member))
            || (other.equals("true") && isBoolean(sample, member))
            || (other.equals("\"\"")
                && List.of("role", "imageVersion", "quote", "sealed").contains(member))
            || (sample.name().equals("signed-statement")
                && other.equals(member.equals("body") ? "\"\"" : "[]"));
    if (!plausible) {
      assertMalformed(sample, text);
    }
  }

  private static boolean isBoolean(Sample sample, String member) {
    String value = valueOf(Samples.text(sample.bytes()), member);
    return value.equals("true") || value.equals("false");
  }

  @TestFactory
  Stream<DynamicTest> document_ofAnotherVersion_saysSo() {
    return each(sample -> {
      String text = Samples.text(sample.bytes()).replace("\"version\":1", "\"version\":2");
      MalformedException e =
          assertThrows(MalformedException.class, () -> sample.parser().parse(Samples.utf8(text)));
      assertEquals(Document.VERSION_PATH, e.field());
    });
  }

  @TestFactory
  Stream<DynamicTest> document_followedByAnything_isMalformed() {
    return each(sample -> {
      String text = Samples.text(sample.bytes());
      assertMalformed(sample, text + "{}");
      assertMalformed(sample, text + "x");
      assertMalformed(sample, "\ufeff" + text);
      assertMalformed(sample, "[" + text + "]");
      assertMalformed(sample, "");
    });
  }

  @TestFactory
  Stream<DynamicTest> document_ofEveryOtherType_isMalformed() {
    return each(sample -> {
      for (Sample other : all()) {
        if (!other.name().equals(sample.name())) {
          assertMalformed(sample, Samples.text(other.bytes()));
        }
      }
    });
  }

  @TestFactory
  Stream<DynamicTest> binary_padded_isMalformed() {
    return each(sample -> {
      String text = Samples.text(sample.bytes());
      Matcher matcher = Pattern.compile("\"([A-Za-z0-9_-]{43})\"").matcher(text);
      if (matcher.find()) {
        String value = matcher.group(1);
        assertMalformed(sample, text.replace(value, value + "="));
        assertMalformed(sample, text.replace(value, value.substring(1)));
      } else {
        assertTrue(
            List.of("release-answer", "release-statement", "custodian-public-key")
                    .contains(sample.name())
                || text.contains("\"signature"),
            sample.name());
      }
    });
  }

  /// Names of the outermost members, in order.
  private static List<String> members(String text) {
    List<String> names = new ArrayList<>();
    int depth = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '{' || c == '[') {
        depth++;
      } else if (c == '}' || c == ']') {
        depth--;
      } else if (c == '"') {
        int end = text.indexOf('"', i + 1);
        if (depth == 1 && text.charAt(end + 1) == ':') {
          names.add(text.substring(i + 1, end));
        }
        i = end;
      }
    }
    return names;
  }

  private static int startOf(String text, String member) {
    return text.indexOf("\"" + member + "\":") + member.length() + 3;
  }

  private static String valueOf(String text, String member) {
    int start = startOf(text, member);
    int depth = 0;
    int i = start;
    while (depth > 0 || (text.charAt(i) != ',' && text.charAt(i) != '}')) {
      char c = text.charAt(i);
      if (c == '"') {
        i = text.indexOf('"', i + 1);
      } else if (c == '{' || c == '[') {
        depth++;
      } else if (c == '}' || c == ']') {
        depth--;
      }
      i++;
    }
    return text.substring(start, i);
  }

  private static String replaced(String text, String member, String value) {
    int start = startOf(text, member);
    return text.substring(0, start)
        + value
        + text.substring(start + valueOf(text, member).length());
  }

  private static String without(String text, String member) {
    String whole = "\"" + member + "\":" + valueOf(text, member);
    return text.contains(whole + ",")
        ? text.replace(whole + ",", "")
        : text.replace("," + whole, "");
  }
}
