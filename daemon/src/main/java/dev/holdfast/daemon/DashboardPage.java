package dev.holdfast.daemon;

import dev.holdfast.attestation.CollateralExamination.Facts;
import dev.holdfast.daemon.config.NodeConfiguration;
import dev.holdfast.node.model.Counters;
import dev.holdfast.node.model.MemberImage;
import dev.holdfast.node.model.NodeSnapshot;
import dev.holdfast.node.model.NodeState;
import dev.holdfast.node.model.ProviderStatus;
import dev.holdfast.node.model.Setback;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.ProblemCode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The page that shows people how a node stands. Labels, endpoints and details come from peers and
/// are text of anybody.
final class DashboardPage {
  /// Members shown by name; the rest are counted.
  static final int MEMBERS_SHOWN = 200;

  private static final String NONE = "–";

  private final Html out = new Html();
  private final NodeConfiguration configuration;
  private final Reading reading;
  private final NodeSnapshot snapshot;
  private final Map<AccountId, MemberImage> members;

  private DashboardPage(
      NodeConfiguration configuration, Reading reading, Collection<MemberImage> members) {
    this.configuration = configuration;
    this.reading = reading;
    this.snapshot = reading.snapshot();
    this.members =
        members.stream().collect(Collectors.toMap(MemberImage::account, Function.identity()));
  }

  /// The content of the page's body.
  ///
  /// @param members verified members of the fleet
  static String body(
      NodeConfiguration configuration, Reading reading, Collection<MemberImage> members) {
    DashboardPage page = new DashboardPage(configuration, reading, members);
    page.warnings();
    page.standing();
    page.shares();
    page.evidence();
    page.store();
    page.deeds();
    page.members();
    return page.out.toString();
  }

  /// Every switch of the configuration that makes the node unsafe, and the platform itself.
  private void warnings() {
    List<String> switches =
        configuration.describe().stream()
            .filter(line -> line.startsWith("insecure-") && line.endsWith(" = true"))
            .toList();
    if (!snapshot.self().insecureSimulatedPlatform() && switches.isEmpty()) {
      return;
    }
    out.raw("<section class=\"insecure\" aria-labelledby=\"insecure\">");
    out.element("h2 id=\"insecure\"", "INSECURE: this node protects nothing");
    if (snapshot.self().insecureSimulatedPlatform()) {
      out.element("p", "Its platform is simulated. Use it for trials, and keep no secret in it.");
    }
    switches.forEach(line -> out.element("p", "Configured: " + line));
    out.raw("</section>");
  }

  private void standing() {
    out.raw("<section aria-labelledby=\"standing\">");
    out.element("h2 id=\"standing\"", "State");
    out.raw("<p class=\"state " + severity(snapshot.state()) + "\">");
    out.element("strong", snapshot.state().code());
    out.element("span", "for " + age(snapshot.since()));
    out.raw("</p>");
    out.element("p", sentence(snapshot.sentence()));
    out.element("p", "Next: " + nextStep());
    snapshot.setback().ifPresent(why -> out.element("p", "What holds it up: " + why));
    out.raw("</section>");
  }

  private static String severity(NodeState state) {
    return switch (state) {
      case READY -> "good";
      case STARTING,
          RECOVERING,
          CONNECTED,
          WAITING_ADMISSION,
          BACKING_UP,
          DEGRADED,
          UNCONFIRMED,
          STOPPING ->
          "fair";
      case FENCED, ROLLED_BACK -> "bad";
    };
  }

  private static String sentence(String text) {
    return text.isEmpty()
        ? text
        : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }

  private String nextStep() {
    return switch (snapshot.state()) {
      case STARTING -> "wait, or mend what holds it up.";
      case RECOVERING -> "start the providers below that are down, or look up why one refused.";
      case CONNECTED, WAITING_ADMISSION -> "see that the registry can be written and read.";
      case BACKING_UP ->
          "add members on other machines until all shares are placed. Do not stop this node before:"
              + " its key may be nowhere else.";
      case READY -> "nothing.";
      case DEGRADED -> "repair the providers below that fail, or add a member on another machine.";
      case UNCONFIRMED -> "wait until the lease of an earlier run is over; then start providers.";
      case FENCED -> "stop it, and find out who started the other copy.";
      case ROLLED_BACK -> "put the present disk back, or have the release keys accept this one.";
      case STOPPING -> "wait.";
    };
  }

