package dev.holdfast.node.work;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import dev.holdfast.protocol.Limits;
import org.junit.jupiter.api.Test;

final class EvaluationNumbersLimitTest {
  private final EvaluationNumbers numbers = new EvaluationNumbers();

  private static Bytes kind(int number) {
    return new ByteWriter().u16be(0).u32be(number).toBytes();
  }

  @Test
  void kinds_atTheLimitAndOnePastIt_areNeverForgotten() {
    for (int i = 0; i <= Limits.PLATFORM_KINDS; i++) {
      numbers.learn(kind(i), 18);
    }
    assertEquals(18, numbers.known(kind(0)));
    assertEquals(18, numbers.known(kind(Limits.PLATFORM_KINDS - 1)));
    assertEquals(0, numbers.known(kind(Limits.PLATFORM_KINDS)));
    numbers.learn(kind(0), 19);
    assertEquals(19, numbers.known(kind(0)));
  }

  @Test
  void lowerNumber_afterAHigher_changesNothing() {
    numbers.learn(kind(1), 19);
    numbers.learn(kind(1), 18);
    assertEquals(19, numbers.known(kind(1)));
  }
}
