package dev.holdfast.crypto;

import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Digests;
import dev.holdfast.codec.Frame;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.crypto.SharingException.Rule;
import dev.holdfast.crypto.field.Gf256;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// Shares a 32-byte secret among n so that any k of them give it back and fewer say nothing about
/// it (Shamir 1979, byte by byte over GF(2⁸)), with a commitment to every share.
///
/// Spec: docs/spec/sharing.md
public final class Sharing {
  public static final int SECRET_SIZE = 32;
  public static final int MAX_SHARES = 255;

  private Sharing() {}

  /// Makes the shares with the indices 1 to `n`, any `k` of which combine; 1 ≤ k ≤ n ≤ 255. With k
  /// = 1 every share is the secret. The caller closes the shares, and the secret stays its own.
  public static List<Share> split(SecretBytes secret, int k, int n, SecureRandom random) {
    InvariantError.check(secret.size() == SECRET_SIZE, "a shared secret has 32 bytes");
    InvariantError.check(1 <= k && k <= n && n <= MAX_SHARES, "1 <= k <= n <= 255");
    try (SecretBytes coefficients = SecretBytes.generate((k - 1) * SECRET_SIZE, random)) {
      List<Share> shares = new ArrayList<>(n);
      for (int index = 1; index <= n; index++) {
        int x = index;
        byte[] value = secret.apply(s -> coefficients.apply(c -> Gf256.evaluate(s, c, x)));
        shares.add(new Share(index, SecretBytes.take(value)));
      }
      return List.copyOf(shares);
    }
  }

  /// The 32-byte commitment to `share`: SHA-256 over frame(label, context, index, value). `context`
  /// says which sharing it belongs to.
  public static Bytes commitment(Bytes context, Share share) {
    Frame head = Frame.of(Labels.SHARE_COMMITMENT).add(context).add(share.index());
    MessageDigest digest = Digests.sha256();
    head.toBytes().updateInto(digest);
    // The frame's last item, hashed apart so that no copy of the value is left behind.
    digest.update(new ByteWriter().u32be(share.value().size()).toArray());
    share.value().use(digest::update);
    return Bytes.copyOf(digest.digest());
  }

  /// Checks one share against the commitments, listed by index from 1.
  ///
  /// @throws SharingException when the index, the size or the commitment is wrong
  public static void check(Share share, List<Bytes> commitments, Bytes context)
      throws SharingException {
    int index = share.index();
    int n = Math.min(commitments.size(), MAX_SHARES);
    if (index < 1 || index > n) {
      throw SharingException.ofShare(Rule.INDEX, index, "an index from 1 to " + n, "another");
    }
    if (share.value().size() != SECRET_SIZE) {
      throw SharingException.ofShare(
          Rule.SIZE, index, SECRET_SIZE + " bytes", share.value().size() + " bytes");
    }
    if (!commitment(context, share).equals(commitments.get(index - 1))) {
      throw SharingException.ofShare(
          Rule.COMMITMENT, index, "the share that was committed to", "another");
    }
  }

  /// Combines exactly `k` shares, each checked first, into the secret, which the caller closes. The
  /// shares stay the caller's.
  ///
  /// @throws SharingException when anything is not as [SharingException.Rule] demands; names the
  ///   share
  public static SecretBytes combine(
      List<Share> shares, int k, List<Bytes> commitments, Bytes context) throws SharingException {
    int n = commitments.size();
    if (k < 1 || k > n || n > MAX_SHARES) {
      throw SharingException.ofAll(
          Rule.PARAMETERS, "1 <= k <= n <= 255", "k = " + k + " and n = " + n);
    }
    if (shares.size() != k) {
      throw SharingException.ofAll(Rule.COUNT, k + " shares", shares.size() + " shares");
    }
    BitSet seen = new BitSet();
    for (Share share : shares) {
      check(share, commitments, context);
      if (seen.get(share.index())) {
        throw SharingException.ofShare(
            Rule.DUPLICATE, share.index(), "every index once", "the same index again");
      }
      seen.set(share.index());
    }
    return interpolate(shares);
  }

  private static SecretBytes interpolate(List<Share> shares) {
    int[] indices = shares.stream().mapToInt(Share::index).toArray();
    byte[] secret = new byte[SECRET_SIZE];
    for (Share share : shares) {
      int weight = Gf256.weightAtZero(share.index(), indices);
      share.value().use(value -> Gf256.addMultiple(secret, weight, value));
    }
    return SecretBytes.take(secret);
  }
}
