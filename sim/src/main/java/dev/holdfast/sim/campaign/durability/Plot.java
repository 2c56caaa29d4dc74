package dev.holdfast.sim.campaign.durability;

import java.util.List;
import java.util.Locale;

/// The losses as bars on a logarithmic scale, as SVG. A hollow bar is a bound: nothing was lost.
final class Plot {
  private static final int LEFT = 150;
  private static final int WIDTH = 560;
  private static final int ROW = 22;
  private static final int TOP = 50;
  private static final int LOWEST_EXPONENT = -8;

  private Plot() {}

  static String of(List<Losses> all, int members) {
    StringBuilder svg = new StringBuilder(4096);
    int height = TOP + all.size() * ROW + 50;
    svg.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg"
          viewBox="0 0 %d %d"
          font-family="sans-serif" font-size="12">
        <title>Chance of one key to be lost in a year, fleet of %d members</title>
        <rect width="100%%" height="100%%" fill="white"/>
        <text x="%d" y="20" font-size="14">Chance of one key to be lost in a year,
          fleet of %d members</text>
        """
            .formatted(LEFT + WIDTH + 90, height, members, LEFT, members));
    for (int exponent = LOWEST_EXPONENT; exponent <= 0; exponent++) {
      long x = Math.round(x(Math.pow(10, exponent)));
      svg.append(
          """
          <line x1="%d" y1="%d" x2="%d" y2="%d" stroke="#ccc"/>
          <text x="%d" y="%d" text-anchor="middle">10<tspan dy="-4" font-size="9">%d</tspan></text>
          """
              .formatted(x, TOP - 8, x, height - 42, x, height - 26, exponent));
    }
    for (int row = 0; row < all.size(); row++) {
      bar(svg, all.get(row), TOP + row * ROW);
    }
    return svg.append("</svg>\n").toString();
  }

  private static void bar(StringBuilder svg, Losses losses, int y) {
    boolean seen = losses.perKey() > 0;
    double value = seen ? losses.perKey() : losses.bound();
    String color = losses.scheme().rule() == Scheme.Rule.SPREAD ? "#1b6ca8" : "#c8553d";
    svg.append(
        """
        <text x="%d" y="%d" text-anchor="end">%s, %s</text>
        <rect x="%d" y="%d" width="%d" height="14" fill="%s" stroke="%s"/>
        <text x="%d" y="%d">%s%s</text>
        """
            .formatted(
                LEFT - 8,
                y + 12,
                losses.scheme().name(),
                losses.scheme().rule().code(),
                LEFT,
                y,
                Math.round(x(value)) - LEFT,
                seen ? color : "none",
                color,
                Math.round(x(value)) + 6,
                y + 12,
                seen ? "" : "&lt; ",
                String.format(Locale.ROOT, "%.1e", value)));
  }

  private static double x(double chance) {
    double part = 1 - Math.log10(Math.max(chance, Math.pow(10, LOWEST_EXPONENT))) / LOWEST_EXPONENT;
    return LEFT + part * WIDTH;
  }
}
