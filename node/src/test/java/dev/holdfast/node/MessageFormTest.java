package dev.holdfast.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.codec.Bytes;
import dev.holdfast.node.model.HttpAsk;
import dev.holdfast.node.model.HttpReply;
import dev.holdfast.protocol.Limits;
import dev.holdfast.protocol.ProblemCode;
import dev.holdfast.protocol.Route;
import dev.holdfast.protocol.message.ChallengeRequest;
import dev.holdfast.protocol.message.ProofRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Every route with bytes that are no message of it: a distinct code each, and the node serves on.
final class MessageFormTest {
  private static final List<Route> POSTS =
      List.of(
          Route.CHALLENGE,
          Route.PROVIDER_PROOF,
          Route.DEPOSIT,
          Route.RECOVER,
          Route.CLAIM,
          Route.WITNESS);

  private final Fleet fleet = new Fleet(1);
  private final TestNode node = fleet.node("p");
  private final Actor actor = actor();

  private Actor actor() {
    node.start();
    fleet.runUntil(() -> node.snapshot().storeOpen());
    return Actor.member(fleet, node);
  }

  private String code(Route route, Bytes body) {
    return Actor.code(actor.ask(route, body));
  }

  private void assertServes() {
    assertEquals(
        "ok", code(Route.CHALLENGE, new ChallengeRequest(actor.account, node.account()).toBytes()));
  }

  /// A good message of each route.
  private Bytes good(Route route) {
    return switch (route) {
      case CHALLENGE -> new ChallengeRequest(actor.account, node.account()).toBytes();
      case PROVIDER_PROOF ->
          new ProofRequest(actor.account, node.account(), 1, actor.challenge(), actor.random(32))
              .sign(actor.crypto, actor.key);
      case DEPOSIT -> actor.request(actor.parcel()).toBytes();
      case RECOVER -> actor.recovery(actor.asked(actor.challenge())).toBytes();
      case CLAIM -> actor.claim(1, 'a', false).toBytes();
      case WITNESS -> actor.witness(1, 'a', 1, 1).toBytes();
      case RETIRE -> actor.retire(1, 1, 'a').toBytes();
      case POSSESSION -> actor.possession(1).sign(actor.crypto, actor.key);
      case STATEMENT_FETCH, STATEMENT_PUSH, RECORD, COLLATERAL_FETCH, COLLATERAL_PUSH ->
          Bytes.EMPTY;
    };
  }

