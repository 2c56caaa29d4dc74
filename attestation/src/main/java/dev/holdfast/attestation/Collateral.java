package dev.holdfast.attestation;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Json;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The vendor's signed data that a quote is judged with, unverified: TCB info, QE identity, root
/// CRL, PCK CRL, and the chains of their issuers. Any member may be absent. Immutable; equal when
/// all members are.
///
/// Spec: docs/spec/attestation.md#collateral
public final class Collateral {
  /// Limit for the JSON form in bytes.
  public static final int MAX_SIZE = 256 * 1024;

  private final Map<Member, String> members;
  private final Bytes inputDigest;
  private volatile @Nullable Bytes json;
  private volatile @Nullable Bytes digest;

  private Collateral(Map<Member, String> members, Bytes inputDigest) {
    this.members = members;
    this.inputDigest = inputDigest;
  }

  /// Parses the JSON object of up to nine members, or ten: `pck_certificate_chain` for quotes that
  /// carry no PCK certificate.
  ///
  /// @throws MalformedException when it is larger than [#MAX_SIZE], no strict JSON, or has a member
  ///   that is unknown or no string
  public static Collateral parse(Bytes json) throws MalformedException {
    if (json.size() > MAX_SIZE) {
      throw new MalformedException(
          "collateral", 0, "$", "at most " + MAX_SIZE + " bytes", json.size() + " bytes");
    }
    JsonObject object = Json.parse(json).asObject();
    Map<Member, String> members = new EnumMap<>(Member.class);
    for (Member member : Member.values()) {
      if (object.has(member.code())) {
        members.put(member, object.string(member.code()));
      }
    }
    if (members.size() != object.members().size()) {
      throw object.mismatch("only the members of collateral", "an unknown member");
    }
    return new Collateral(members, json.sha256());
  }

  /// A collateral without any member.
  public static Collateral none() {
    return new Collateral(new EnumMap<>(Member.class), Bytes.EMPTY.sha256());
  }

  /// The same with the PCK certificate chain (PEM: PCK certificate, CA, root) of a quote that
  /// carries none.
  public Collateral withPckCertificateChain(String pem) {
    Map<Member, String> more = new EnumMap<>(Member.class);
    more.putAll(members);
    more.put(Member.PCK_CERTIFICATE_CHAIN, pem);
    return new Collateral(more, toJson(more).sha256());
  }

  /// The canonical JSON form: compact, members in their fixed order. Parses to an equal value.
  public Bytes toJson() {
    Bytes known = json;
    if (known == null) {
      known = toJson(members);
      json = known;
    }
    return known;
  }

  private static Bytes toJson(Map<Member, String> members) {
    JsonWriter writer = JsonWriter.object();
    members.forEach((member, value) -> writer.put(member.code(), value));
    return writer.toBytes();
  }

  /// SHA-256 of [#toJson]: the name under which peers exchange it.
  public Bytes digest() {
    Bytes known = digest;
    if (known == null) {
      known = toJson().sha256();
      digest = known;
    }
    return known;
  }

  /// SHA-256 of the bytes that were parsed, known without further work: what caches are keyed by.
  Bytes inputDigest() {
    return inputDigest;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Collateral collateral && members.equals(collateral.members);
  }

  @Override
  public int hashCode() {
    return members.hashCode();
  }

  Optional<String> find(Member member) {
    return Optional.ofNullable(members.get(member));
  }

  /// A member, or an empty text.
  String text(Member member) {
    return find(member).orElse("");
  }

  /// The UTF-8 bytes of a member, or nothing.
  Bytes bytes(Member member) {
    return Bytes.utf8(text(member));
  }

  /// The members without which no quote can be judged and that are absent here.
  List<String> missing() {
    List<String> missing = new ArrayList<>();
    for (Member member : Member.values()) {
      if (member != Member.PCK_CERTIFICATE_CHAIN && !members.containsKey(member)) {
        missing.add(member.code());
      }
    }
    return missing;
  }

  /// The members, in the order of the canonical form.
  enum Member {
    PCK_CRL_ISSUER_CHAIN,
    ROOT_CA_CRL,
    PCK_CRL,
    TCB_INFO_ISSUER_CHAIN,
    TCB_INFO,
    TCB_INFO_SIGNATURE,
    QE_IDENTITY_ISSUER_CHAIN,
    QE_IDENTITY,
    QE_IDENTITY_SIGNATURE,
    PCK_CERTIFICATE_CHAIN;

    String code() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
