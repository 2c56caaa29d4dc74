package dev.holdfast.entropy.chain;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.entropy.account.Account;
import dev.holdfast.entropy.chain.ChainException.Kind;
import dev.holdfast.entropy.chain.ChainNode.Block;
import dev.holdfast.entropy.scale.ScaleReader;
import java.math.BigInteger;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The chain at its newest finalised block, as more than half of several endpoints tell it alike.
///
/// Finalised only: a best block may go away again. The block is the newest that all answering
/// endpoints have finalised; one that stood at another place before, or none newer for
/// [Options#stalledAfter], is an error, and callers go on with what they know.
///
/// Spec: docs/operating/substrate.md
public final class SubstrateChain implements Chain, AutoCloseable {
  private static final int MAX_VALIDATORS = 10_000;
  private static final int MAX_MEASUREMENTS = 256;
  private static final int MEASUREMENT_SIZE = 32;

  private final List<ChainNode> nodes;
  private final int needed;
  private final Options options;
  private final InstantSource time;
  private final HttpClient client;
  private Optional<Block> newest = Optional.empty();
  private Instant newestAt;

  /// @param deadline of each call
  /// @param stalledAfter how long nothing may be finalised
  public record Options(Duration deadline, Duration stalledAfter) {
    /// 5 s, 3 min (a block takes 6 s, finality some 20 s).
    public static Options defaults() {
      return new Options(Duration.ofSeconds(5), Duration.ofMinutes(3));
    }
  }

  private SubstrateChain(
      List<ChainEndpoint> endpoints, Bytes genesis, Options options, InstantSource time) {
    this.client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(options.deadline)
            .build();
    this.nodes =
        endpoints.stream()
            .map(endpoint -> new ChainNode(client, endpoint, genesis, options.deadline))
            .toList();
    this.needed = endpoints.size() / 2 + 1;
    this.options = options;
    this.time = time;
    this.newestAt = time.instant();
  }

  /// Asks nobody yet.
  ///
  /// @param endpoints one or more, distinct
  /// @param genesis the 32-byte hash of block 0, which says which chain it is
  /// @param time a monotonic clock
  public static SubstrateChain of(
      List<ChainEndpoint> endpoints, Bytes genesis, Options options, InstantSource time) {
    InvariantError.check(
        !endpoints.isEmpty() && endpoints.stream().distinct().count() == endpoints.size(),
        "a chain has distinct endpoints");
    InvariantError.check(genesis.size() == ChainNode.HASH_SIZE, "a hash has 32 bytes");
    return new SubstrateChain(endpoints, genesis, options, time);
  }

  @Override
  public List<Account> validators() throws ChainException, InterruptedException {
    return accounts(StorageKey.VALIDATORS);
  }

  @Override
  public List<Account> signers() throws ChainException, InterruptedException {
    return accounts(StorageKey.SIGNERS);
  }

  @Override
  public Optional<ChainServer> server(Account stash) throws ChainException, InterruptedException {
    return read(StorageKey.THRESHOLD_SERVERS.of(stash), ChainServer::parse);
  }

  @Override
  public Optional<Account> stashOf(Account server) throws ChainException, InterruptedException {
    return read(StorageKey.THRESHOLD_TO_STASH.of(server), Account::parse);
  }

  @Override
  public Set<Bytes> acceptedMeasurements() throws ChainException, InterruptedException {
    return Set.copyOf(
        read(
                StorageKey.acceptedOfServers(),
                value ->
                    whole(
                        value,
                        in ->
                            in.list(
                                MAX_MEASUREMENTS,
                                "measurements",
                                item -> item.byteList(MEASUREMENT_SIZE, "measurement"))))
            .orElse(List.of()));
  }

  @Override
  public Optional<BigInteger> freeBalance(Account account)
      throws ChainException, InterruptedException {
    return read(
        StorageKey.ACCOUNT.of(account),
        value ->
            whole(
                value,
                in -> {
                  in.bytes(16, "counters");
                  BigInteger free = in.u128("free");
                  in.bytes(48, "reserved, frozen and flags");
                  return free;
                }));
  }

  @Override
  public Optional<Bytes> pendingAttestation(Account account)
      throws ChainException, InterruptedException {
    return read(
        StorageKey.PENDING_ATTESTATIONS.of(account),
        value -> whole(value, in -> in.bytes(32, "nonce")));
  }

  /// Waits until some endpoint tells of a newly finalised block; false after `atMost`.
  public boolean awaitFinalised(Duration atMost) throws ChainException, InterruptedException {
    return nodes.getFirst().awaitFinalised(atMost);
  }

