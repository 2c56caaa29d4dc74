package dev.holdfast.node.model;

import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.Endpoint;
import java.util.Locale;
import java.util.Optional;

/// How things stand with one provider of this node's shares.
public record ProviderStatus(
    AccountId account,
    String name,
    Endpoint endpoint,
    int index,
    Progress progress,
    Optional<Setback> setback) {
  /// How far this provider is, in recovery or in backing up.
  public enum Progress {
    WAITING,
    CHALLENGED,
    ASKED,
    RELEASED,
    FAILED,
    PROVED,
    PROVISIONAL,
    FIRM,
    /// Firm, and about to stop for good.
    LEAVING;

    /// As it stands in the status and in metrics.
    public String code() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
