package dev.holdfast.sim.campaign.durability;

import dev.holdfast.codec.Bytes;
import dev.holdfast.node.context.Surroundings;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/// Members, who holds whose shares, and which shares are gone.
final class Fleet {
  /// Among so many members, drawn at random, the best is chosen as provider.
  private static final int CANDIDATES = 256;

  private final Scheme scheme;
  private final SplittableRandom random;
  private final Surroundings[] surroundings;
  private final int[][] holders;
  private final boolean[][] gone;
  private final List<List<Integer>> held;

  Fleet(Assumptions assumed, Scheme scheme, SplittableRandom random) {
    this.scheme = scheme;
    this.random = random;
    int members = assumed.members();
    this.surroundings = new Surroundings[members];
    this.holders = new int[members][scheme.shares()];
    this.gone = new boolean[members][scheme.shares()];
    this.held = new ArrayList<>(members);
    List<String> operators = names("operator", assumed.operators());
    List<String> zones = names("zone", assumed.zones());
    List<Bytes> kinds =
        names("kind", assumed.kinds()).stream()
            .map(kind -> Bytes.copyOf(kind.getBytes(StandardCharsets.UTF_8)))
            .toList();
    for (int member = 0; member < members; member++) {
      held.add(new ArrayList<>());
      surroundings[member] = new Surroundings(draw(operators), draw(zones), draw(kinds));
    }
    IntStream.range(0, members).forEach(this::place);
  }

  int size() {
    return holders.length;
  }

  /// Those that `cause` hits, in one place that it draws.
  IntPredicate hit(Cause cause) {
    Surroundings place = surroundings[random.nextInt(size())];
    return switch (cause) {
      case RESTART, DESTROYED -> {
        int one = random.nextInt(size());
        yield member -> member == one;
      }
      case ZONE_POWER, ZONE_LOST -> member -> surroundings[member].zone().equals(place.zone());
      case ROLLOUT, OPERATOR_GONE ->
          member -> surroundings[member].operator().equals(place.operator());
      case REVOKED -> member -> surroundings[member].kind().equals(place.kind());
      case BLACKOUT -> member -> true;
    };
  }

  /// A new account of this member: all its shares at providers chosen anew.
  void place(int member) {
    Arrays.fill(gone[member], true);
    repair(member);
  }

  /// New providers in the place of those that are gone.
  void repair(int member) {
    for (int slot = 0; slot < scheme.shares(); slot++) {
      if (gone[member][slot]) {
        int holder = choose(member);
        holders[member][slot] = holder;
        gone[member][slot] = false;
        held.get(holder).add(member);
      }
    }
  }

  /// The shares that `member` holds are gone; those whose they were.
  List<Integer> forget(int member) {
    List<Integer> owners = List.copyOf(held.get(member));
    held.get(member).clear();
    List<Integer> hurt = new ArrayList<>();
    for (int owner : owners) {
      for (int slot = 0; slot < scheme.shares(); slot++) {
        if (holders[owner][slot] == member && !gone[owner][slot]) {
          gone[owner][slot] = true;
          hurt.add(owner);
        }
      }
    }
    return hurt;
  }

  /// How many providers of `member` still have their share and are among `open`.
  int shares(int member, IntPredicate open) {
    int count = 0;
    for (int slot = 0; slot < scheme.shares(); slot++) {
      count += !gone[member][slot] && open.test(holders[member][slot]) ? 1 : 0;
    }
    return count;
  }

  private int choose(int member) {
    List<Surroundings> chosen = new ArrayList<>();
    List<Integer> taken = new ArrayList<>(List.of(member));
    for (int slot = 0; slot < scheme.shares(); slot++) {
      if (!gone[member][slot]) {
        chosen.add(surroundings[holders[member][slot]]);
        taken.add(holders[member][slot]);
      }
    }
    int best = -1;
    int least = Integer.MAX_VALUE;
    int looked = 0;
    while (best < 0 || (looked < CANDIDATES && least > 0)) {
      int candidate = random.nextInt(size());
      looked++;
      if (!taken.contains(candidate)) {
        int likeness =
            scheme.rule() == Scheme.Rule.ANY ? 0 : surroundings[candidate].likeness(chosen);
        best = likeness < least ? candidate : best;
        least = Math.min(least, likeness);
      }
    }
    return best;
  }

  private static List<String> names(String what, int count) {
    return IntStream.rangeClosed(1, count).mapToObj(i -> what + i).toList();
  }

  /// The i-th with a chance in proportion to 1 / i.
  private <T> T draw(List<T> choices) {
    double total = IntStream.rangeClosed(1, choices.size()).mapToDouble(i -> 1.0 / i).sum();
    double left = random.nextDouble() * total;
    for (int i = 0; i < choices.size() - 1; i++) {
      left -= 1.0 / (i + 1);
      if (left < 0) {
        return choices.get(i);
      }
    }
    return choices.getLast();
  }
}
