package dev.holdfast.node.work;

import dev.holdfast.node.model.HttpAnswer;
import dev.holdfast.node.model.Input;

/// What the gate makes of a request: an answer at once, or something for the node to decide.
public sealed interface Admission {
  record Answered(HttpAnswer answer) implements Admission {}

  /// The exchange waits for the node's [dev.holdfast.node.model.Effect.Respond].
  record Admitted(Input input) implements Admission {}

  /// Answered as before, and the node wants to know.
  record Refused(HttpAnswer answer, Input.GateRefused input) implements Admission {}
}