  private void shares() {
    out.raw("<section aria-labelledby=\"shares\">");
    out.element("h2 id=\"shares\"", "Who holds its shares");
    out.raw("<dl>");
    out.term("Failures tolerated now", tolerated());
    out.term(
        "Shares",
        "%d of %d open the store; %d firm"
            .formatted(snapshot.threshold().k(), snapshot.threshold().n(), reading.firm()));
    out.term("Held here for others", snapshot.held().accounts() + " account(s)");
    if (snapshot.held().leaving()) {
      out.term("Leaving", "others are to take their shares elsewhere");
    }
    out.raw("</dl>");
    List<List<String>> rows = snapshot.providers().stream().map(this::provider).toList();
    if (rows.isEmpty()) {
      out.element("p", "Nobody holds a share yet.");
    } else {
      out.table(
          "Providers of this node's shares",
          List.of(
              "Name",
              "Share",
              "Progress",
              "Zone",
              "Operator",
              "FMSPC",
              "Address",
              "Account",
              "What fails"),
          rows);
    }
    out.raw("</section>");
  }

  private String tolerated() {
    return reading
        .failuresTolerated()
        .map(spare ->
            spare >= 0 ? Long.toString(spare) : "NONE: its key is not backed up, do not stop it")
        .orElse("unknown until its store is open");
  }

  private List<String> provider(ProviderStatus provider) {
    Optional<MemberImage> member = Optional.ofNullable(members.get(provider.account()));
    return List.of(
        provider.name(),
        Integer.toString(provider.index()),
        provider.progress().code(),
        label(member.map(m -> m.labels().zone())),
        label(member.map(m -> m.labels().operator())),
        label(member.map(m -> m.fmspc().toHex())),
        provider.endpoint().toString(),
        provider.account().abbreviated(),
        provider.setback().map(Setback::toString).orElse(NONE));
  }

  private static String label(Optional<String> label) {
    return label.filter(text -> !text.isEmpty()).orElse(NONE);
  }

  private void evidence() {
    out.raw("<section aria-labelledby=\"evidence\">");
    out.element("h2 id=\"evidence\"", "Evidence");
    out.raw("<dl>");
    Optional<Facts> collateral = reading.seen().collateral();
    out.term(
        "TCB info issued",
        collateral.map(facts -> age(facts.tcbInfo().issueDate()) + " ago").orElse("none held"));
    out.term(
        "Collateral ends in",
        collateral.map(facts -> left(facts.validUntil())).orElse("none held"));
    Optional<Observations.OwnEvidence> own = reading.seen().ownEvidence();
    out.term(
        "PCK certificate ends in",
        own.flatMap(Observations.OwnEvidence::pckValidUntil).map(this::left).orElse("not seen"));
    out.term(
        "Own quote",
        own.map(seen -> seen.accepted() ? "accepted" : "REFUSED by its own judgement")
            .orElse("not judged yet"));
    out.term(
        "Registry",
        reading
            .seen()
            .registryUnreadableSince()
            .map(since -> "unreadable for " + age(since))
            .orElse("%d member(s) listed".formatted(snapshot.members())));
    out.raw("</dl>").raw("</section>");
  }

  private void store() {
    out.raw("<section aria-labelledby=\"store\">");
    out.element("h2 id=\"store\"", "Store");
    out.raw("<dl>");
    out.term("Open", snapshot.storeOpen() ? "yes" : "no");
    out.term("Users may", users());
    out.term(
        "Root key",
        snapshot
            .self()
            .drawnAt()
            .map(drawn ->
                "generation %d, %s old".formatted(snapshot.self().generation(), age(drawn)))
            .orElse("none yet"));
    out.term("Run", "instance " + snapshot.self().instance());
    out.term("Witnessed up to version", witnessed());
    out.term("Size", reading.storeBytes().map(DashboardPage::size).orElse(NONE));
    out.term(
        "Opened",
        reading
            .seen()
            .opening()
            .map(it -> "%d ms after the start of the process".formatted(it.afterMillis()))
            .orElse(NONE));
    out.raw("</dl>").raw("</section>");
  }

