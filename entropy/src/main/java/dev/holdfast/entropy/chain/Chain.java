package dev.holdfast.entropy.chain;

import dev.holdfast.codec.Bytes;
import dev.holdfast.entropy.account.Account;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What the chain says, at a finalised block. Each method asks anew and blocks within a deadline.
/// Thread-safe.
///
/// **Hints, no proofs**: without storage proofs a majority of the endpoints that lie together are
/// believed, and the operator chooses the endpoints (G1, G2).
public interface Chain {
  /// The stashes of the active validators.
  List<Account> validators() throws ChainException, InterruptedException;

  /// The stashes whose servers sign now.
  List<Account> signers() throws ChainException, InterruptedException;

  /// The server that the validator `stash` runs.
  Optional<ChainServer> server(Account stash) throws ChainException, InterruptedException;

  /// The stash for which `server` is registered.
  Optional<Account> stashOf(Account server) throws ChainException, InterruptedException;

  /// The measurements that servers may have; none when the chain lists none.
  Set<Bytes> acceptedMeasurements() throws ChainException, InterruptedException;

  /// The free balance of `account` in the chain's smallest unit; empty when it does not exist.
  Optional<BigInteger> freeBalance(Account account) throws ChainException, InterruptedException;

  /// The nonce that a quote of `account` must carry, while one is asked for.
  Optional<Bytes> pendingAttestation(Account account) throws ChainException, InterruptedException;

  /// Hands in a call signed by `signer`, which pays for it; the extrinsic's hash. That it was taken
  /// says nothing of its success.
  Bytes submit(Extrinsics.Call call, Extrinsics.Signer signer)
      throws ChainException, InterruptedException;
}