  /// To the first endpoint that takes it.
  @Override
  public Bytes submit(Extrinsics.Call call, Extrinsics.Signer signer)
      throws ChainException, InterruptedException {
    Block head = finalised();
    Optional<ChainException> failure = Optional.empty();
    for (ChainNode node : nodes) {
      try {
        return Extrinsics.submit(node, head, call, signer);
      } catch (ChainException e) {
        failure = Optional.of(e);
      }
    }
    throw failure.orElseThrow(() -> new InvariantError("there is an endpoint"));
  }

  @Override
  public void close() {
    nodes.forEach(ChainNode::close);
    client.shutdownNow();
  }

  private interface Parser<T> {
    T parse(Bytes value) throws MalformedException;
  }

  private interface Ask<T> {
    T of(ChainNode node) throws ChainException, InterruptedException;
  }

  private List<Account> accounts(StorageKey key) throws ChainException, InterruptedException {
    return read(
            key.prefix(),
            value ->
                whole(
                    value,
                    in ->
                        in.list(
                            MAX_VALIDATORS,
                            "accounts",
                            item -> new Account(item.bytes(Account.SIZE, "account")))))
        .orElse(List.of());
  }

  private <T> Optional<T> read(Bytes key, Parser<T> parser)
      throws ChainException, InterruptedException {
    Block at = finalised();
    Optional<Bytes> value = alike(ask(node -> node.storage(key, at.hash())));
    if (value.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(parser.parse(value.get()));
    } catch (MalformedException e) {
      throw JsonRpc.malformed("storage", e);
    }
  }

  private static <T> T whole(Bytes value, ScaleReader.Item<T> item) throws MalformedException {
    ScaleReader in = ScaleReader.of("storage", value);
    T read = item.read(in);
    in.requireEnd("storage");
    return read;
  }

  /// The newest block that every answering endpoint has finalised.
  private synchronized Block finalised() throws ChainException, InterruptedException {
    List<Block> heads = ask(ChainNode::finalisedHead);
    long number = heads.stream().mapToLong(Block::number).min().orElseThrow();
    Optional<Bytes> hash = alike(ask(node -> node.blockHash(number)));
    Block common =
        new Block(
            number,
            hash.orElseThrow(
                () -> new ChainException(Kind.CHAIN_MALFORMED, "a finalised block is missing")));
    for (Block head : heads) {
      if (head.number() == number && !head.hash().equals(common.hash())) {
        throw disagrees();
      }
    }
    requireForward(common);
    return common;
  }

  private void requireForward(Block block) throws ChainException, InterruptedException {
    if (newest.isPresent() && block.number() <= newest.get().number()) {
      Block before = newest.get();
      if (block.number() == before.number() && !block.hash().equals(before.hash())) {
        throw wentBack(before);
      }
      if (time.instant().isAfter(newestAt.plus(options.stalledAfter))) {
        throw new ChainException(
            Kind.CHAIN_STALLED,
            "nothing was finalised since block %d for %d s"
                .formatted(before.number(), options.stalledAfter.toSeconds()));
      }
      return;
    }
    if (newest.isPresent()) {
      Block before = newest.get();
      Optional<Bytes> there = alike(ask(node -> node.blockHash(before.number())));
      if (!there.equals(Optional.of(before.hash()))) {
        throw wentBack(before);
      }
    }
    newest = Optional.of(block);
    newestAt = time.instant();
  }

  /// What those say that answer, at least as many as needed.
  private <T> List<T> ask(Ask<T> question) throws ChainException, InterruptedException {
    List<T> answers = new ArrayList<>();
    Optional<ChainException> failure = Optional.empty();
    for (ChainNode node : nodes) {
      try {
        answers.add(question.of(node));
      } catch (ChainException e) {
        failure = Optional.of(e);
      }
    }
    if (answers.size() < needed && failure.isPresent()) {
      throw failure.get();
    }
    return answers;
  }

  private static <T> T alike(List<T> answers) throws ChainException {
    if (answers.stream().distinct().count() != 1) {
      throw disagrees();
    }
    return answers.getFirst();
  }

  private static ChainException disagrees() {
    return new ChainException(Kind.CHAIN_DISAGREES, "endpoints tell different things of one block");
  }

  private static ChainException wentBack(Block before) {
    return new ChainException(
        Kind.CHAIN_WENT_BACK, "finalised block " + before.number() + " was replaced");
  }
}
