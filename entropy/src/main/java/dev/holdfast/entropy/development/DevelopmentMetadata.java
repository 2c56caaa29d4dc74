package dev.holdfast.entropy.development;

import dev.holdfast.codec.Bytes;
import dev.holdfast.entropy.chain.StorageKey;
import dev.holdfast.entropy.scale.ScaleWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Metadata of version 15 with the pallets, storage, calls and extensions of the original network
/// that its servers use, under their true numbers. Not what a runtime would give: no constants,
/// errors or runtime APIs.
final class DevelopmentMetadata {
  private static final Map<String, Integer> PALLETS = pallets();
  private static final List<String> EXTENSIONS =
      List.of(
          "CheckSpecVersion",
          "CheckTxVersion",
          "CheckGenesis",
          "CheckMortality",
          "CheckNonce",
          "CheckWeight",
          "ChargeTransactionPayment");
  private static final int BLAKE2_128_CONCAT = 2;
  private static final int U8 = 0;
  private static final int U32 = 1;
  private static final int U128 = 2;
  private static final int BOOL = 3;
  private static final int BYTES_32 = 4;
  private static final int BYTES = 5;
  private static final int SERVER_INFO = 6;
  private static final int ACCOUNTS = 7;
  private static final int SERVICES = 8;
  private static final int MEASUREMENTS = 9;
  private static final int ACCOUNT_DATA = 10;
  private static final int ACCOUNT_INFO = 11;
  private static final int ATTESTATION_CALLS = 12;
  private static final int STAKING_CALLS = 13;
  private static final int COMPACT_U32 = 14;
  private static final int PREFERENCES = 15;

  private DevelopmentMetadata() {}

  private static Map<String, Integer> pallets() {
    Map<String, Integer> pallets = new LinkedHashMap<>();
    pallets.put("System", 1);
    pallets.put("StakingExtension", 12);
    pallets.put("Session", 20);
    pallets.put("Parameters", 56);
    pallets.put("Attestation", 58);
    return pallets;
  }

  static Bytes write() {
    ScaleWriter out = new ScaleWriter().bytes(Bytes.utf8("meta")).u8(15);
    List<ScaleWriter> types = types();
    out.compact(types.size());
    for (int i = 0; i < types.size(); i++) {
      out.compact(i).compact(0).compact(0).bytes(types.get(i).toBytes()).compact(0);
    }
    out.compact(PALLETS.size());
    PALLETS.forEach((name, index) -> pallet(out, name, index));
    out.u8(4).compact(BYTES_32).compact(BYTES).compact(BYTES).compact(BYTES);
    out.compact(EXTENSIONS.size());
    EXTENSIONS.forEach(name -> out.text(name).compact(BYTES).compact(BYTES));
    // Runtime APIs, outer enumerations (of calls, events, errors), custom entries.
    return out.compact(0).compact(BYTES).compact(BYTES).compact(BYTES).compact(0).toBytes();
  }

  private static void pallet(ScaleWriter out, String name, int index) {
    List<StorageKey> items =
        Stream.of(StorageKey.values()).filter(key -> key.pallet().equals(name)).toList();
    out.text(name).u8(1).text(name).compact(items.size());
    items.forEach(item -> item(out, item));
    switch (name) {
      case "Attestation" -> out.u8(1).compact(ATTESTATION_CALLS);
      case "StakingExtension" -> out.u8(1).compact(STAKING_CALLS);
      default -> out.u8(0);
    }
    out.u8(0).compact(0).u8(0).u8(index).compact(0);
  }

  private static void item(ScaleWriter out, StorageKey item) {
    int optional = item == StorageKey.VALIDATORS || item == StorageKey.SIGNERS ? 1 : 0;
    out.text(item.item()).u8(optional);
    if (item.keyType().isEmpty()) {
      out.u8(0);
    } else {
      int key = item == StorageKey.ACCEPTED_MEASUREMENTS ? SERVICES : BYTES_32;
      out.u8(1).compact(1).u8(BLAKE2_128_CONCAT).compact(key);
    }
    out.compact(valueType(item)).byteList(Bytes.zero(1)).compact(0);
  }

  private static int valueType(StorageKey item) {
    return switch (item) {
      case VALIDATORS, SIGNERS -> ACCOUNTS;
      case THRESHOLD_SERVERS -> SERVER_INFO;
      case THRESHOLD_TO_STASH, PENDING_ATTESTATIONS -> BYTES_32;
      case ACCEPTED_MEASUREMENTS -> MEASUREMENTS;
      case ACCOUNT -> ACCOUNT_INFO;
    };
  }

  /// In the order of the numbers above.
  private static List<ScaleWriter> types() {
    return List.of(
        primitive(3),
        primitive(5),
        primitive(7),
        primitive(0),
        new ScaleWriter().u8(3).u32(32).compact(U8),
        new ScaleWriter().u8(2).compact(U8),
        composite(
            Map.entry("tss_account", BYTES_32),
            Map.entry("x25519_public_key", BYTES_32),
            Map.entry("endpoint", BYTES),
            Map.entry("tdx_quote", BYTES)),
        new ScaleWriter().u8(2).compact(BYTES_32),
        new ScaleWriter()
            .u8(1)
            .compact(2)
            .bytes(variant("EntropyTss", 0, List.of()))
            .bytes(variant("TreeService", 1, List.of())),
        new ScaleWriter().u8(2).compact(BYTES),
        composite(
            Map.entry("free", U128),
            Map.entry("reserved", U128),
            Map.entry("frozen", U128),
            Map.entry("flags", U128)),
        composite(
            Map.entry("nonce", U32),
            Map.entry("consumers", U32),
            Map.entry("providers", U32),
            Map.entry("sufficients", U32),
            Map.entry("data", ACCOUNT_DATA)),
        new ScaleWriter().u8(1).compact(1).bytes(variant("request_attestation", 1, List.of())),
        new ScaleWriter()
            .u8(1)
            .compact(3)
            .bytes(variant("change_endpoint", 0, List.of(BYTES, BYTES)))
            .bytes(variant("change_threshold_accounts", 1, List.of(BYTES_32, BYTES_32, BYTES)))
            .bytes(variant("validate", 5, List.of(PREFERENCES, SERVER_INFO))),
        new ScaleWriter().u8(6).compact(U32),
        composite(Map.entry("commission", COMPACT_U32), Map.entry("blocked", BOOL)));
  }

  private static ScaleWriter primitive(int code) {
    return new ScaleWriter().u8(5).u8(code);
  }

  @SafeVarargs
  private static ScaleWriter composite(Map.Entry<String, Integer>... fields) {
    ScaleWriter out = new ScaleWriter().u8(0).compact(fields.length);
    for (Map.Entry<String, Integer> field : fields) {
      out.u8(1).text(field.getKey()).compact(field.getValue()).u8(0).compact(0);
    }
    return out;
  }

  private static Bytes variant(String name, int index, List<Integer> fields) {
    ScaleWriter out = new ScaleWriter().text(name).compact(fields.size());
    fields.forEach(type -> out.u8(1).text("field").compact(type).u8(0).compact(0));
    return out.u8(index).compact(0).toBytes();
  }
}
