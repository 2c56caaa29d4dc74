package dev.holdfast.node.work;

import dev.holdfast.node.model.Input;
import dev.holdfast.protocol.Problem;
import dev.holdfast.protocol.ProblemCode;
import java.util.Optional;

/// The end of a request that the gate does not let in.
final class Refusal extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;
  private final transient Optional<Input.GateRefused> input;

  private Refusal(Problem problem, Optional<Input.GateRefused> input) {
    super(problem.toString(), null, false, false);
    this.problem = problem;
    this.input = input;
  }

  static Refusal of(ProblemCode code) {
    return new Refusal(Problem.of(code), Optional.empty());
  }

  static Refusal of(Problem problem) {
    return new Refusal(problem, Optional.empty());
  }

  static Refusal of(ProblemCode code, String detail) {
    return new Refusal(Problem.of(code, detail), Optional.empty());
  }

  Refusal reportedAs(Input.GateRefused happened) {
    return new Refusal(problem, Optional.of(happened));
  }

  Problem problem() {
    return problem;
  }

  Optional<Input.GateRefused> input() {
    return input;
  }
}
