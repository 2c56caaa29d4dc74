package dev.holdfast.node.work;

import dev.holdfast.attestation.Collateral;
import dev.holdfast.attestation.CollateralExamination;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.node.model.ExchangeId;
import dev.holdfast.node.model.HttpAnswer;
import dev.holdfast.node.model.Input;
import dev.holdfast.node.model.MemberImage;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.Document;
import dev.holdfast.protocol.Origin;
import dev.holdfast.protocol.Problem;
import dev.holdfast.protocol.ProblemCode;
import dev.holdfast.protocol.Route;
import dev.holdfast.protocol.message.ChallengeAnswer;
import dev.holdfast.protocol.message.ChallengeRequest;
import dev.holdfast.protocol.message.ProofRequest;
import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;

/// What stands before the node: parses and verifies requests of peers, off the node's thread, and
/// answers by itself what needs no decision. Immutable; `Node.gate` has the present one.
///
/// The order of checks is cheap before dear, and nothing that a stranger sends costs a signature
/// over a quote before a proof of membership or of the disk token.
///
/// Spec: docs/spec/protocol.md#checks
public final class Gate {
  private final Tools tools;
  private final GateContext context;

  Gate(Tools tools, GateContext context) {
    this.tools = tools;
    this.context = context;
  }

  /// Judges a request. `parameter` is what follows the path of a route with a digest, else empty;
  /// `body` is at most one byte more than the route allows.
  public Admission admit(
      ExchangeId exchange, Route route, String parameter, Bytes body, Instant now) {
    try {
      if (context.stopping()) {
        throw Refusal.of(ProblemCode.STOPPING);
      }
      if (body.size() > route.maxBodyBytes()) {
        throw Refusal.of(ProblemCode.BODY_TOO_LARGE);
      }
      return switch (route) {
        case CHALLENGE -> challenge(body, now);
        case PROVIDER_PROOF -> providerProof(exchange, body, now);
        case DEPOSIT -> new DepositCheck(tools, context, open()).check(exchange, body, now);
        case RECOVER -> new RecoverCheck(tools, open()).check(exchange, body, now);
        case CLAIM -> new RunCheck(tools, open()).claim(exchange, body);
        case WITNESS -> new RunCheck(tools, open()).witness(exchange, body);
        case RETIRE -> new RetireCheck(tools, open()).check(exchange, body);
        case POSSESSION -> new PossessionCheck(tools, context, open()).check(body);
        case STATEMENT_FETCH -> fetchStatement();
        case STATEMENT_PUSH -> pushStatement(body);
        case RECORD -> record();
        case COLLATERAL_FETCH -> fetchCollateral(parameter);
        case COLLATERAL_PUSH -> pushCollateral(parameter, body);
      };
    } catch (MalformedException e) {
      return answered(Problem.of(malformed(e)));
    } catch (IOException e) {
      return answered(Problem.of(ProblemCode.LEDGER_FAILED));
    } catch (Refusal refusal) {
      HttpAnswer answer = Workshop.render(refusal.problem());
      return refusal
          .input()
          .<Admission>map(input -> new Admission.Refused(answer, input))
          .orElseGet(() -> new Admission.Answered(answer));
    }
  }

  /// The members whose records and evidence were verified, in the order of accounts.
  public Collection<MemberImage> members() {
    return context.members().values();
  }

  private Admission challenge(Bytes body, Instant now) throws MalformedException, Refusal {
    ChallengeRequest request = ChallengeRequest.parse(body);
    AccountId self = requireSelf(open(), request.provider());
    Bytes challenge = tools.challenges().issue(request.account(), now);
    return answered(new ChallengeAnswer(self, challenge, tools.statements().serial()).toBytes());
  }

  private Admission providerProof(ExchangeId exchange, Bytes body, Instant now)
      throws MalformedException, Refusal {
    ProofRequest.Received received = ProofRequest.parse(body);
    ProofRequest request = received.request();
    requireSelf(open(), request.provider());
    if (context.leaving()) {
      throw Refusal.of(ProblemCode.LEAVING);
    }
    requireChallenge(tools, request.challenge(), request.depositor(), now);
    requireMember(context, request.depositor());
    if (!received.isSigned(tools.crypto())) {
      throw Refusal.of(ProblemCode.SIGNATURE_INVALID);
    }
    return new Admission.Admitted(
        new Input.ProofAsked(exchange, request.depositor(), request.nonce()));
  }

