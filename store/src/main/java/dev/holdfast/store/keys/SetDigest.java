package dev.holdfast.store.keys;

import dev.holdfast.codec.ByteReader;
import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.codec.MalformedException;

/// The sum modulo 2^256 of one 256-bit element per record: a digest of a set to which records are
/// added, and from which they are taken, in any order and in constant time.
///
/// This is MSet-Add-Hash (Clarke, Devadas, van Dijk, Gassend, Suh: "Incremental multiset hash
/// functions", ASIACRYPT 2003) with HMAC-SHA256 as its pseudorandom function. To somebody without
/// the key every element is a fresh uniform number, so a set of records other than the true one has
/// the true sum with probability 2^-256, and each guess costs the opening of a store. That holds
/// only as long as nobody learns elements or sums (from sums come elements, and from enough
/// elements other sets of the same sum, by the generalised birthday of Wagner, far below 2^128): so
/// sums are stored sealed and shown to others only under a MAC. A wider sum (LtHash) would be safe
/// with known elements too, at 2 KiB per state; it is not needed where sums are secret.
///
/// Spec: docs/spec/store.md#set-digest
public record SetDigest(long a, long b, long c, long d) {
  public static final int SIZE = 32;

  /// The digest of no records.
  public static final SetDigest EMPTY = new SetDigest(0, 0, 0, 0);

  /// Reads 32 bytes, big-endian.
  public static SetDigest of(Bytes bytes) {
    InvariantError.check(bytes.size() == SIZE, "a set digest has 32 bytes");
    ByteReader in = ByteReader.of("set digest", bytes);
    try {
      return new SetDigest(in.u64be("a"), in.u64be("b"), in.u64be("c"), in.u64be("d"));
    } catch (MalformedException e) {
      throw new InvariantError("32 bytes hold four words", e);
    }
  }

  public SetDigest plus(SetDigest e) {
    long sumD = d + e.d;
    long sumC = c + e.c;
    long sumB = b + e.b;
    long sumA = a + e.a;
    long carryD = below(sumD, d);
    long carryC = below(sumC, c) + below(sumC + carryD, sumC);
    long carryB = below(sumB, b) + below(sumB + carryC, sumB);
    return new SetDigest(sumA + carryB, sumB + carryC, sumC + carryD, sumD);
  }

  public SetDigest minus(SetDigest e) {
    return plus(new SetDigest(~e.a, ~e.b, ~e.c, ~e.d).plus(new SetDigest(0, 0, 0, 1)));
  }

  public Bytes toBytes() {
    return new ByteWriter().u64be(a).u64be(b).u64be(c).u64be(d).toBytes();
  }

  /// A secret sum has no string form.
  @Override
  public String toString() {
    return "SetDigest";
  }

  private static long below(long x, long y) {
    return Long.compareUnsigned(x, y) < 0 ? 1 : 0;
  }
}
