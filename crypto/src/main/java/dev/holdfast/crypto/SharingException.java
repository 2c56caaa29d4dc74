package dev.holdfast.crypto;

import java.util.OptionalInt;

/// Shares that must not be combined: which rule they break and, where one share breaks it, its
/// index.
public final class SharingException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Rule rule;
  private final int index;

  private SharingException(Rule rule, int index, String message) {
    super(message);
    this.rule = rule;
    this.index = index;
  }

  static SharingException ofShare(Rule rule, int index, String expected, String found) {
    return new SharingException(
        rule, index, "share %d: expected %s, found %s".formatted(index, expected, found));
  }

  static SharingException ofAll(Rule rule, String expected, String found) {
    return new SharingException(
        rule, Integer.MIN_VALUE, "shares: expected %s, found %s".formatted(expected, found));
  }

  public Rule rule() {
    return rule;
  }

  /// The index of the share at fault; empty when the rule is about all of them.
  public OptionalInt index() {
    return index == Integer.MIN_VALUE ? OptionalInt.empty() : OptionalInt.of(index);
  }

  /// What [Sharing] demands. Spec: docs/spec/sharing.md#must-rejects
  public enum Rule {
    /// 1 ≤ k ≤ n ≤ 255, where n is the number of commitments.
    PARAMETERS,
    /// Exactly k shares.
    COUNT,
    /// Indices from 1 to n.
    INDEX,
    /// No index twice.
    DUPLICATE,
    /// Values of exactly 32 bytes.
    SIZE,
    /// The commitment listed for the index.
    COMMITMENT
  }
}