  private String users() {
    if (!snapshot.users().mayRead()) {
      return "do nothing";
    }
    return snapshot.users().mayWrite() ? "read and write" : "read only";
  }

  private String witnessed() {
    String version = snapshot.witnessed() < 0 ? "none" : Long.toString(snapshot.witnessed());
    return snapshot
        .unwitnessedSince()
        .map(since -> version + ", and a write has been waiting for " + age(since))
        .orElse(version);
  }

  private static String size(long bytes) {
    return bytes < 10_485_760
        ? "%d KiB".formatted(bytes / 1024)
        : "%d MiB".formatted(bytes / 1_048_576);
  }

  private void deeds() {
    Counters counters = snapshot.counters();
    out.raw("<section aria-labelledby=\"deeds\">");
    out.element("h2 id=\"deeds\"", "Since the process started");
    out.raw("<dl>");
    out.term("Shares released", Long.toString(counters.releases()));
    out.term("Releases refused", Long.toString(counters.releasesRefused()));
    out.term("Deposits taken", Long.toString(counters.depositsTaken()));
    out.term("Deposits refused", Long.toString(counters.depositsRefused()));
    out.term("Forked stores seen", Long.toString(counters.forksSeen()));
    out.raw("</dl>");
    List<List<String>> rows = new ArrayList<>();
    refusals("release", counters.releaseRefusals(), rows);
    refusals("deposit", counters.depositRefusals(), rows);
    if (!rows.isEmpty()) {
      out.table("Refusals by reason", List.of("Reason", "Of a", "Count", "Meaning"), rows);
    }
    out.raw("</section>");
  }

  private static void refusals(
      String operation, Map<ProblemCode, Long> byCode, List<List<String>> rows) {
    byCode.forEach((code, count) ->
        rows.add(List.of(code.code(), operation, Long.toString(count), code.title())));
  }

  private void members() {
    out.raw("<section aria-labelledby=\"members\">");
    out.element("h2 id=\"members\"", "Verified members");
    if (members.isEmpty()) {
      out.element("p", "None is known.");
    } else {
      out.table(
          "Members whose record and evidence hold",
          List.of("Name", "Zone", "Operator", "FMSPC", "Image", "Account", "Holds a share"),
          members.values().stream()
              .sorted((a, b) -> a.account().compareTo(b.account()))
              .limit(MEMBERS_SHOWN)
              .map(this::member)
              .toList());
    }
    if (members.size() > MEMBERS_SHOWN) {
      out.element("p", "And %d more.".formatted(members.size() - MEMBERS_SHOWN));
    }
    out.raw("</section>");
  }

  private List<String> member(MemberImage member) {
    boolean self = snapshot.self().account().equals(Optional.of(member.account()));
    boolean holds =
        snapshot.providers().stream().anyMatch(p -> p.account().equals(member.account()));
    return List.of(
        label(Optional.of(member.labels().name())) + (self ? " (this node)" : ""),
        label(Optional.of(member.labels().zone())),
        label(Optional.of(member.labels().operator())),
        member.fmspc().toHex(),
        member.role() + " " + member.imageVersion(),
        member.account().abbreviated(),
        holds ? "yes" : "no");
  }

  private String age(Instant since) {
    return words(Duration.between(since, reading.now()));
  }

  private String left(Instant until) {
    Duration left = Duration.between(reading.now(), until);
    return left.isNegative() ? "it ended " + words(left.negated()) + " ago" : words(left);
  }

  /// The two largest units: `2 d 3 h`.
  private static String words(Duration duration) {
    Duration whole = duration.isNegative() ? Duration.ZERO : duration;
    if (whole.toDays() > 0) {
      return "%d d %d h".formatted(whole.toDays(), whole.toHoursPart());
    }
    if (whole.toHours() > 0) {
      return "%d h %d min".formatted(whole.toHours(), whole.toMinutesPart());
    }
    return whole.toMinutes() > 0
        ? "%d min %d s".formatted(whole.toMinutes(), whole.toSecondsPart())
        : whole.truncatedTo(ChronoUnit.SECONDS).toSeconds() + " s";
  }
}
