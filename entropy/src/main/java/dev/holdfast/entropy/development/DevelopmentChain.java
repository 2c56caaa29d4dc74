package dev.holdfast.entropy.development;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.entropy.account.Account;
import dev.holdfast.entropy.chain.ChainServer;
import dev.holdfast.entropy.chain.StorageKey;
import dev.holdfast.entropy.scale.ScaleWriter;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The blocks of a development chain, and what its operator may do to them. Thread-safe.
///
/// Changes gather until [#produce] puts them into a new best block; [#finalise] makes that the
/// newest finalised one.
public final class DevelopmentChain {
  private final List<ChainBlock> blocks = new ArrayList<>();
  private final Map<Bytes, Bytes> next = new HashMap<>();
  private int finalised;
  private int forks;

  public DevelopmentChain() {
    blocks.add(new ChainBlock(0, Bytes.zero(32), 0, Map.of()));
  }

  /// The hash of block 0.
  public synchronized Bytes genesis() {
    return blocks.getFirst().hash();
  }

  /// Makes `stashes` the active validators.
  public synchronized DevelopmentChain validators(List<Account> stashes) {
    next.put(StorageKey.VALIDATORS.prefix(), accounts(stashes));
    return this;
  }

  /// Makes `stashes` the signers.
  public synchronized DevelopmentChain signers(List<Account> stashes) {
    next.put(StorageKey.SIGNERS.prefix(), accounts(stashes));
    return this;
  }

  /// Registers the server of `stash`.
  public synchronized DevelopmentChain server(Account stash, ChainServer server) {
    next.put(StorageKey.THRESHOLD_SERVERS.of(stash), server.encode());
    next.put(StorageKey.THRESHOLD_TO_STASH.of(server.account()), stash.bytes());
    return this;
  }

  /// Sets the free balance.
  public synchronized DevelopmentChain balance(Account account, BigInteger free) {
    next.put(
        StorageKey.ACCOUNT.of(account),
        new ScaleWriter().bytes(Bytes.zero(16)).u128(free).bytes(Bytes.zero(48)).toBytes());
    return this;
  }

  /// Sets the measurements that servers may have.
  public synchronized DevelopmentChain accepted(List<Bytes> measurements) {
    ScaleWriter out = new ScaleWriter().compact(measurements.size());
    measurements.forEach(out::byteList);
    next.put(StorageKey.acceptedOfServers(), out.toBytes());
    return this;
  }

  /// Sets any value.
  public synchronized DevelopmentChain put(Bytes key, Bytes value) {
    next.put(key, value);
    return this;
  }

  /// Removes any value.
  public synchronized DevelopmentChain remove(Bytes key) {
    next.put(key, Bytes.EMPTY);
    return this;
  }

  /// Puts the gathered changes into a new best block.
  public synchronized DevelopmentChain produce() {
    ChainBlock best = blocks.getLast();
    Map<Bytes, Bytes> state = new HashMap<>(best.storage());
    state.putAll(next);
    state.values().removeIf(Bytes::isEmpty);
    next.clear();
    blocks.add(new ChainBlock(best.number() + 1, best.hash(), forks, state));
    return this;
  }

  /// Finalises the best block.
  public synchronized DevelopmentChain finalise() {
    finalised = blocks.size() - 1;
    return this;
  }

  /// Takes the blocks behind the finalised one back; what comes next is another fork.
  public synchronized DevelopmentChain reorganise() {
    while (blocks.size() - 1 > finalised) {
      blocks.removeLast();
    }
    forks++;
    return this;
  }

  /// Takes the newest finalised block back, which no honest chain does, and makes another.
  public synchronized DevelopmentChain betray() {
    InvariantError.check(finalised > 0, "genesis stays");
    finalised--;
    return reorganise().produce().finalise();
  }

  synchronized ChainBlock finalisedBlock() {
    return blocks.get(finalised);
  }

  synchronized ChainBlock best() {
    return blocks.getLast();
  }

  synchronized Optional<ChainBlock> at(long number) {
    return number < 0 || number >= blocks.size()
        ? Optional.empty()
        : Optional.of(blocks.get((int) number));
  }

  synchronized Optional<ChainBlock> at(Bytes hash) {
    return blocks.stream().filter(block -> block.hash().equals(hash)).findFirst();
  }

  private static Bytes accounts(List<Account> accounts) {
    ScaleWriter out = new ScaleWriter().compact(accounts.size());
    accounts.forEach(account -> out.bytes(account.bytes()));
    return out.toBytes();
  }
}
