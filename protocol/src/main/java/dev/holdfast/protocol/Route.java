package dev.holdfast.protocol;

/// The peer API: method, path under the endpoint, and the most that a body may have.
///
/// Spec: docs/spec/protocol.md#routes
public enum Route {
  CHALLENGE("POST", "/v1/challenge", Limits.BODY_MAX_BYTES),
  PROVIDER_PROOF("POST", "/v1/provider-proof", Limits.BODY_MAX_BYTES),
  DEPOSIT("POST", "/v1/deposit", Limits.EVIDENCE_BODY_MAX_BYTES),
  RECOVER("POST", "/v1/recover", Limits.EVIDENCE_BODY_MAX_BYTES),
  CLAIM("POST", "/v1/claim", Limits.BODY_MAX_BYTES),
  WITNESS("POST", "/v1/witness", Limits.BODY_MAX_BYTES),
  RETIRE("POST", "/v1/retire", Limits.BODY_MAX_BYTES),
  POSSESSION("POST", "/v1/possession", Limits.BODY_MAX_BYTES),
  STATEMENT_FETCH("GET", "/v1/statement", 0),
  STATEMENT_PUSH("PUT", "/v1/statement", Limits.BODY_MAX_BYTES),
  RECORD("GET", "/v1/record", 0),
  /// Followed by `/` and the digest as 64 lower-case hexadecimal digits.
  COLLATERAL_FETCH("GET", "/v1/collateral", 0),
  /// As before.
  COLLATERAL_PUSH("PUT", "/v1/collateral", Limits.COLLATERAL_MAX_BYTES);

  private final String method;
  private final String path;
  private final int maxBodyBytes;

  Route(String method, String path, int maxBodyBytes) {
    this.method = method;
    this.path = path;
    this.maxBodyBytes = maxBodyBytes;
  }

  public String method() {
    return method;
  }

  public String path() {
    return path;
  }

  public int maxBodyBytes() {
    return maxBodyBytes;
  }

  /// The most that an answer may have.
  public int maxAnswerBytes() {
    return this == COLLATERAL_FETCH ? Limits.COLLATERAL_MAX_BYTES : Limits.EVIDENCE_BODY_MAX_BYTES;
  }

  /// True when a digest follows the path.
  public boolean hasDigest() {
    return this == COLLATERAL_FETCH || this == COLLATERAL_PUSH;
  }
}
