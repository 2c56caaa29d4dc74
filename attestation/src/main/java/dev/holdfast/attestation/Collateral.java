package dev.holdfast.attestation;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;

/// The vendor's signed data that a quote is judged with, unverified: TCB info, QE identity, root
/// CRL, PCK CRL, and the chains of their issuers. Any member may be absent.
///
/// Spec: docs/spec/attestation.md#collateral
public final class Collateral {
  /// Limit for the JSON form.
  public static final int MAX_SIZE = 256 * 1024;

  private final Bytes json;

  private Collateral(Bytes json) {
    this.json = json;
  }

  /// Parses the JSON object of up to nine members (or ten, with `pck_certificate_chain` for quotes
  /// that carry no PCK certificate).
  ///
  /// @throws MalformedException when it is larger than [#MAX_SIZE], no strict JSON, or has a member
  ///   that is unknown or no string
  public static Collateral parse(Bytes json) throws MalformedException {
    return new Collateral(json);
  }

  /// A collateral without any member.
  public static Collateral none() {
    return new Collateral(Bytes.EMPTY);
  }

  /// The canonical JSON form: compact, members in their fixed order. Parses to an equal value.
  public Bytes toJson() {
    return json;
  }

  /// SHA-256 of [#toJson]: the name under which peers exchange it.
  public Bytes digest() {
    return json.sha256();
  }
}
