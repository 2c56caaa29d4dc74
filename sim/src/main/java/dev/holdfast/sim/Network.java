package dev.holdfast.sim;

import dev.holdfast.codec.Bytes;
import dev.holdfast.node.model.HttpAsk;
import dev.holdfast.node.model.HttpReply;
import dev.holdfast.protocol.Problem;
import dev.holdfast.protocol.ProblemCode;
import dev.holdfast.protocol.Route;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Carries requests and replies: late, twice, out of order, or not at all; and what peers that are
/// not honest make of a reply.
final class Network {
  private static final int REMEMBERED = 400;

  private final World world;
  private final Map<Link, Instant> cut = new HashMap<>();
  private final List<HttpAsk> seen = new ArrayList<>();
  private final Map<Route, List<HttpReply>> answers = new EnumMap<>(Route.class);
  private int packets;

  private record Link(int from, int to) {}

  /// Takes the first reply that comes.
  private static final class Waiting {
    private Optional<Consumer<HttpReply>> back;

    private Waiting(Consumer<HttpReply> back) {
      this.back = Optional.of(back);
    }

    private void reply(HttpReply reply) {
      Optional<Consumer<HttpReply>> waiting = back;
      back = Optional.empty();
      waiting.ifPresent(consumer -> consumer.accept(reply));
    }
  }

  Network(World world) {
    this.world = world;
  }

  void cut(Machine from, Machine to, Duration time) {
    cut.put(new Link(from.number, to.number), world.agenda.now().plus(time));
  }

  void heal() {
    cut.clear();
  }

  private boolean isCut(Machine from, Machine to) {
    Instant until = cut.get(new Link(from.number, to.number));
    return until != null && world.agenda.now().isBefore(until);
  }

  void carry(Machine from, HttpAsk ask, Duration deadline, Consumer<HttpReply> back) {
    remember(ask);
    Waiting waiting = new Waiting(back);
    Optional<Machine> target = world.at(ask.endpoint());
    if (target.isEmpty()) {
      world.agenda.after(
          delay(), () -> waiting.reply(new HttpReply.Unreachable("nobody listens there")));
      return;
    }
    world.agenda.after(deadline, () -> waiting.reply(new HttpReply.Silent()));
    int copies = world.chance.with(world.rates().duplicate()) ? 2 : 1;
    for (int i = 0; i < copies; i++) {
      if (!world.chance.with(world.rates().loss())) {
        world.agenda.after(delay(), () -> arrive(from, target.get(), ask, waiting));
      }
    }
  }

  private void arrive(Machine from, Machine to, HttpAsk ask, Waiting waiting) {
    if (isCut(from, to)) {
      return;
    }
    if (to.run().isEmpty()) {
      back(to, from, new HttpReply.Unreachable("connection refused"), waiting);
    } else if (!to.suffers(Fault.SILENT)) {
      to.run().get().receive(ask, reply -> back(to, from, disguise(to, ask, reply), waiting));
    }
  }

  private void back(Machine from, Machine to, HttpReply reply, Waiting waiting) {
    if (!isCut(from, to) && !world.chance.with(world.rates().loss())) {
      Duration more = from.suffers(Fault.SLOW) ? world.chance.millis(500, 20_000) : Duration.ZERO;
      world.agenda.after(delay().plus(more), () -> waiting.reply(reply));
    }
  }

  /// What a peer sends in place of its process's answer.
  private HttpReply disguise(Machine peer, HttpAsk ask, HttpReply honest) {
    List<HttpReply> before = answers.computeIfAbsent(ask.route(), _ -> new ArrayList<>());
    if (before.size() < REMEMBERED) {
      before.add(honest);
    }
    if (peer.suffers(Fault.GARBLED)) {
      return new HttpReply.Answered(200, world.chance.bytes(world.chance.below(300)));
    }
    if (peer.suffers(Fault.REFUSING)) {
      Problem problem =
          Problem.of(world.chance.of(List.of(ProblemCode.BUSY, ProblemCode.UNKNOWN_ACCOUNT)));
      return new HttpReply.Answered(problem.code().status(), problem.toBytes());
    }
    return peer.suffers(Fault.STALE) ? world.chance.of(before) : honest;
  }

  private void remember(HttpAsk ask) {
    if (seen.size() < REMEMBERED) {
      seen.add(ask);
    } else {
      seen.set(packets % REMEMBERED, ask);
    }
    packets++;
  }

  /// Sends a packet again that somebody sent before, mostly to the same peer.
  void replay() {
    if (seen.isEmpty()) {
      return;
    }
    int back = world.chance.below(world.chance.with(0.5) ? Math.min(seen.size(), 20) : seen.size());
    HttpAsk ask = seen.get((packets - 1 - back) % REMEMBERED);
    Optional<Machine> same = world.at(ask.endpoint());
    Machine to =
        same.isPresent() && world.chance.with(0.8) ? same.get() : world.chance.of(world.machines);
    to.run().ifPresent(run -> run.receive(ask, _ -> {}));
  }

  /// Asks of somebody who is no member, on a line that never fails.
  void knock(Machine to, Route route, String suffix, Bytes body, Consumer<HttpReply> back) {
    HttpAsk ask = new HttpAsk(to.endpoint, route, route.path() + suffix, body);
    world.agenda.after(delay(), () -> to.run().ifPresent(run -> run.receive(ask, back)));
  }

  private Duration delay() {
    return world.chance.with(world.rates().slow())
        ? world.chance.millis(100, 8_000)
        : world.chance.millis(1, 5);
  }
}
