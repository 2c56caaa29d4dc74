package dev.holdfast.entropy.chain;

import dev.holdfast.codec.Bytes;
import dev.holdfast.entropy.account.Account;
import dev.holdfast.entropy.chain.ChainNode.Block;
import dev.holdfast.entropy.hash.Blake2;
import dev.holdfast.entropy.scale.ScaleWriter;
import dev.holdfast.entropy.sr25519.Sr25519;
import dev.holdfast.entropy.sr25519.Sr25519Key;
import java.security.SecureRandom;
import java.util.List;

/// Signed extrinsics of version 4 with the seven extensions of [Metadata#EXTENSIONS]; mortal for 32
/// blocks, without tip.
public final class Extrinsics {
  private static final int SIGNED_VERSION = 0x84;
  private static final int PERIOD = 32;
  private static final int PERIOD_CODE = 4;
  private static final int ADDRESS_ID = 0;
  private static final int SIGNATURE_SR25519 = 1;
  private static final int LONGEST_UNHASHED = 256;

  private Extrinsics() {}

  /// Who signs, and the randomness that hedges it.
  public record Signer(Sr25519Key key, SecureRandom random) {}

  /// A call by name, with the types that its fields must have and their bytes.
  public record Call(String pallet, String name, List<String> fields, Bytes arguments) {
    /// Asks the chain for a nonce to quote.
    public static Call requestAttestation() {
      return new Call("Attestation", "request_attestation", List.of(), Bytes.EMPTY);
    }

    /// Moves the signing stash's server to `endpoint`.
    public static Call changeEndpoint(Bytes endpoint, Bytes quote) {
      return new Call(
          "StakingExtension",
          "change_endpoint",
          List.of("[u8]", "[u8]"),
          new ScaleWriter().byteList(endpoint).byteList(quote).toBytes());
    }

    /// Gives the signing stash's server new keys; `account` must have asked for the quote's nonce.
    public static Call changeThresholdAccounts(Account account, Bytes x25519Key, Bytes quote) {
      return new Call(
          "StakingExtension",
          "change_threshold_accounts",
          List.of("[u8;32]", "[u8;32]", "[u8]"),
          new ScaleWriter().bytes(account.bytes()).bytes(x25519Key).byteList(quote).toBytes());
    }

    /// Makes the signing stash a candidate with this server; takes no commission.
    public static Call validate(ChainServer server) {
      return new Call(
          "StakingExtension",
          "validate",
          List.of(
              "{commission:compact u32,blocked:bool}", StorageKey.THRESHOLD_SERVERS.valueType()),
          new ScaleWriter().compact(0).u8(0).bytes(server.encode()).toBytes());
    }
  }

  static Bytes submit(ChainNode node, Block head, Call call, Signer signer)
      throws ChainException, InterruptedException {
    ChainNode.Release runtime = node.release();
    Bytes genesis =
        node.blockHash(0)
            .orElseThrow(
                () -> new ChainException(ChainException.Kind.CHAIN_MALFORMED, "no genesis"));
    long nonce = node.nextNonce(signer.key().publicKey(), head.hash());
    Bytes body =
        new ScaleWriter()
            .bytes(runtime.metadata().call(call.pallet(), call.name(), call.fields().toString()))
            .bytes(call.arguments())
            .toBytes();
    return node.submit(write(body, nonce, new Era(head, genesis), runtime, signer));
  }

  /// Between which blocks an extrinsic counts, and on which chain.
  record Era(Block birth, Bytes genesis) {}

  static Bytes write(Bytes call, long nonce, Era era, ChainNode.Release runtime, Signer signer) {
    long phase = era.birth().number() % PERIOD;
    Bytes extra =
        new ScaleWriter().u16((int) (PERIOD_CODE | phase << 4)).compact(nonce).compact(0).toBytes();
    Bytes signed =
        new ScaleWriter()
            .bytes(call)
            .bytes(extra)
            .u32(runtime.specVersion())
            .u32(runtime.transactionVersion())
            .bytes(era.genesis())
            .bytes(era.birth().hash())
            .toBytes();
    Bytes message = signed.size() > LONGEST_UNHASHED ? Blake2.b(32, signed) : signed;
    Bytes whole =
        new ScaleWriter()
            .u8(SIGNED_VERSION)
            .u8(ADDRESS_ID)
            .bytes(signer.key().publicKey())
            .u8(SIGNATURE_SR25519)
            .bytes(signer.key().sign(Sr25519.SUBSTRATE, message, signer.random()))
            .bytes(extra)
            .bytes(call)
            .toBytes();
    return new ScaleWriter().byteList(whole).toBytes();
  }
}
