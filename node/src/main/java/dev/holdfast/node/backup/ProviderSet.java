package dev.holdfast.node.backup;

import dev.holdfast.node.model.Peer;
import dev.holdfast.protocol.Threshold;
import java.util.List;
import java.util.function.Predicate;

/// Who holds the shares of one generation, and how many of them must agree on what.
public record ProviderSet(long generation, Threshold threshold, List<Peer> peers) {
  public ProviderSet {
    peers = List.copyOf(peers);
  }

  /// Confirmations that make a run the one.
  public int claimQuorum() {
    return Quorums.claim(threshold, peers.size());
  }

  /// Acknowledgements after which every k providers have an honest one that remembers.
  public int witnessQuorum(int faults) {
    return Quorums.witness(threshold, peers.size(), faults);
  }

  /// Acknowledgements of a retirement after which this set neither opens the store nor confirms a
  /// run any more, though `faults` of them lie.
  int retireQuorum(int faults) {
    return Quorums.retire(threshold, peers.size(), faults);
  }

  public int count(Predicate<Peer> what) {
    return (int) peers.stream().filter(what).count();
  }
}
