package dev.holdfast.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Digests;
import dev.holdfast.codec.Frame;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.crypto.SharingException.Rule;
import dev.holdfast.crypto.field.Gf256;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.bouncycastle.crypto.threshold.ShamirSecretSplitter;
import org.bouncycastle.crypto.threshold.ShamirSplitSecret;
import org.bouncycastle.crypto.threshold.ShamirSplitSecretShare;
import org.junit.jupiter.api.Test;

/// Spec: docs/spec/sharing.md
final class SharingTest {
  private static final Bytes CONTEXT = Vectors.hex("c0c1");
  private static final SecretBytes SECRET = SecretBytes.generate(32, new SeededRandom(10));

  @Test
  void combine_everySubsetOfKShares_givesTheSecret() throws SharingException {
    for (int n = 1; n <= 6; n++) {
      for (int k = 1; k <= n; k++) {
        List<Share> shares = Sharing.split(SECRET, k, n, new SeededRandom(100 * n + k));
        for (int set = 0; set < 1 << n; set++) {
          if (Integer.bitCount(set) == k) {
            assertCombines(subset(shares, set), k, commitments(shares));
          }
        }
      }
    }
  }

  @Test
  void combine_mostShares_givesTheSecret() throws SharingException {
    List<Share> shares = Sharing.split(SECRET, 128, 255, new SeededRandom(3));

    assertCombines(shares.subList(127, 255), 128, commitments(shares));
    assertCombines(shares.subList(0, 128).reversed(), 128, commitments(shares));
  }

  @Test
  void split_indices_areOneToN() {
    List<Share> shares = Sharing.split(SECRET, 2, 3, new SeededRandom(4));

    assertEquals(List.of(1, 2, 3), shares.stream().map(Share::index).toList());
  }

  @Test
  void split_withKOne_everyShareIsTheSecret() {
    for (Share share : Sharing.split(SECRET, 1, 3, new SeededRandom(5))) {
      assertTrue(share.value().sameAs(SECRET));
    }
  }

  /// With the other share fixed, every value of a byte of the secret remains possible.
  @Test
  void split_oneShareOfTwo_takesEveryValueForOneSecret() {
    Set<Integer> seen = new HashSet<>();
    SeededRandom random = new SeededRandom(6);
    for (int round = 0; round < 200; round++) {
      Share share = Sharing.split(SECRET, 2, 2, random).getFirst();
      share.value().use(value -> addAll(seen, value));
    }
    assertEquals(256, seen.size());
  }

  @Test
  void split_parametersOutOfRange_areABug() {
    assertThrows(InvariantError.class, () -> Sharing.split(SECRET, 0, 1, new SeededRandom(1)));
    assertThrows(InvariantError.class, () -> Sharing.split(SECRET, 3, 2, new SeededRandom(1)));
    assertThrows(InvariantError.class, () -> Sharing.split(SECRET, 2, 256, new SeededRandom(1)));
    assertThrows(
        InvariantError.class,
        () -> Sharing.split(SecretBytes.take(new byte[31]), 2, 3, new SeededRandom(1)));
  }

  @Test
  void commitment_isTheFramesHash() {
    Share share = new Share(7, SecretBytes.copyOf(new byte[] {9, 8}));
    Bytes frame =
        Frame.of("holdfast/1/share-commitment")
            .add(CONTEXT)
            .add(7L)
            .add(new byte[] {9, 8})
            .toBytes();

    assertEquals(
        Bytes.copyOf(Digests.sha256().digest(frame.toArray())), Sharing.commitment(CONTEXT, share));
  }

  @Test
  void commitment_otherContextIndexOrValue_isAnother() {
    Share share = Sharing.split(SECRET, 2, 3, new SeededRandom(7)).getFirst();
    Bytes commitment = Sharing.commitment(CONTEXT, share);

    assertNotEquals(commitment, Sharing.commitment(Bytes.EMPTY, share));
    assertNotEquals(commitment, Sharing.commitment(CONTEXT, new Share(2, share.value())));
    assertNotEquals(commitment, Sharing.commitment(CONTEXT, new Share(1, SECRET)));
  }

  @Test
  void combine_duplicateIndex_isRefusedByName() {
    List<Share> shares = Sharing.split(SECRET, 2, 3, new SeededRandom(8));

    assertRefused(Rule.DUPLICATE, 2, List.of(shares.get(1), shares.get(1)), 2, shares);
  }

