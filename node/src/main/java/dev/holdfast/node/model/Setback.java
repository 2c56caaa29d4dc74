package dev.holdfast.node.model;

import dev.holdfast.protocol.Problem;
import dev.holdfast.protocol.ProblemCode;
import java.util.Objects;

/// Why something did not succeed: a stable code and words for people. The codes are those of
/// [ProblemCode] and those here, for what a peer did that is no refusal.
public record Setback(String code, String detail, boolean retryable) {
  public static final String UNREACHABLE = "unreachable";
  public static final String SILENT = "silent";
  public static final String ANSWER_MALFORMED = "answer-malformed";
  public static final String WRONG_SIGNER = "wrong-signer";
  public static final String WRONG_SHARE = "wrong-share";
  public static final String COMMITMENTS_DIFFER = "commitments-differ";
  public static final String WRONG_RECEIPT = "wrong-receipt";
  public static final String PROOF_REFUSED = "proof-refused";
  public static final String MANIFEST_CHANGED = "manifest-changed";
  public static final String MANIFEST_MALFORMED = "manifest-malformed";
  public static final String MANIFEST_MISSING = "manifest-missing";
  public static final String NOT_POSSESSED = "not-possessed";
  public static final String TOO_FEW_SHARES = "too-few-shares";
  public static final String NOBODY_TO_TAKE = "nobody-to-take";
  public static final String FENCED = "fenced";
  public static final String ROLLED_BACK = "rolled-back";
  public static final String NOT_WITNESSED = "not-witnessed";
  public static final String ACCEPTANCE_REFUSED = "acceptance-refused";
  public static final String APPROVAL_REFUSED = "approval-refused";
  public static final String STORE_FAILED = "store-failed";
  public static final String FILE_FAILED = "file-failed";

  public Setback {
    detail = Problem.printable(detail);
  }

  public static Setback of(Problem problem) {
    return new Setback(
        problem.code().code(), problem.detail().orElse(""), problem.code().retryable());
  }

  public static Setback of(ProblemCode code, String detail) {
    return new Setback(code.code(), detail, code.retryable());
  }

  /// Something that may be gone at the next try.
  public static Setback passing(String code, String detail) {
    return new Setback(code, detail, true);
  }

  /// Something that stays until somebody changes something.
  public static Setback lasting(String code, String detail) {
    return new Setback(code, detail, false);
  }

  /// What an exception of our own says.
  public static String words(Exception e) {
    return Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName());
  }

  /// The reason in evidence is worth more than the code that says evidence was refused.
  @Override
  public String toString() {
    if (detail.isEmpty()) {
      return code;
    }
    return code.equals(ProblemCode.EVIDENCE_REFUSED.code()) ? detail : code + ": " + detail;
  }
}
