package dev.holdfast.protocol.manifest;

import dev.holdfast.attestation.Collateral;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Frame;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.codec.JsonValue;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.Crypto;
import dev.holdfast.crypto.Hkdf;
import dev.holdfast.crypto.Hmac;
import dev.holdfast.crypto.Labels;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.DiskToken;
import dev.holdfast.protocol.Document;
import dev.holdfast.protocol.Limits;
import dev.holdfast.protocol.SharingTerms;
import dev.holdfast.protocol.Threshold;
import dev.holdfast.protocol.custody.Custody;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// The depositor's file: which providers hold shares of which generation, what its custodians can
/// open, and what a recovery needs.
///
/// Plaintext on an untrusted disk. What it says is believed only as far as receipts, the origin
/// quote and, once the root key is back, its MAC bear it out. `committed` tells `manifest.json`
/// from `manifest.pending.json`; a pending one without holders is from before any deposit was sent.
///
/// Spec: docs/spec/protocol.md#manifest
public record Manifest(
    SharingTerms terms,
    DiskToken token,
    Collateral originCollateral,
    Optional<Custody> custody,
    List<Holder> holders,
    Optional<Former> former,
    boolean committed) {
  private static final String TYPE = "manifest";
  private static final Set<String> OUTER_MEMBERS = Set.of("body", "mac");
  private static final Set<String> MEMBERS =
      Document.members(
          SharingTerms.MEMBERS,
          "diskToken",
          "originCollateral",
          "custody",
          "holders",
          "former",
          "committed");
  private static final Set<String> FORMER_MEMBERS = Set.of("generation", "holders");

  public Manifest {
    holders = List.copyOf(holders);
    InvariantError.check(
        token.key().equals(terms.tokenKey()), "the deposits carry the key of this disk's token");
  }

  /// Who held the generation before, as long as they may still hold it.
  public record Former(long generation, List<Holder> holders) {
    public Former {
      holders = List.copyOf(holders);
    }

    private JsonWriter toJson() {
      return JsonWriter.object()
          .put("generation", generation)
          .putObjects("holders", holders.stream().map(Holder::toJson).toList());
    }

    private static Former read(JsonObject object, SharingTerms terms) throws MalformedException {
      object.requireOnly(FORMER_MEMBERS);
      long generation = Document.counter(object, "generation");
      if (generation >= terms.generation()) {
        throw object.member("generation").mismatch("an earlier generation", "this or a later one");
      }
      List<Holder> holders = readHolders(object, terms);
      if (holders.isEmpty() || holders.stream().anyMatch(holder -> holder.receipt().isPresent())) {
        throw object.member("holders").mismatch("holders without receipts", "others");
      }
      return new Former(generation, holders);
    }
  }

  /// A manifest as it was read: its form is checked and its receipts name what it names; their
  /// signatures and the MAC are not checked yet.
  public record Received(Manifest manifest, Bytes body, Bytes mac) {
    /// The first holder whose receipt is not signed by it.
    public Optional<Holder> falseReceipt(Crypto crypto) {
      return manifest.holders.stream()
          .filter(holder -> holder.receipt().filter(r -> !r.isSigned(crypto)).isPresent())
          .findFirst();
    }

    /// True when this file was written by a process that had `rootKey`, and not changed since.
    public boolean isGenuine(SecretBytes rootKey) {
      try (SecretBytes key = manifest.macKey(rootKey)) {
        return Hmac.verify(key, Frame.of(Labels.MANIFEST_MAC, body), mac);
      }
    }
  }

  /// The file's bytes, with its MAC under `rootKey`.
  public Bytes toBytes(SecretBytes rootKey) {
    JsonWriter body =
        terms
            .write(JsonWriter.object())
            .put("diskToken", token.value())
            .put("originCollateral", originCollateral.toJson());
    custody.ifPresent(shares -> body.put("custody", shares.toJson()));
    body.putObjects("holders", holders.stream().map(Holder::toJson).toList());
    former.ifPresent(set -> body.put("former", set.toJson()));
    body.put("committed", committed);
    try (SecretBytes key = macKey(rootKey)) {
      Bytes mac = Hmac.sha256(key, Frame.of(Labels.MANIFEST_MAC, body.toBytes()));
      return Document.of(TYPE).put("body", body).put("mac", mac).toBytes();
    }
  }

  /// @throws MalformedException when the bytes are no manifest, or contradict themselves
  public static Received parse(Bytes bytes) throws MalformedException {
    JsonObject outer = Document.parse(TYPE, Limits.MANIFEST_MAX_BYTES, bytes, OUTER_MEMBERS);
    JsonObject object = outer.object("body");
    object.requireOnly(MEMBERS);
    SharingTerms terms = SharingTerms.read(object);
    DiskToken token = new DiskToken(object.base64Url("diskToken", DiskToken.SIZE));
    if (!token.key().equals(terms.tokenKey())) {
      throw object.member("diskToken").mismatch("the token of this tokenKey", "another");
    }
    Collateral collateral =
        Collateral.parse(object.base64UrlUpTo("originCollateral", Limits.COLLATERAL_MAX_BYTES));
    if (!collateral.digest().equals(terms.origin().collateralDigest())) {
      throw object.member("originCollateral").mismatch("what the origin names", "another");
    }
    Optional<Custody> custody =
        object.has("custody")
            ? Optional.of(Custody.read(object.object("custody")))
            : Optional.empty();
    Optional<Former> former =
        object.has("former")
            ? Optional.of(Former.read(object.object("former"), terms))
            : Optional.empty();
    Manifest manifest =
        new Manifest(
            terms,
            token,
            collateral,
            custody,
            holders(object, terms),
            former,
            object.bool("committed"));
    Bytes body = bytes.slice(object.start(), object.end() - object.start());
    return new Received(manifest, body, outer.base64Url("mac", Hmac.SIZE));
  }

  private static List<Holder> readHolders(JsonObject object, SharingTerms terms)
      throws MalformedException {
    List<Holder> holders = new ArrayList<>();
    Set<AccountId> seen = new TreeSet<>();
    for (JsonValue item : object.array("holders", Threshold.MAX_N).items()) {
      Holder holder = Holder.read(item.asObject(), terms);
      if (!seen.add(holder.account())) {
        throw item.mismatch("every provider once", "one twice");
      }
      holders.add(holder);
    }
    return holders;
  }

  private static List<Holder> holders(JsonObject object, SharingTerms terms)
      throws MalformedException {
    List<Holder> holders = readHolders(object, terms);
    boolean committed = object.bool("committed");
    long receipts = holders.stream().filter(holder -> holder.receipt().isPresent()).count();
    if (committed && receipts < terms.threshold().k()) {
      throw object.member("holders").mismatch("receipts of at least k providers", "fewer");
    }
    return holders;
  }

  private SecretBytes macKey(SecretBytes rootKey) {
    Bytes info = Frame.of(Labels.MANIFEST_MAC_KEY, terms.depositor().bytes(), terms.storeId());
    return Hkdf.derive(rootKey, Bytes.EMPTY, info, Hmac.SIZE);
  }
}