  @Test
  void combine_fewerOrMoreSharesThanK_isRefused() {
    List<Share> shares = Sharing.split(SECRET, 2, 3, new SeededRandom(9));

    assertRefused(Rule.COUNT, List.of(), 2, shares);
    assertRefused(Rule.COUNT, shares.subList(0, 1), 2, shares);
    assertRefused(Rule.COUNT, shares, 2, shares);
  }

  @Test
  void combine_indexOutsideOneToN_isRefusedByName() {
    List<Share> shares = Sharing.split(SECRET, 2, 3, new SeededRandom(11));
    for (int index : new int[] {Integer.MIN_VALUE + 1, -1, 0, 4, 255, 256, 257, 65_537}) {
      Share share = new Share(index, shares.getFirst().value());
      assertRefused(Rule.INDEX, index, List.of(shares.getLast(), share), 2, shares);
    }
  }

  @Test
  void combine_shareOfAnotherSize_isRefusedByName() {
    List<Share> shares = Sharing.split(SECRET, 2, 3, new SeededRandom(12));
    for (int size : new int[] {0, 1, 31, 33, 64}) {
      Share share = new Share(1, SecretBytes.take(new byte[size]));
      assertRefused(Rule.SIZE, 1, List.of(shares.getLast(), share), 2, shares);
    }
  }

  /// Also when the commitment was made to the short share.
  @Test
  void combine_committedShareOfAnotherSize_isRefusedByName() {
    List<Share> shares = new ArrayList<>(Sharing.split(SECRET, 2, 3, new SeededRandom(13)));
    shares.set(0, new Share(1, SecretBytes.take(new byte[31])));

    assertRefused(Rule.SIZE, 1, shares.subList(0, 2), 2, shares);
  }

  @Test
  void combine_anyBitOfAShareFlipped_isRefusedByName() {
    List<Share> shares = Sharing.split(SECRET, 2, 3, new SeededRandom(14));
    for (int bit = 0; bit < 256; bit++) {
      byte[] value = shares.get(1).value().apply(byte[]::clone);
      value[bit / 8] ^= (byte) (1 << bit % 8);
      Share wrong = new Share(2, SecretBytes.take(value));
      assertRefused(Rule.COMMITMENT, 2, List.of(shares.getFirst(), wrong), 2, shares);
    }
  }

  @Test
  void combine_shareUnderAnotherIndex_isRefusedByName() {
    List<Share> shares = Sharing.split(SECRET, 2, 3, new SeededRandom(15));
    Share renamed = new Share(3, shares.get(1).value());

    assertRefused(Rule.COMMITMENT, 3, List.of(shares.getFirst(), renamed), 2, shares);
  }

  @Test
  void combine_sharesOfAnotherContextOrGeneration_areRefused() {
    List<Share> shares = Sharing.split(SECRET, 2, 3, new SeededRandom(16));
    List<Share> others = Sharing.split(SECRET, 2, 3, new SeededRandom(17));

    assertRefused(Rule.COMMITMENT, 1, others.subList(0, 2), 2, shares);
    SharingException e =
        assertThrows(
            SharingException.class,
            () -> Sharing.combine(shares.subList(0, 2), 2, commitments(shares), Bytes.EMPTY));
    assertEquals(Rule.COMMITMENT, e.rule());
  }

  @Test
  void combine_parametersFromAnEditedManifest_areRefused() {
    List<Share> shares = Sharing.split(SECRET, 2, 3, new SeededRandom(18));

    assertRefused(Rule.PARAMETERS, List.of(), 0, shares);
    assertRefused(Rule.PARAMETERS, List.of(), -1, shares);
    assertRefused(Rule.PARAMETERS, shares, 4, shares);
    assertRefused(Rule.PARAMETERS, List.of(), 1, List.of());
  }

  @Test
  void combine_tooManyCommitments_isRefused() {
    List<Share> shares = Sharing.split(SECRET, 1, 255, new SeededRandom(19));
    List<Bytes> commitments = new ArrayList<>(commitments(shares));
    commitments.add(Bytes.zero(32));

    SharingException e =
        assertThrows(
            SharingException.class,
            () -> Sharing.combine(shares.subList(0, 1), 1, commitments, CONTEXT));
    assertEquals(Rule.PARAMETERS, e.rule());
  }

