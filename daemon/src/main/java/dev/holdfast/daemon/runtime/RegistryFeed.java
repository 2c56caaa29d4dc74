package dev.holdfast.daemon.runtime;

import dev.holdfast.codec.Bytes;
import dev.holdfast.node.model.Input;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.registry.MembershipRegistry;
import dev.holdfast.registry.MembershipView;
import dev.holdfast.registry.MembershipView.Listing;
import dev.holdfast.registry.RegistryException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Tells the node what the registry says: at start and after every change. A record is fetched once
/// for each tag.
public final class RegistryFeed {
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  private final MembershipRegistry registry;
  private final EffectRunner.Post post;
  private final Map<AccountId, Fetched> fetched = new HashMap<>();

  private record Fetched(Bytes tag, Bytes record) {}

  public RegistryFeed(MembershipRegistry registry, EffectRunner.Post post) {
    this.registry = registry;
    this.post = post;
  }

  /// Posts views until interrupted or the registry is closed.
  public void run() {
    try {
      MembershipView view = registry.view();
      while (true) {
        post.post(input(view));
        long seen = view.revision();
        do {
          view = registry.awaitChange(seen, LONGEST_WAIT);
        } while (view.revision() == seen);
      }
    } catch (RegistryException e) {
      // Closed: the node is stopping.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      post.bug(e);
    }
  }

  private Input input(MembershipView view) throws InterruptedException {
    Optional<String> stale = view.stale();
    if (stale.isPresent()) {
      return new Input.MembersUnavailable(stale.get());
    }
    try {
      List<Bytes> records = new ArrayList<>();
      Map<AccountId, Fetched> kept = new HashMap<>();
      for (Listing listing : view.listings()) {
        Optional<Fetched> record = fetch(listing);
        if (record.isPresent()) {
          kept.put(listing.account(), record.get());
          records.add(record.get().record());
        }
      }
      fetched.clear();
      fetched.putAll(kept);
      return new Input.MembersSeen(records);
    } catch (RegistryException e) {
      return new Input.MembersUnavailable(String.valueOf(e.getMessage()));
    }
  }

  private Optional<Fetched> fetch(Listing listing) throws RegistryException, InterruptedException {
    Fetched known = fetched.get(listing.account());
    if (known != null && known.tag().equals(listing.tag())) {
      return Optional.of(known);
    }
    return registry.record(listing.account()).map(bytes -> new Fetched(listing.tag(), bytes));
  }
}
