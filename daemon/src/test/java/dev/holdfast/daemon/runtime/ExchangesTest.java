package dev.holdfast.daemon.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.holdfast.node.model.Answer;
import dev.holdfast.node.model.ExchangeId;
import dev.holdfast.protocol.Problem;
import dev.holdfast.protocol.ProblemCode;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ExchangesTest {
  private static final Answer ANSWER = new Answer.Refused(Problem.of(ProblemCode.BUSY));

  private final Exchanges exchanges = new Exchanges();

  @Test
  void numbers_givenTwice_differ() {
    assertNotEquals(exchanges.next(), exchanges.next());
  }

  @Test
  void answer_beforeOrDuringTheWait_arrives() throws Exception {
    ExchangeId early = exchanges.next();
    exchanges.open(early);
    exchanges.complete(early, ANSWER);
    assertEquals(Optional.of(ANSWER), exchanges.await(early, Duration.ofSeconds(10)));

    ExchangeId late = exchanges.next();
    exchanges.open(late);
    Thread.ofVirtual().start(() -> exchanges.complete(late, ANSWER));
    assertEquals(Optional.of(ANSWER), exchanges.await(late, Duration.ofSeconds(10)));
  }

  @Test
  void wait_pastItsEnd_givesNothingAndEndsTheExchange() throws Exception {
    ExchangeId exchange = exchanges.next();
    exchanges.open(exchange);
    assertEquals(Optional.empty(), exchanges.await(exchange, Duration.ofMillis(1)));
    exchanges.complete(exchange, ANSWER);
    assertEquals(Optional.empty(), exchanges.await(exchange, Duration.ofMillis(1)));
  }

  @Test
  void dropped_exchange_takesNoAnswer() throws Exception {
    ExchangeId exchange = exchanges.next();
    exchanges.open(exchange);
    exchanges.drop(exchange);
    exchanges.complete(exchange, ANSWER);
    assertEquals(Optional.empty(), exchanges.await(exchange, Duration.ofMillis(1)));
  }
}
