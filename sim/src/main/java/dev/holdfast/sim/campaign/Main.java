package dev.holdfast.sim.campaign;

import dev.holdfast.sim.Simulation;

public final class Main {
  public static void main(String[] a) {
    long from = Long.parseLong(a[0]);
    int n = Integer.parseInt(a[1]);
    int lines = a.length > 2 ? Integer.parseInt(a[2]) : 0;
    long t = System.nanoTime();
    int failed = 0;
    for (long s = from; s < from + n; s++) {
      var o = Simulation.run(s, lines);
      if (o.failure().isPresent()) { failed++; o.tail().forEach(System.err::println); System.err.println("seed " + s + " " + o.failure().get()); }
      if (s % 20 == 0) System.err.println(s + " " + o.faults() + " " + o.recoveries() + " " + o.simulated() + " " + (System.nanoTime() - t) / 1000000);
    }
    System.err.println("failed " + failed + " of " + n + " ms " + (System.nanoTime() - t) / 1000000);
  }
}