  private Admission record() throws Refusal {
    Optional<Bytes> record = context.record();
    if (record.isEmpty()) {
      throw Refusal.of(ProblemCode.NOT_OPEN);
    }
    return answered(record.get());
  }

  private Admission fetchStatement() throws Refusal {
    Optional<Bytes> statement = tools.statements().bytes();
    if (statement.isEmpty()) {
      throw Refusal.of(ProblemCode.STATEMENT_UNKNOWN);
    }
    return answered(statement.get());
  }

  /// Anybody may bring one: it is signed, and only a later one is kept.
  private Admission pushStatement(Bytes body) throws Refusal {
    if (!tools.statements().offer(body)) {
      throw Refusal.of(ProblemCode.STATEMENT_REFUSED);
    }
    return new Admission.Answered(new HttpAnswer(204, HttpAnswer.JSON, Bytes.EMPTY));
  }

  private static Bytes digest(String parameter) throws MalformedException {
    Bytes digest = Bytes.parseHex(parameter);
    if (digest.size() != Origin.DIGEST_SIZE || !digest.toHex().equals(parameter)) {
      throw new MalformedException(
          "path", 0, "digest", "64 lower-case hexadecimal digits", "other text");
    }
    return digest;
  }

  private Admission fetchCollateral(String parameter) throws MalformedException, Refusal {
    Optional<Collateral> collateral = tools.shelf().find(digest(parameter));
    if (collateral.isEmpty()) {
      throw Refusal.of(ProblemCode.COLLATERAL_UNKNOWN);
    }
    return answered(collateral.get().toJson());
  }

  private Admission pushCollateral(String parameter, Bytes body)
      throws MalformedException, Refusal {
    Bytes digest = digest(parameter);
    Collateral collateral;
    try {
      collateral = Collateral.parse(body);
    } catch (MalformedException e) {
      throw Refusal.of(ProblemCode.COLLATERAL_MALFORMED);
    }
    if (!collateral.digest().equals(digest)) {
      throw Refusal.of(ProblemCode.COLLATERAL_MALFORMED);
    }
    if (tools.shelf().find(digest).isEmpty()) {
      requireAuthentic(collateral);
      tools.shelf().putBrought(collateral);
    }
    return new Admission.Answered(new HttpAnswer(204, HttpAnswer.JSON, Bytes.EMPTY));
  }

  /// What anybody could have made up takes nobody's place.
  private void requireAuthentic(Collateral collateral) throws Refusal {
    switch (tools.verifier().examine(collateral)) {
      case CollateralExamination.Facts _ -> {}
      case CollateralExamination.Fault fault ->
          throw Refusal.of(ProblemCode.EVIDENCE_REFUSED, "collateral: " + fault.reason().code());
    }
  }

  private GateContext.Open open() throws Refusal {
    if (context.open().isEmpty()) {
      throw Refusal.of(ProblemCode.NOT_OPEN);
    }
    return context.open().get();
  }

  static AccountId requireSelf(GateContext.Open open, AccountId named) throws Refusal {
    if (!named.equals(open.identity().account())) {
      throw Refusal.of(ProblemCode.WRONG_PROVIDER);
    }
    return named;
  }

  static void requireMember(GateContext context, AccountId account) throws Refusal {
    if (!context.members().containsKey(account)) {
      throw Refusal.of(ProblemCode.NOT_A_MEMBER);
    }
  }

  static void requireChallenge(Tools tools, Bytes challenge, AccountId account, Instant now)
      throws Refusal {
    Optional<ProblemCode> fault = tools.challenges().fault(challenge, account, now);
    if (fault.isPresent()) {
      throw Refusal.of(fault.get());
    }
  }

  static Collateral requireCollateral(Tools tools, Bytes digest) throws Refusal {
    Optional<Collateral> collateral = tools.shelf().find(digest);
    if (collateral.isEmpty()) {
      throw Refusal.of(ProblemCode.COLLATERAL_UNKNOWN);
    }
    return collateral.get();
  }

  private static ProblemCode malformed(MalformedException e) {
    return e.field().equals(Document.VERSION_PATH)
        ? ProblemCode.UNSUPPORTED_VERSION
        : ProblemCode.MALFORMED_MESSAGE;
  }

  private static Admission answered(Bytes json) {
    return new Admission.Answered(Workshop.ok(json));
  }

  private static Admission answered(Problem problem) {
    return new Admission.Answered(Workshop.render(problem));
  }
}
