package dev.holdfast.node.backup;

import dev.holdfast.node.model.Peer;
import dev.holdfast.protocol.AccountId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Whose word counts at present. A quorum of each of [#deciding] is needed for everything that must
/// not be decided twice: of the committed generation's providers and, until these have retired, of
/// those of the generation before. Shortly before a new generation is committed, its providers are
/// [#joining]: they are asked like the others, and must agree before the commit.
public final class ProviderSets {
  private Optional<ProviderSet> present = Optional.empty();
  private Optional<ProviderSet> former = Optional.empty();
  private Optional<ProviderSet> joining = Optional.empty();

  void set(
      Optional<ProviderSet> nowPresent,
      Optional<ProviderSet> nowFormer,
      Optional<ProviderSet> nowJoining) {
    present = nowPresent;
    former = nowFormer;
    joining = nowJoining;
  }

  public Optional<ProviderSet> present() {
    return present;
  }

  /// Empty while no manifest is committed.
  public List<ProviderSet> deciding() {
    List<ProviderSet> sets = new ArrayList<>();
    present.ifPresent(sets::add);
    former.ifPresent(sets::add);
    return sets;
  }

  /// Those that decide and those that are about to.
  public List<ProviderSet> all() {
    List<ProviderSet> sets = new ArrayList<>(deciding());
    joining.ifPresent(sets::add);
    return sets;
  }

  /// Everybody in any of them, once.
  public Collection<Peer> peers() {
    Map<AccountId, Peer> peers = new TreeMap<>();
    all().forEach(set -> set.peers().forEach(peer -> peers.putIfAbsent(peer.account(), peer)));
    return peers.values();
  }
}
