package dev.holdfast.store.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.holdfast.codec.Bytes;
import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SetDigestTest {
  private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(256);

  @Test
  void sum_ofRandomAndExtremeElements_isThatOfIntegers() {
    Random random = new Random(42);
    SetDigest digest = SetDigest.EMPTY;
    BigInteger model = BigInteger.ZERO;
    for (int i = 0; i < 10_000; i++) {
      SetDigest element = element(random);
      if (random.nextBoolean()) {
        digest = digest.plus(element);
        model = model.add(number(element)).mod(MODULUS);
      } else {
        digest = digest.minus(element);
        model = model.subtract(number(element)).mod(MODULUS);
      }
      assertEquals(model, number(digest));
    }
  }

  @Test
  void bytes_readBack_areTheSameDigest() {
    Random random = new Random(1);
    SetDigest element = element(random);
    assertEquals(element, SetDigest.of(element.toBytes()));
    assertEquals(Bytes.zero(32), SetDigest.EMPTY.toBytes());
  }

  @Test
  void digest_asText_showsNothing() {
    SetDigest element = element(new Random(1));
    assertFalse(element.toString().contains(Long.toString(element.a())));
  }

  // Words of all ones and all zeros, so that carries run through.
  private static SetDigest element(Random random) {
    long[] words = new long[4];
    for (int i = 0; i < 4; i++) {
      words[i] = random.nextInt(3) == 0 ? random.nextInt(3) - 1 : random.nextLong();
    }
    return new SetDigest(words[0], words[1], words[2], words[3]);
  }

  private static BigInteger number(SetDigest digest) {
    return new BigInteger(1, digest.toBytes().toArray());
  }
}
