package dev.holdfast.node;

import dev.holdfast.node.model.CustodyStatus;
import dev.holdfast.node.model.NodeSnapshot;
import dev.holdfast.node.model.NodeState;
import dev.holdfast.node.model.ProviderStatus;
import dev.holdfast.node.model.Setback;
import dev.holdfast.protocol.ProblemCode;
import dev.holdfast.protocol.Threshold;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Says where a node stands, what is missing and what comes next, in one sentence each.
final class Sentences {
  private Sentences() {}

  static String starting(Optional<Setback> setback, boolean collateral, boolean storeOpen) {
    if (storeOpen) {
      return "its new store is made; waiting until the registry can be read";
    }
    if (setback.isPresent()) {
      return "cannot make a store yet: " + setback.get();
    }
    return collateral
        ? "making an account and a store: quoting the origin of its root key"
        : "waiting for collateral of this platform";
  }

  static String startingAnew(Optional<Setback> setback) {
    String sentence = "set a store aside that was never used and cannot be opened; making another";
    return setback.map(why -> sentence + ": " + why).orElse(sentence);
  }

  static String stuck(Setback setback) {
    return "cannot recover until the disk is repaired: " + setback;
  }

  static String recovering(
      Threshold threshold,
      int shares,
      List<ProviderStatus> providers,
      Optional<Setback> setback,
      boolean collateral,
      boolean committed) {
    if (!collateral) {
      return "has a store and not its key; waiting for collateral of this platform";
    }
    StringBuilder out = new StringBuilder();
    out.append("recovering its root key: %d of %d shares".formatted(shares, threshold.k()));
    if (!committed) {
      out.append(", under a manifest that was never committed");
    }
    List<String> reasons = new ArrayList<>();
    setback.ifPresent(why -> reasons.add(why.toString()));
    for (ProviderStatus provider : providers) {
      provider.setback().ifPresent(why -> reasons.add(failure(provider, why)));
    }
    return reasons.isEmpty() ? out.toString() : out + "; " + String.join("; ", reasons);
  }

  /// What stands after a recovery's sentence when custodians can open the store as well.
  static String custodians(CustodyStatus custody) {
    return "; or %d of %d custodians open it, %d did: holdfast recover custodian"
        .formatted(custody.threshold(), custody.custodians(), custody.accepted());
  }

  static String reopened(Optional<Setback> setback) {
    return setback
        .map(why -> "its store is open again; cannot count this run: " + why)
        .orElse("its store is open again; waiting until the registry can be read");
  }

  static String connected(Optional<Setback> setback) {
    return setback
        .map(why -> "its store is open; cannot publish its record: " + why)
        .orElse("its store is open; publishing its record");
  }

  static String waitingAdmission() {
    return "its record is published; waiting until the registry lists it";
  }

  static String backingUp(
      Threshold threshold, int placed, int firm, List<ProviderStatus> providers) {
    if (placed < threshold.k()) {
      return "needs %d more member(s) on other machines, running the same image under the same"
              .formatted(threshold.k() - placed)
          + " posture, to back up its key "
          + threshold;
    }
    return "backing up its key %s: %d share(s) placed, %d firm%s"
        .formatted(threshold, placed, firm, failures(providers));
  }

  static String ready(Threshold threshold, Optional<Setback> setback) {
    return "its key is backed up " + threshold + "; all shares are held firmly" + because(setback);
  }

  static String degraded(
      Threshold threshold,
      int placed,
      int firm,
      List<ProviderStatus> providers,
      Optional<Setback> setback) {
    int spare = firm - threshold.k();
    String loss = spare > 0 ? "loss of %d tolerated".formatted(spare) : "no loss tolerated";
    return "its key is backed up %s with %d share(s) placed and %d firm, %s%s%s"
        .formatted(threshold, placed, firm, loss, failures(providers), because(setback));
  }

  static String unconfirmed(
      int confirming, int quorum, Optional<Duration> wait, Optional<Setback> setback) {
    String sentence =
        "its store is open; %d of the %d providers needed confirm this run as the only one"
            .formatted(confirming, quorum);
    return wait.map(time ->
            sentence
                + "; waiting %d ms until an earlier run must have stopped"
                    .formatted(time.toMillis()))
        .orElseGet(() -> sentence + because(setback));
  }

  static String fenced(Setback why) {
    return "has ended, a later run took over: " + why + "; start it again to take over in turn";
  }

  static String rolledBack(Setback why, int threshold) {
    String next =
        threshold == 0
            ? "put the present disk back; the posture names no release keys that could accept it"
            : "put the present disk back, or have %d release key(s) accept it".formatted(threshold);
    return "refuses to go on: " + why + "; " + next;
  }

  static String stopping() {
    return "stopping";
  }

  /// What stands before a sentence while the registry cannot be read.
  static String withRegistry(String sentence, Optional<String> unavailable, NodeState state) {
    return state == NodeState.STOPPING
        ? sentence
        : unavailable
            .map(why -> sentence + "; the registry cannot be read: " + why)
            .orElse(sentence);
  }

  /// What stands after a sentence while the node is leaving.
  static String withLeaving(String sentence, NodeSnapshot.Held held, NodeState state) {
    if (!held.leaving() || state == NodeState.STOPPING) {
      return sentence;
    }
    return held.accounts() == 0
        ? sentence + "; nobody has a share here any more, it can be stopped for good"
        : "%s; leaving, %d account(s) still have a share here".formatted(sentence, held.accounts());
  }

  private static String because(Optional<Setback> setback) {
    return setback.map(why -> "; " + why).orElse("");
  }

  private static String failures(List<ProviderStatus> providers) {
    StringBuilder out = new StringBuilder();
    for (ProviderStatus provider : providers) {
      provider.setback().ifPresent(why -> out.append("; ").append(failure(provider, why)));
    }
    return out.toString();
  }

  private static String failure(ProviderStatus provider, Setback why) {
    boolean refused = ProblemCode.of(why.code()).isPresent();
    return provider.name() + (refused ? " refused: " : " failed: ") + why;
  }
}
