package dev.holdfast.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.attestation.UnverifiedQuote;
import dev.holdfast.attestation.quote.TdReport;
import dev.holdfast.codec.Bytes;
import dev.holdfast.crypto.Crypto;
import dev.holdfast.crypto.SigningKey;
import dev.holdfast.daemon.config.ConfigurationReader;
import dev.holdfast.daemon.config.NodeConfiguration;
import dev.holdfast.node.model.Counters;
import dev.holdfast.node.model.MemberImage;
import dev.holdfast.node.model.NodeSnapshot;
import dev.holdfast.node.model.NodeState;
import dev.holdfast.node.model.ProviderStatus;
import dev.holdfast.node.model.ProviderStatus.Progress;
import dev.holdfast.node.model.Setback;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.Endpoint;
import dev.holdfast.protocol.MemberLabels;
import dev.holdfast.protocol.ProblemCode;
import dev.holdfast.protocol.Threshold;
import dev.holdfast.simulator.DevelopmentVendor;
import dev.holdfast.simulator.PlatformRecipe;
import dev.holdfast.simulator.TdRecipe;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What the page says, whoever wrote the words in it.
final class DashboardPageTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final String SCRIPT = "<script>alert(1)</script>";

  private final SecureRandom random = new SecureRandom();
  private final Crypto crypto = Crypto.preferred(random);
  private boolean simulated;
  private NodeState state = NodeState.READY;
  private String sentence = "its key is backed up";
  private List<ProviderStatus> providers = List.of();
  private Counters counters = Counters.ZERO;

  private String page(List<MemberImage> members) throws Exception {
    NodeSnapshot snapshot =
        new NodeSnapshot(
            state,
            NOW.minusSeconds(90),
            sentence,
            Optional.empty(),
            new NodeSnapshot.Self(
                Optional.empty(),
                Optional.empty(),
                3,
                Optional.of(NOW.minus(Duration.ofHours(49))),
                7,
                Bytes.zero(32),
                simulated),
            Threshold.DEFAULT,
            true,
            new NodeSnapshot.Users(true, true),
            12,
            Optional.empty(),
            Optional.empty(),
            providers,
            Optional.empty(),
            Optional.empty(),
            4,
            new NodeSnapshot.Held(2, false),
            counters);
    Observations.Seen seen =
        new Observations.Seen(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    Reading reading = new Reading(snapshot, seen, Optional.of(1L << 20), NOW);
    return DashboardPage.body(configuration(), reading, members);
  }

  private NodeConfiguration configuration() throws Exception {
    Map<String, String> hardware =
        Map.of(
            "HOLDFAST_DATA_DIR", "/data",
            "HOLDFAST_COLLATERAL_FILE", "/c.json",
            "HOLDFAST_REGISTRY_FOLDER", "/members");
    Map<String, String> development =
        Map.of(
            "HOLDFAST_DATA_DIR", "/data",
            "HOLDFAST_COLLATERAL_FILE", "/c.json",
            "HOLDFAST_REGISTRY_FOLDER", "/members",
            "HOLDFAST_EVIDENCE", "simulated",
            "HOLDFAST_INSECURE_SIMULATED_PLATFORM", "true",
            "HOLDFAST_SIMULATED_VENDOR_FILE", "/v.json");
    return ConfigurationReader.read(Optional.empty(), simulated ? development : hardware);
  }

  private AccountId account() {
    try (SigningKey key = crypto.generateSigningKey()) {
      return new AccountId(key.publicKey());
    }
  }

  private ProviderStatus provider(String name, Progress progress, Optional<Setback> setback) {
    return new ProviderStatus(
        account(), name, new Endpoint("10.0.0.8", 7400), 1, progress, setback);
  }

  private MemberImage member(AccountId account, String name) throws Exception {
    DevelopmentVendor vendor = DevelopmentVendor.generate(random, NOW);
    Bytes quote =
        vendor.platform(PlatformRecipe.of("x")).quote(TdRecipe.ofImage("x"), Bytes.zero(64));
    TdReport report = (TdReport) UnverifiedQuote.parse(quote).report();
    return new MemberImage(
        account,
        new MemberLabels(name, "operator-1", "rack-2"),
        "holdfast",
        "0.1.0",
        report,
        PlatformRecipe.DEFAULT_FMSPC);
  }

  @Test
  void page_providerNamedAsAScript_showsItAsText() throws Exception {
    providers = List.of(provider(SCRIPT, Progress.FIRM, Optional.empty()));
    String page = page(List.of());
    assertFalse(page.contains("<script"), page);
    assertTrue(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), page);
  }

  @Test
  void page_scriptInWhatAPeerSaid_isText() throws Exception {
    Setback said = Setback.of(ProblemCode.EVIDENCE_REFUSED, "\"><img src=x onerror=alert(1)>");
    providers = List.of(provider("node-b", Progress.FAILED, Optional.of(said)));
    sentence = "recovering; node-b refused: " + said;
    String page = page(List.of());
    assertFalse(page.contains("<img"), page);
    assertTrue(page.contains("&quot;&gt;&lt;img src=x"), page);
  }

  @Test
  void escape_controlAndDirectionCharacters_areReplaced() {
    assertEquals("a\uFFFDb\uFFFDc\uFFFD", Html.escape("a\u0000b\u202Ec\u2028"));
    assertEquals("&amp;&lt;&gt;&quot;&#39; é–", Html.escape("&<>\"' é–"));
  }

  @Test
  void page_onHardware_warnsOfNothing() throws Exception {
    assertFalse(page(List.of()).contains("INSECURE"));
  }

  @Test
  void page_onASimulatedPlatform_saysSoFirst() throws Exception {
    simulated = true;
    String page = page(List.of());
    assertTrue(page.startsWith("<section class=\"insecure\""), page);
    assertTrue(page.contains("INSECURE: this node protects nothing"), page);
    assertTrue(page.contains("insecure-simulated-platform = true"), page);
  }

  @Test
  void page_withProviders_saysWhoTheyAreAndHowManyMayFail() throws Exception {
    ProviderStatus known = provider("node-b", Progress.FIRM, Optional.empty());
    ProviderStatus other = provider("node-c", Progress.FIRM, Optional.empty());
    ProviderStatus third = provider("node-d", Progress.LEAVING, Optional.empty());
    providers = List.of(known, other, third);
    String page = page(List.of(member(known.account(), "node-b")));
    for (String part :
        List.of(
            "<dt>Failures tolerated now</dt>\n<dd>1</dd>",
            "<td>rack-2</td>",
            "<td>operator-1</td>",
            "<td>" + PlatformRecipe.DEFAULT_FMSPC.toHex() + "</td>",
            "<td>leaving</td>",
            "generation 3, 2 d 1 h old",
            "<dd>1024 KiB</dd>")) {
      assertTrue(page.contains(part), part + " in " + page);
    }
  }

  @Test
  void page_keyNotBackedUp_warnsOfStopping() throws Exception {
    providers = List.of(provider("node-b", Progress.FIRM, Optional.empty()));
    state = NodeState.BACKING_UP;
    assertTrue(page(List.of()).contains("NONE: its key is not backed up"));
  }

  @Test
  void page_refusals_areListedByReason() throws Exception {
    counters =
        new Counters(5, 3, 0, 0, 0, 0, 0, 0, Map.of(ProblemCode.EVIDENCE_REFUSED, 3L), Map.of());
    String page = page(List.of());
    assertTrue(page.contains("<th scope=\"row\">evidence-refused</th>\n<td>release</td>"), page);
  }

  @Test
  void page_membersAtAndPastTheLimit_areShownAndCounted() throws Exception {
    MemberImage one = member(account(), "node-a");
    List<MemberImage> members = new ArrayList<>();
    for (int i = 0; i < DashboardPage.MEMBERS_SHOWN; i++) {
      members.add(
          new MemberImage(account(), one.labels(), "holdfast", "0.1.0", one.report(), one.fmspc()));
    }
    assertFalse(page(members).contains("more."));
    members.add(one);
    assertTrue(page(members).contains("<p>And 1 more.</p>"));
  }
}
