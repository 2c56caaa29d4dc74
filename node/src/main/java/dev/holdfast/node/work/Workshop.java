package dev.holdfast.node.work;

import dev.holdfast.attestation.AttestationVerifier;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.crypto.Crypto;
import dev.holdfast.crypto.EnvelopeKeys;
import dev.holdfast.node.model.Answer;
import dev.holdfast.node.model.Call;
import dev.holdfast.node.model.HttpAnswer;
import dev.holdfast.node.model.HttpAsk;
import dev.holdfast.node.model.HttpReply;
import dev.holdfast.node.model.Outcome;
import dev.holdfast.node.model.Task;
import dev.holdfast.protocol.Challenges;
import dev.holdfast.protocol.Posture;
import java.security.SecureRandom;
import java.time.Instant;

/// All the expensive pure work of a node, with the keys of this process: envelope keys and the
/// challenge key, drawn when it is made. One for a node. Thread-safe; nothing here blocks.
public final class Workshop implements AutoCloseable {
  private final Crypto crypto;
  private final AttestationVerifier verifier;
  private final Posture posture;
  private final CollateralShelf shelf;
  private final EnvelopeKeys envelopeKeys;
  private final Challenges challenges;

  private Workshop(
      Crypto crypto,
      AttestationVerifier verifier,
      Posture posture,
      CollateralShelf shelf,
      SecureRandom random) {
    this.crypto = crypto;
    this.verifier = verifier;
    this.posture = posture;
    this.shelf = shelf;
    this.envelopeKeys = crypto.generateEnvelopeKeys();
    this.challenges = Challenges.generate(random);
  }

  /// A workshop with fresh keys.
  public static Workshop generate(
      Crypto crypto,
      AttestationVerifier verifier,
      Posture posture,
      CollateralShelf shelf,
      SecureRandom random) {
    return new Workshop(crypto, verifier, posture, shelf, random);
  }

  /// Does `task`.
  public Outcome perform(Task task, Instant now) {
    throw pending();
  }

  /// The HTTP request for `call`; signs and seals what it needs.
  public HttpAsk prepare(Call call) {
    throw pending();
  }

  /// What `reply` to `call` means.
  public Outcome judge(Call call, HttpReply reply, Instant now) {
    throw pending();
  }

  /// Signs, seals and writes `answer`, and closes what secrets it holds.
  public HttpAnswer render(Answer answer) {
    throw pending();
  }

  /// Erases the process's keys.
  @Override
  public void close() {
    envelopeKeys.close();
    challenges.close();
  }

  private InvariantError pending() {
    return new InvariantError("under construction" + crypto + verifier + posture + shelf);
  }
}
