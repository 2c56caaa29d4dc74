package dev.holdfast.entropy.chain;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.entropy.chain.ChainException.Kind;
import dev.holdfast.entropy.scale.ScaleReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a runtime says of its storage, calls and extrinsics: metadata of version 14 or 15, read up
/// to the signed extensions.
public final class Metadata {
  /// Longest metadata taken.
  public static final int MAX_SIZE = 1024 * 1024;

  /// The signed extensions that [Extrinsics] knows, in order.
  static final List<String> EXTENSIONS =
      List.of(
          "CheckSpecVersion",
          "CheckTxVersion",
          "CheckGenesis",
          "CheckMortality",
          "CheckNonce",
          "CheckWeight",
          "ChargeTransactionPayment");

  private static final String FORMAT = "metadata";
  private static final int MAX_ITEMS = 4096;
  private static final int BLAKE2_128_CONCAT = 2;
  private static final long MAGIC = 0x6174656dL;
  private static final int V14 = 14;
  private static final int V15 = 15;

  private final MetadataTypes types;
  private final List<Pallet> pallets;
  private final List<String> extensions;

  private Metadata(MetadataTypes types, List<Pallet> pallets, List<String> extensions) {
    this.types = types;
    this.pallets = pallets;
    this.extensions = extensions;
  }

  private record Pallet(String name, int index, List<Item> items, Optional<Integer> calls) {}

  private record Item(String prefix, String name, List<Integer> hashers, int key, int value) {}

  /// @throws MalformedException when it is no metadata of version 14 or 15
  public static Metadata parse(Bytes bytes) throws MalformedException {
    ScaleReader in = ScaleReader.of(FORMAT, bytes);
    if (bytes.size() > MAX_SIZE) {
      throw in.malformed(FORMAT, "at most 1 MiB", bytes.size() + " bytes");
    }
    if (in.u32("magic") != MAGIC) {
      throw in.malformed("magic", "\"meta\"", "other bytes");
    }
    int version = in.u8("version");
    if (version != V14 && version != V15) {
      throw in.malformed("version", "14 or 15", Integer.toString(version));
    }
    MetadataTypes types = MetadataTypes.read(in);
    List<Pallet> pallets = in.list(MAX_ITEMS, "pallets", pallet -> pallet(pallet, version));
    List<String> extensions = extensions(in, version);
    return new Metadata(types, pallets, extensions);
  }

  /// Holds all of [StorageKey] and the extensions against this.
  ///
  /// @throws ChainException `CHAIN_OTHER_RUNTIME` with the first difference
  void requireKnown() throws ChainException {
    for (StorageKey key : StorageKey.values()) {
      String where = key.pallet() + "." + key.item();
      Item item =
          item(key).orElseThrow(() -> other(where, "an item of this name and prefix", "none"));
      require(where, "its key", key.keyType(), keyType(item));
      require(where, "its value", key.valueType(), types.describe(item.value));
    }
    require("extrinsics", "their extensions", EXTENSIONS.toString(), extensions.toString());
  }

  /// The two bytes that a call starts with, its pallet and its own index.
  ///
  /// @throws ChainException `CHAIN_OTHER_RUNTIME` when there is no such call, or it takes others
  Bytes call(String pallet, String name, String fields) throws ChainException {
    for (Pallet one : pallets) {
      if (one.name.equals(pallet) && one.calls.isPresent()) {
        for (MetadataTypes.Variant variant : types.variants(one.calls.get())) {
          if (variant.name().equals(name)) {
            String found =
                variant.fields().stream()
                    .map(field -> types.describe(field.type()))
                    .toList()
                    .toString();
            require(pallet + "." + name, "its fields", fields, found);
            return Bytes.copyOf(new byte[] {(byte) one.index, (byte) variant.index()});
          }
        }
      }
    }
    throw other(pallet + "." + name, "a call of this name", "none");
  }

  private Optional<Item> item(StorageKey key) {
    return pallets.stream()
        .filter(pallet -> pallet.name.equals(key.pallet()))
        .flatMap(pallet -> pallet.items.stream())
        .filter(item -> item.name.equals(key.item()) && item.prefix.equals(key.pallet()))
        .findFirst();
  }

  private String keyType(Item item) {
    if (item.hashers.isEmpty()) {
      return "";
    }
    return item.hashers.equals(List.of(BLAKE2_128_CONCAT))
        ? types.describe(item.key)
        : "hashers " + item.hashers;
  }

  private static void require(String where, String what, String expected, String found)
      throws ChainException {
    if (!expected.equals(found)) {
      throw other(where, what + " as " + expected, found);
    }
  }

  private static ChainException other(String where, String expected, String found) {
    String cut = found.length() > 200 ? found.substring(0, 200) + "…" : found;
    return new ChainException(
        Kind.CHAIN_OTHER_RUNTIME, where + ": expected " + expected + ", found " + cut);
  }

  private static Pallet pallet(ScaleReader in, int version) throws MalformedException {
    String name = in.text(MetadataTypes.MAX_TEXT, "pallet");
    List<Item> items = in.option("storage", Metadata::storage).orElse(List.of());
    Optional<Integer> calls = in.option("calls", MetadataTypes::number);
    in.option("events", MetadataTypes::number);
    in.list(
        MAX_ITEMS,
        "constants",
        constant -> {
          String constantName = constant.text(MetadataTypes.MAX_TEXT, "constant");
          MetadataTypes.number(constant);
          constant.byteList(MAX_SIZE, "value");
          MetadataTypes.texts(constant, "documentation");
          return constantName;
        });
    in.option("errors", MetadataTypes::number);
    int index = in.u8("pallet index");
    if (version == V15) {
      MetadataTypes.texts(in, "documentation");
    }
    return new Pallet(name, index, items, calls);
  }

  private static List<Item> storage(ScaleReader in) throws MalformedException {
    String prefix = in.text(MetadataTypes.MAX_TEXT, "prefix");
    return in.list(MAX_ITEMS, "storage items", item -> item(item, prefix));
  }

  private static Item item(ScaleReader in, String prefix) throws MalformedException {
    String name = in.text(MetadataTypes.MAX_TEXT, "item");
    in.u8("modifier");
    List<Integer> hashers = new ArrayList<>();
    int key = 0;
    switch (in.u8("kind of item")) {
      case 0 -> {}
      case 1 -> {
        hashers.addAll(in.list(16, "hashers", hasher -> hasher.u8("hasher")));
        key = MetadataTypes.number(in);
      }
      default -> throw in.malformed("kind of item", "0 or 1", "another");
    }
    int value = MetadataTypes.number(in);
    in.byteList(MAX_SIZE, "default");
    MetadataTypes.texts(in, "documentation");
    return new Item(prefix, name, List.copyOf(hashers), key, value);
  }

  private static List<String> extensions(ScaleReader in, int version) throws MalformedException {
    if (version == V14) {
      MetadataTypes.number(in);
    }
    int extrinsic = in.u8("extrinsic version");
    if (extrinsic != 4) {
      throw in.malformed("extrinsic version", "4", Integer.toString(extrinsic));
    }
    if (version == V15) {
      for (String type : List.of("address", "call", "signature", "extra")) {
        in.length(MAX_SIZE, type);
      }
    }
    return in.list(
        MAX_ITEMS,
        "extensions",
        extension -> {
          String name = extension.text(MetadataTypes.MAX_TEXT, "extension");
          MetadataTypes.number(extension);
          MetadataTypes.number(extension);
          return name;
        });
  }
}