  @TestFactory
  List<DynamicTest> message_cutAnywhere_isMalformed() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Route route : POSTS) {
      tests.add(
          DynamicTest.dynamicTest(
              route.path(),
              () -> {
                Bytes good = good(route);
                int step = Math.max(1, good.size() / 50);
                for (int size = 0; size < good.size(); size += step) {
                  assertEquals(
                      ProblemCode.MALFORMED_MESSAGE.code(), code(route, good.slice(0, size)));
                }
                assertServes();
              }));
    }
    return tests;
  }

  @TestFactory
  List<DynamicTest> message_ofAnotherVersionOrType_isRefused() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Route route : POSTS) {
      tests.add(
          DynamicTest.dynamicTest(
              route.path(),
              () -> {
                String good = text(good(route));
                assertEquals(
                    ProblemCode.UNSUPPORTED_VERSION.code(),
                    code(route, bytes(good.replace("\"version\":1", "\"version\":2"))));
                assertEquals(
                    ProblemCode.MALFORMED_MESSAGE.code(),
                    code(
                        route, bytes(good.replaceFirst("\"type\":\"[a-z-]+\"", "\"type\":\"x\""))));
                assertEquals(
                    ProblemCode.MALFORMED_MESSAGE.code(),
                    code(route, bytes(good.replace("\"version\":1", "\"version\":1,\"x\":1"))));
                assertEquals(ProblemCode.MALFORMED_MESSAGE.code(), code(route, bytes(good + "{}")));
              }));
    }
    return tests;
  }

  @TestFactory
  List<DynamicTest> body_atTheLimitAndOnePast_isToldApart() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Route route : POSTS) {
      tests.add(
          DynamicTest.dynamicTest(
              route.path(),
              () -> {
                String good = text(good(route));
                Bytes full = bytes(good + " ".repeat(route.maxBodyBytes() - good.length()));
                assertEquals(route.maxBodyBytes(), full.size());
                String code = code(route, full);
                assertTrue(code.equals("ok") || code.equals("unknown-account"), code);
                Bytes past = bytes(good + " ".repeat(route.maxBodyBytes() - good.length() + 1));
                assertEquals(ProblemCode.BODY_TOO_LARGE.code(), code(route, past));
              }));
    }
    return tests;
  }

  @Test
  void message_forAnotherProvider_isRefused() {
    Bytes body = new ChallengeRequest(actor.account, actor.account).toBytes();
    assertEquals(ProblemCode.WRONG_PROVIDER.code(), code(Route.CHALLENGE, body));
  }

  @Test
  void everyRoute_beforeTheStoreIsOpen_saysSo() {
    TestNode closed = fleet.node("closed");
    closed.disk.manifest = Optional.of(bytes("{}"));
    closed.start();
    fleet.runFor(Duration.ofSeconds(1));
    Bytes body = new ChallengeRequest(actor.account, actor.account).toBytes();
    HttpAsk ask = new HttpAsk(closed.endpoint(), Route.CHALLENGE, Route.CHALLENGE.path(), body);
    List<String> codes = new ArrayList<>();
    closed.receive(ask, reply -> codes.add(Actor.code((HttpReply.Answered) reply)));
    assertEquals(List.of(ProblemCode.NOT_OPEN.code()), codes);
    assertTrue(ProblemCode.NOT_OPEN.retryable());
  }

  @Test
  void record_ofTheNode_isServed() {
    fleet.runFor(Duration.ofSeconds(1));
    Bytes served = actor.ask(Route.RECORD, Bytes.EMPTY).body();
    assertEquals(fleet.registry.get(node.account()), served);
  }

  @Test
  void collateral_pushed_isServedByItsDigest() {
    Bytes json = Fleet.collateral().toJson();
    String digest = "/" + Fleet.collateral().digest().toHex();
    assertEquals(204, actor.ask(Route.COLLATERAL_PUSH, digest, json).status());
    assertEquals(json, actor.ask(Route.COLLATERAL_FETCH, digest, Bytes.EMPTY).body());
  }

  @Test
  void collateral_underAnotherDigestOrMalformed_isRefused() {
    String digest = "/" + Bytes.zero(32).toHex();
    Bytes json = Fleet.collateral().toJson();
    assertEquals(
        ProblemCode.COLLATERAL_MALFORMED.code(),
        Actor.code(actor.ask(Route.COLLATERAL_PUSH, digest, json)));
    assertEquals(
        ProblemCode.COLLATERAL_MALFORMED.code(),
        Actor.code(actor.ask(Route.COLLATERAL_PUSH, digest, bytes("[]"))));
    assertEquals(
        ProblemCode.COLLATERAL_UNKNOWN.code(),
        Actor.code(actor.ask(Route.COLLATERAL_FETCH, digest, Bytes.EMPTY)));
    assertEquals(
        ProblemCode.MALFORMED_MESSAGE.code(),
        Actor.code(actor.ask(Route.COLLATERAL_FETCH, "/zz", Bytes.EMPTY)));
    Bytes past = Bytes.zero(Limits.COLLATERAL_MAX_BYTES + 1);
    assertEquals(
        ProblemCode.BODY_TOO_LARGE.code(),
        Actor.code(actor.ask(Route.COLLATERAL_PUSH, digest, past)));
  }

  private static Bytes bytes(String text) {
    return Bytes.copyOf(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(Bytes bytes) {
    return new String(bytes.toArray(), StandardCharsets.UTF_8);
  }
}
