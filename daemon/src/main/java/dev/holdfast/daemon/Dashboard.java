package dev.holdfast.daemon;

import dev.holdfast.codec.Bytes;
import dev.holdfast.daemon.config.NodeConfiguration;
import dev.holdfast.daemon.http.Reply;
import dev.holdfast.daemon.http.Route;
import dev.holdfast.daemon.runtime.EventLoop;
import dev.holdfast.node.model.MemberImage;
import dev.holdfast.node.model.NodeSnapshot;
import dev.holdfast.node.work.Gate;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// The page for people, as it is served: read-only, without scripts, and with headers under which a
/// browser loads nothing, sends nothing and shows it in no frame.
///
/// Spec: docs/operating/dashboard.md
final class Dashboard {
  /// How a page goes on.
  private enum Mode {
    STILL,
    /// The browser loads it again and again: only for who asked for it, since it interrupts
    /// readers.
    LIVE,
    /// There is no other page beside it.
    ALONE
  }

  private static final int RELOAD_SECONDS = 10;

  private static final String STYLE =
      """
      :root{color-scheme:light dark;--text:#1b1b1f;--dim:#55565c;--back:#fcfcfd;--line:#c9cad1;
      --good:#0b6b33;--fair:#8a4b00;--bad:#b3001b;--link:#0b57a4}
      @media(prefers-color-scheme:dark){:root{--text:#e9e9ee;--dim:#b0b1b9;--back:#17181c;
      --line:#45464e;--good:#6fdc9a;--fair:#ffc069;--bad:#ff8f98;--link:#8fc1ff}}
      body{font:1rem/1.5 system-ui,sans-serif;color:var(--text);background:var(--back);
      max-width:72rem;margin:0 auto;padding:1rem}
      h1{font-size:1.5rem;margin:0}h2{font-size:1.15rem;margin:1.5rem 0 .5rem}
      a{color:var(--link)}a:focus,.wide:focus{outline:3px solid var(--link);outline-offset:2px}
      .skip{position:absolute;left:-99rem}.skip:focus{position:static}
      .insecure{border:3px solid var(--bad);padding:.25rem 1rem;margin:1rem 0}
      .insecure h2{color:var(--bad);margin:.5rem 0}
      .state strong{font-size:1.3rem;margin-right:.75rem}
      .good strong{color:var(--good)}.fair strong{color:var(--fair)}.bad strong{color:var(--bad)}
      dl{display:grid;grid-template-columns:minmax(10rem,max-content) 1fr;gap:.2rem 1.5rem}
      dt{color:var(--dim)}dd{margin:0;overflow-wrap:anywhere}
      .wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.95rem}
      caption{text-align:left;color:var(--dim);padding:.25rem 0}
      th,td{text-align:left;vertical-align:top;padding:.3rem .75rem .3rem 0;
      border-bottom:1px solid var(--line)}
      tbody th{font-weight:600}
      footer{color:var(--dim);margin-top:2rem;font-size:.9rem}
      """;

  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; form-action 'none';"
                  .formatted(sha256(STYLE))
              + " frame-ancestors 'none'",
          "X-Content-Type-Options",
          "nosniff",
          "Referrer-Policy",
          "no-referrer",
          "Cross-Origin-Resource-Policy",
          "same-origin");

  private final NodeConfiguration configuration;
  private final EventLoop loop;
  private final Function<NodeSnapshot, Reading> reading;

  Dashboard(
      NodeConfiguration configuration, EventLoop loop, Function<NodeSnapshot, Reading> reading) {
    this.configuration = configuration;
    this.loop = loop;
    this.reading = reading;
  }

  private static String sha256(String text) {
    return Base64.getEncoder().encodeToString(Bytes.utf8(text).sha256().toArray());
  }

  /// The routes of the loopback address.
  List<Route> routes() {
    return List.of(
        Route.get("/", request -> page(Mode.STILL)),
        Route.get("/live", request -> page(Mode.LIVE)));
  }

  /// The route of the local socket.
  List<Route> localRoutes() {
    return List.of(Route.get("/v1/dashboard", request -> page(Mode.ALONE)));
  }

  private Reply page(Mode mode) {
    Optional<NodeSnapshot> snapshot = loop.snapshot();
    Collection<MemberImage> members = loop.gate().map(Gate::members).orElse(List.of());
    String name = configuration.labels().name();
    Html out = new Html().raw("<!DOCTYPE html>").raw("<html lang=\"en\">").raw("<head>");
    out.raw("<meta charset=\"utf-8\">");
    out.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
    if (mode == Mode.LIVE) {
      out.raw("<meta http-equiv=\"refresh\" content=\"" + RELOAD_SECONDS + "\">");
    }
    String state = snapshot.map(s -> s.state().code()).orElse("starting");
    out.element("title", "%s: %s – Holdfast".formatted(name, state));
    out.raw("<style>" + STYLE + "</style>").raw("</head>").raw("<body>");
    out.raw("<a class=\"skip\" href=\"#main\">Skip to the content</a>");
    out.raw("<header>").element("h1", name);
    out.element("p", configuration.advertise().toString());
    out.raw("</header>").raw("<main id=\"main\">");
    snapshot
        .map(reading)
        .ifPresentOrElse(
            now -> {
              out.raw(DashboardPage.body(configuration, now, members));
              footer(out, now, mode);
            },
            () -> out.element("p", "The node is starting.").raw("</main>"));
    return html(out.raw("</body>").raw("</html>").toString());
  }

  private static void footer(Html out, Reading now, Mode mode) {
    out.raw("</main>").raw("<footer>");
    out.element(
        "p",
        "Holdfast %s, as of %s by the clock of this node."
            .formatted(Daemon.VERSION, now.now().truncatedTo(ChronoUnit.SECONDS)));
    switch (mode) {
      case STILL -> out.raw("<p><a href=\"/live\">Load this page every 10 seconds</a></p>");
      case LIVE -> out.raw("<p><a href=\"/\">Stop loading this page every 10 seconds</a></p>");
      case ALONE -> {}
    }
    out.raw("</footer>");
  }

  private static Reply html(String page) {
    return new Reply(
        200,
        "text/html; charset=utf-8",
        Bytes.copyOf(page.getBytes(StandardCharsets.UTF_8)),
        Optional.empty(),
        false,
        HEADERS);
  }
}
