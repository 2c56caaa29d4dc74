package dev.holdfast.protocol;

import dev.holdfast.codec.InvariantError;

/// Which software a member says it runs; evidence says which it does run. Both of `a-z0-9.-`, at
/// most 63 characters.
public record Image(String role, String version) {
  public Image {
    InvariantError.check(
        MemberLabels.isLabel(role) && MemberLabels.isLabel(version), "labels are checked before");
  }
}
