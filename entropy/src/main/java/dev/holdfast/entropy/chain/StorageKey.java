package dev.holdfast.entropy.chain;

import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import dev.holdfast.entropy.account.Account;
import dev.holdfast.entropy.hash.Blake2;
import dev.holdfast.entropy.hash.TwoX;

/// The storage that is read, with the shape that the metadata must give it.
///
/// `key` and `value` are types as [MetadataTypes#describe] writes them; `key` is empty for an item
/// without one. All keys are hashed by `Blake2_128Concat`.
public enum StorageKey {
  VALIDATORS("Session", "Validators", "", Types.ACCOUNTS),
  THRESHOLD_SERVERS(
      "StakingExtension",
      "ThresholdServers",
      Types.ACCOUNT,
      "{tss_account:[u8;32],x25519_public_key:[u8;32],endpoint:[u8],tdx_quote:[u8]}"),
  THRESHOLD_TO_STASH("StakingExtension", "ThresholdToStash", Types.ACCOUNT, Types.ACCOUNT),
  SIGNERS("StakingExtension", "Signers", "", Types.ACCOUNTS),
  ACCEPTED_MEASUREMENTS(
      "Parameters", "AcceptedMeasurementValues", "<EntropyTss=0,TreeService=1>", "[[u8]]"),
  PENDING_ATTESTATIONS("Attestation", "PendingAttestations", Types.ACCOUNT, "[u8;32]"),
  ACCOUNT(
      "System",
      "Account",
      Types.ACCOUNT,
      "{nonce:u32,consumers:u32,providers:u32,sufficients:u32,"
          + "data:{free:u128,reserved:u128,frozen:u128,flags:u128}}");

  private static final class Types {
    static final String ACCOUNT = "[u8;32]";
    static final String ACCOUNTS = "[[u8;32]]";
  }

  private static final Bytes ENTROPY_TSS = Bytes.zero(1);

  private final String pallet;
  private final String item;
  private final String key;
  private final String value;

  StorageKey(String pallet, String item, String key, String value) {
    this.pallet = pallet;
    this.item = item;
    this.key = key;
    this.value = value;
  }

  public String pallet() {
    return pallet;
  }

  public String item() {
    return item;
  }

  /// The type of the item's key; empty when it has none.
  public String keyType() {
    return key;
  }

  public String valueType() {
    return value;
  }

  /// The 32 bytes that all keys of the item start with.
  public Bytes prefix() {
    return new ByteWriter()
        .bytes(TwoX.twox128(Bytes.utf8(pallet)))
        .bytes(TwoX.twox128(Bytes.utf8(item)))
        .toBytes();
  }

  /// The key of the entry of `account`.
  public Bytes of(Account account) {
    return of(account.bytes());
  }

  /// The key of the accepted measurements of servers.
  public static Bytes acceptedOfServers() {
    return ACCEPTED_MEASUREMENTS.of(ENTROPY_TSS);
  }

  private Bytes of(Bytes entry) {
    return new ByteWriter().bytes(prefix()).bytes(Blake2.b(16, entry)).bytes(entry).toBytes();
  }
}
