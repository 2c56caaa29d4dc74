package dev.holdfast.protocol.custody;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Frame;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.codec.JsonValue;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.Crypto;
import dev.holdfast.crypto.Labels;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.crypto.Share;
import dev.holdfast.crypto.Sharing;
import dev.holdfast.protocol.SharingTerms;
import dev.holdfast.protocol.posture.KeyQuorum;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The shares of one generation's root key that custodians can open: a sharing of its own, `terms`
/// say how many of how many, and each share sealed to one custodian.
///
/// Shares are in the order of the custodians' fingerprints; the first has index 1.
///
/// Spec: docs/spec/custody.md#shares
public record Custody(Terms terms, List<Sealed> shares) {
  private static final Set<String> MEMBERS = Set.of("threshold", "commitments", "shares");
  private static final Set<String> SHARE_MEMBERS = Set.of("custodian", "sealed");

  public Custody {
    shares = List.copyOf(shares);
    InvariantError.check(
        shares.size() == terms.commitments().size(), "one commitment a custodian's share");
  }

  /// How many shares it takes, and what each must be.
  public record Terms(int threshold, List<Bytes> commitments) {
    public Terms {
      commitments = List.copyOf(commitments);
      InvariantError.check(
          !commitments.isEmpty() && KeyQuorum.isValid(threshold, commitments.size()),
          "one to all of the custodians are needed");
    }

    /// What a custodian's share is sealed together with: the digest of all that it is told about
    /// it, so that nothing of that can be put in place of something else.
    public Bytes digest(SharingTerms sharing) {
      return Frame.of(Labels.CUSTODY_TERMS)
          .add(sharing.write(JsonWriter.object()).toBytes())
          .add(threshold)
          .add(SharingTerms.commitmentsDigest(commitments))
          .toBytes()
          .sha256();
    }
  }

  /// One custodian's share.
  ///
  /// @param custodian its key's fingerprint
  public record Sealed(Bytes custodian, Bytes share) {
    static final int SIZE = Crypto.ENVELOPE_OVERHEAD + CustodyParcel.SIZE;

    private JsonWriter toJson() {
      return JsonWriter.object().put("custodian", custodian).put("sealed", share);
    }

    private static Sealed read(JsonObject object) throws MalformedException {
      object.requireOnly(SHARE_MEMBERS);
      return new Sealed(
          object.base64Url("custodian", KeyQuorum.KEY_SIZE), object.base64Url("sealed", SIZE));
    }
  }

  /// Splits `rootKey` anew among the custodians and seals each share to its key. `custodians` are
  /// those of `quorum`, in its order.
  public static Custody seal(
      Crypto crypto,
      SecretBytes rootKey,
      SharingTerms sharing,
      KeyQuorum quorum,
      List<CustodianKey> custodians,
      SecureRandom random) {
    InvariantError.check(
        custodians.stream().map(CustodianKey::fingerprint).toList().equals(quorum.keys()),
        "the custodians are those of the posture");
    List<Share> shares = Sharing.split(rootKey, quorum.threshold(), custodians.size(), random);
    try {
      Terms terms =
          new Terms(
              quorum.threshold(),
              shares.stream().map(share -> Sharing.commitment(context(sharing), share)).toList());
      Bytes digest = terms.digest(sharing);
      List<Sealed> sealed = new ArrayList<>();
      for (int i = 0; i < custodians.size(); i++) {
        CustodianKey custodian = custodians.get(i);
        try (CustodyParcel parcel = new CustodyParcel(shares.get(i).value().copy(), digest);
            SecretBytes plaintext = parcel.toSecret()) {
          Bytes info = info(sharing, custodian.fingerprint());
          sealed.add(
              new Sealed(
                  custodian.fingerprint(),
                  crypto.seal(custodian.key(), info, Bytes.EMPTY, plaintext)));
        }
      }
      return new Custody(terms, sealed);
    } finally {
      shares.forEach(Share::close);
    }
  }

  /// The context under which custodians' shares are committed to: another than that of providers'.
  public static Bytes context(SharingTerms sharing) {
    return Frame.of(Labels.CUSTODY_SHARING)
        .add(sharing.depositor().bytes())
        .add(sharing.generation())
        .toBytes();
  }

  /// The `info` of the envelope of one custodian's share.
  public static Bytes info(SharingTerms sharing, Bytes custodian) {
    return Frame.of(Labels.CUSTODY_ENVELOPE)
        .add(sharing.depositor().bytes())
        .add(sharing.generation())
        .add(sharing.storeId())
        .add(custodian)
        .toBytes();
  }

  /// The index of a custodian's share, from 1; empty for a stranger.
  public Optional<Integer> index(Bytes custodian) {
    for (int i = 0; i < shares.size(); i++) {
      if (shares.get(i).custodian().equals(custodian)) {
        return Optional.of(i + 1);
      }
    }
    return Optional.empty();
  }

  /// Who may approve.
  public List<Bytes> custodians() {
    return shares.stream().map(Sealed::custodian).toList();
  }

  public JsonWriter toJson() {
    return JsonWriter.object()
        .put("threshold", terms.threshold())
        .putAllBytes("commitments", terms.commitments())
        .putObjects("shares", shares.stream().map(Sealed::toJson).toList());
  }

  public static Custody read(JsonObject object) throws MalformedException {
    object.requireOnly(MEMBERS);
    List<Sealed> shares = new ArrayList<>();
    JsonValue list = object.member("shares");
    for (JsonValue item : list.asArray(KeyQuorum.MAX_KEYS).items()) {
      Sealed next = Sealed.read(item.asObject());
      if (!shares.isEmpty() && shares.getLast().custodian().compareTo(next.custodian()) >= 0) {
        throw item.mismatch("custodians in ascending order, each once", "another order");
      }
      shares.add(next);
    }
    int threshold = (int) object.integer("threshold", 1, KeyQuorum.MAX_KEYS);
    if (threshold > shares.size()) {
      throw object.member("threshold").mismatch("one to all of the custodians", "another number");
    }
    List<Bytes> commitments = SharingTerms.readCommitments(object, shares.size());
    return new Custody(new Terms(threshold, commitments), shares);
  }
}
