package dev.holdfast.node.work;

import dev.holdfast.attestation.AttestationVerifier;
import dev.holdfast.attestation.Collateral;
import dev.holdfast.attestation.policy.Measurement;
import dev.holdfast.codec.Bytes;
import dev.holdfast.crypto.Crypto;
import dev.holdfast.crypto.EnvelopeKey;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.node.model.Answer;
import dev.holdfast.node.model.Call;
import dev.holdfast.node.model.HttpAnswer;
import dev.holdfast.node.model.HttpAsk;
import dev.holdfast.node.model.HttpReply;
import dev.holdfast.node.model.Outcome;
import dev.holdfast.node.model.Task;
import dev.holdfast.protocol.Challenges;
import dev.holdfast.protocol.Posture;
import dev.holdfast.protocol.Problem;
import dev.holdfast.protocol.ReleasePolicy;
import dev.holdfast.protocol.message.ReleaseAnswer;
import dev.holdfast.protocol.message.ReleaseParcel;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;

/// All the expensive pure work of a node, with the keys of this process: envelope keys and the
/// challenge key, drawn when it is made. One for a node. Thread-safe; nothing here blocks.
public final class Workshop implements AutoCloseable {
  private final Tools tools;
  private final TaskWork taskWork;
  private final ReplyJudge replyJudge;
  private final CallWriter callWriter;

  private Workshop(Tools tools) {
    this.tools = tools;
    this.taskWork = new TaskWork(tools);
    this.replyJudge = new ReplyJudge(tools, taskWork);
    this.callWriter = new CallWriter(tools);
  }

  /// A workshop with fresh keys.
  ///
  /// @param own what this VM runs, all registers, learned inside the VM and never from a quote: the
  ///   host hands quotes over and can have another VM sign the same report data
  public static Workshop generate(
      Crypto crypto,
      AttestationVerifier verifier,
      Posture posture,
      Measurement own,
      CollateralShelf shelf,
      SecureRandom random) {
    return new Workshop(
        new Tools(
            crypto,
            verifier,
            posture,
            posture.digest(),
            own,
            shelf,
            new StatementShelf(crypto, posture),
            crypto.generateEnvelopeKeys(),
            Challenges.generate(random),
            new EvaluationNumbers()));
  }

  /// Does `task`.
  public Outcome perform(Task task, Instant now) {
    return taskWork.perform(task, now);
  }

  /// The HTTP request for `call`; signs and seals what it needs.
  public HttpAsk prepare(Call call) {
    return callWriter.prepare(call);
  }

  /// What `reply` to `call` means.
  public Outcome judge(Call call, HttpReply reply, Instant now) {
    return replyJudge.judge(call, reply, now);
  }

  /// Signs, seals and writes `answer`, and closes what secrets it holds.
  public HttpAnswer render(Answer answer) {
    return switch (answer) {
      case Answer.Refused refused -> render(refused.problem());
      case Answer.Proof proof ->
          ok(
              proof
                  .proof()
                  .sign(
                      tools.crypto(),
                      proof.identity().key(),
                      proof.quote(),
                      proof.collateralDigest()));
      case Answer.Receipted receipted ->
          ok(receipted.receipt().sign(tools.crypto(), receipted.identity().key()));
      case Answer.ClaimConfirmed confirmed ->
          ok(confirmed.answer().sign(tools.crypto(), confirmed.identity().key()));
      case Answer.WitnessHeld held -> ok(held.ack().sign(tools.crypto(), held.identity().key()));
      case Answer.Retired retired ->
          ok(retired.ack().sign(tools.crypto(), retired.identity().key()));
      case Answer.ShareReleased released -> render(released);
    };
  }

  /// A refusal as HTTP.
  public static HttpAnswer render(Problem problem) {
    return new HttpAnswer(problem.code().status(), Problem.CONTENT_TYPE, problem.toBytes());
  }

  /// The gate for what is known now; see [GateContext].
  public Gate gate(GateContext context) {
    return new Gate(tools, context);
  }

  /// What this node's own releases demand: its own image, or, where the fleet has release keys,
  /// what their statements about `role` say.
  public ReleasePolicy ownRelease(String role) {
    return tools.posture().safeguards().releaseKeys().isNone()
        ? tools.ownImage()
        : tools.ownImage().withStatements(role);
  }

  /// The images that may be given a share under `policy`.
  public List<Measurement> holders(ReleasePolicy policy, Instant now) {
    return tools.statements().forDeposit(policy, now);
  }

  /// The release statement that this process holds.
  public StatementShelf statements() {
    return tools.statements();
  }

  public Crypto crypto() {
    return tools.crypto();
  }

  /// The key to which peers seal deposits for this process.
  public EnvelopeKey envelopeKey() {
    return tools.envelopeKeys().publicKey();
  }

  /// Keeps this platform's present collateral for peers that lack it.
  public void shelveOwn(Collateral collateral) {
    tools.shelf().putOwn(collateral);
  }

  /// Keeps what the node's origin is judged with for peers that lack it.
  public void shelveOrigin(Collateral collateral) {
    tools.shelf().putOrigin(collateral);
  }

  /// Erases the process's keys.
  @Override
  public void close() {
    tools.envelopeKeys().close();
    tools.challenges().close();
  }

  private HttpAnswer render(Answer.ShareReleased released) {
    try (SecretBytes share = released.share();
        ReleaseParcel parcel =
            ReleaseParcel.sign(
                tools.crypto(), released.identity().key(), released.release(), share);
        SecretBytes plaintext = parcel.toSecret()) {
      Bytes sealed = tools.crypto().seal(released.to(), released.info(), Bytes.EMPTY, plaintext);
      return ok(new ReleaseAnswer(sealed).toBytes());
    }
  }

  static HttpAnswer ok(Bytes json) {
    return new HttpAnswer(200, HttpAnswer.JSON, json);
  }
}