  @Test
  void combine_commitmentOfWrongSize_isRefusedByName() {
    List<Share> shares = Sharing.split(SECRET, 1, 1, new SeededRandom(20));

    SharingException e =
        assertThrows(
            SharingException.class,
            () -> Sharing.combine(shares, 1, List.of(Bytes.EMPTY), CONTEXT));
    assertEquals(OptionalInt.of(1), e.index());
  }

  @Test
  void combine_sharesOfBouncyCastle_givesTheSecret() throws Exception {
    for (int k = 1; k <= 5; k++) {
      List<Share> shares = bouncyCastleShares(k, 5);
      assertCombines(shares.subList(5 - k, 5), k, commitments(shares));
    }
  }

  @Test
  void split_combinedByBouncyCastle_givesTheSecret() throws IOException {
    for (int k = 1; k <= 5; k++) {
      List<Share> shares = Sharing.split(SECRET, k, 255, new SeededRandom(30 + k));
      ShamirSplitSecretShare[] theirs =
          shares.subList(255 - k, 255).stream()
              .map(s -> new ShamirSplitSecretShare(s.value().apply(byte[]::clone), s.index()))
              .toArray(ShamirSplitSecretShare[]::new);
      byte[] combined =
          ShamirSplitSecret.getInstance(ShamirSecretSplitter.Algorithm.AES, theirs).getSecret();
      assertTrue(SecretBytes.take(combined).sameAs(SECRET), "k = " + k);
    }
  }

  @Test
  void gf256_allPairs_multiplyAsPolynomials() {
    for (int a = 0; a < 256; a++) {
      for (int b = 0; b < 256; b++) {
        assertEquals(slowProduct(a, b), Gf256.multiply(a, b));
      }
    }
  }

  @Test
  void gf256_allButZero_haveTheirInverse() {
    for (int a = 1; a < 256; a++) {
      assertEquals(1, Gf256.multiply(a, Gf256.invert(a)));
    }
    assertEquals(0, Gf256.invert(0));
  }

  @Test
  void share_closed_isErased() {
    Share share = Sharing.split(SECRET, 2, 2, new SeededRandom(21)).getFirst();
    share.close();

    assertThrows(InvariantError.class, () -> share.value().copy());
  }

  private static int slowProduct(int a, int b) {
    int product = 0;
    for (int i = 0; i < 8; i++) {
      product ^= (b >> i & 1) == 1 ? a << i : 0;
    }
    for (int i = 14; i >= 8; i--) {
      product ^= (product >> i & 1) == 1 ? 0x11b << (i - 8) : 0;
    }
    return product;
  }

  private static List<Share> bouncyCastleShares(int k, int n) throws IOException {
    ShamirSplitSecretShare[] theirs =
        ShamirSecretSplitter.getInstance(
                ShamirSecretSplitter.Algorithm.AES, 32, new SeededRandom(40 + k))
            .resplit(SECRET.apply(byte[]::clone), k, n)
            .getSecretShares();
    List<Share> shares = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      shares.add(new Share(i + 1, SecretBytes.take(theirs[i].getEncoded())));
    }
    return shares;
  }

  private static void addAll(Set<Integer> seen, byte[] value) {
    for (byte b : value) {
      seen.add(b & 0xff);
    }
  }

  private static List<Share> subset(List<Share> shares, int set) {
    return shares.stream().filter(s -> (set >> (s.index() - 1) & 1) == 1).toList();
  }

  private static List<Bytes> commitments(List<Share> shares) {
    return shares.stream().map(s -> Sharing.commitment(CONTEXT, s)).toList();
  }

  private static void assertCombines(List<Share> shares, int k, List<Bytes> commitments)
      throws SharingException {
    try (SecretBytes combined = Sharing.combine(shares, k, commitments, CONTEXT)) {
      assertTrue(combined.sameAs(SECRET));
    }
  }

  private static void assertRefused(Rule rule, List<Share> shares, int k, List<Share> committed) {
    SharingException e =
        assertThrows(
            SharingException.class,
            () -> Sharing.combine(shares, k, commitments(committed), CONTEXT));
    assertEquals(rule, e.rule());
    assertEquals(OptionalInt.empty(), e.index());
  }

  private static void assertRefused(
      Rule rule, int index, List<Share> shares, int k, List<Share> committed) {
    SharingException e =
        assertThrows(
            SharingException.class,
            () -> Sharing.combine(shares, k, commitments(committed), CONTEXT));
    assertEquals(rule, e.rule());
    assertEquals(OptionalInt.of(index), e.index());
  }
}
