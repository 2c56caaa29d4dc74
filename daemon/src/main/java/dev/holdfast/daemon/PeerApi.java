package dev.holdfast.daemon;

import dev.holdfast.codec.Bytes;
import dev.holdfast.daemon.http.Reply;
import dev.holdfast.daemon.http.Request;
import dev.holdfast.daemon.http.Route;
import dev.holdfast.daemon.runtime.AnswerFilter;
import dev.holdfast.daemon.runtime.EventLoop;
import dev.holdfast.daemon.runtime.Exchanges;
import dev.holdfast.node.model.Answer;
import dev.holdfast.node.model.ExchangeId;
import dev.holdfast.node.model.HttpAnswer;
import dev.holdfast.node.model.NodeSnapshot;
import dev.holdfast.node.model.NodeState;
import dev.holdfast.node.work.Admission;
import dev.holdfast.node.work.Gate;
import dev.holdfast.node.work.Workshop;
import dev.holdfast.protocol.Problem;
import dev.holdfast.protocol.ProblemCode;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// What a node serves on its address: the peer API, health, metrics. The whole table of routes.
final class PeerApi {
  /// Longest wait for the node's decision on one request.
  private static final Duration EXCHANGE_DEADLINE = Duration.ofSeconds(12);

  private final EventLoop loop;
  private final Exchanges exchanges;
  private final Workshop workshop;
  private final AnswerFilter filter;
  private final InstantSource time;
  private final Function<NodeSnapshot, Reading> reading;

  PeerApi(
      EventLoop loop,
      Exchanges exchanges,
      Workshop workshop,
      AnswerFilter filter,
      InstantSource time,
      Function<NodeSnapshot, Reading> reading) {
    this.filter = filter;
    this.reading = reading;
    this.loop = loop;
    this.exchanges = exchanges;
    this.workshop = workshop;
    this.time = time;
  }

  List<Route> routes() {
    List<Route> routes = new ArrayList<>();
    for (dev.holdfast.protocol.Route route : dev.holdfast.protocol.Route.values()) {
      String path = route.hasDigest() ? route.path() + "/{digest}" : route.path();
      routes.add(
          new Route(
              route.method(), path, route.maxBodyBytes(), false, request -> peer(route, request)));
    }
    routes.add(Route.health("/healthz/startup", request -> health(loop.snapshot().isPresent())));
    routes.add(Route.health("/healthz/live", request -> health(loop.isAlive())));
    routes.add(Route.health("/healthz/ready", request -> health(ready())));
    routes.add(Route.health("/metrics", request -> metrics()));
    return routes;
  }

  private Reply peer(dev.holdfast.protocol.Route route, Request request)
      throws InterruptedException {
    Optional<Gate> gate = loop.gate();
    if (gate.isEmpty()) {
      return Reply.problem(ProblemCode.NOT_OPEN);
    }
    ExchangeId exchange = exchanges.next();
    Bytes body = request.body();
    return switch (gate.get().admit(exchange, route, request.parameter(), body, time.instant())) {
      case Admission.Answered answered -> reply(answered.answer());
      case Admission.Refused refused -> {
        loop.offer(refused.input());
        yield reply(refused.answer());
      }
      case Admission.Admitted admitted -> decide(exchange, admitted);
    };
  }

  private Reply decide(ExchangeId exchange, Admission.Admitted admitted)
      throws InterruptedException {
    exchanges.open(exchange);
    if (!loop.offer(admitted.input())) {
      exchanges.drop(exchange);
      return Reply.problem(ProblemCode.BUSY);
    }
    Optional<Answer> answer = exchanges.await(exchange, EXCHANGE_DEADLINE);
    return answer.isPresent()
        ? reply(workshop.render(filter.filter(answer.get())))
        : Reply.problem(ProblemCode.BUSY);
  }

  private static Reply reply(HttpAnswer answer) {
    return new Reply(answer.status(), answer.contentType(), answer.body(), Optional.empty(), false);
  }

  private boolean ready() {
    return loop.snapshot().map(NodeSnapshot::state).filter(PeerApi::serves).isPresent();
  }

  private static boolean serves(NodeState state) {
    return state == NodeState.READY || state == NodeState.DEGRADED;
  }

  private static Reply health(boolean good) {
    return good
        ? Reply.text("text/plain; charset=utf-8", "ok\n")
        : Reply.problem(Problem.of(ProblemCode.NOT_OPEN));
  }

  private Reply metrics() {
    return Reply.text(
        Metrics.CONTENT_TYPE,
        loop.snapshot().map(reading).map(Metrics::text).orElse("# not started\n"));
  }
}
