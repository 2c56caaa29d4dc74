package dev.holdfast.platform.collateral;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.attestation.Verdict;
import dev.holdfast.attestation.policy.AttestationPolicy;
import dev.holdfast.attestation.policy.Measurement;
import dev.holdfast.codec.Bytes;
import dev.holdfast.platform.CollateralSource.Kind;
import dev.holdfast.platform.CollateralSource.View;
import dev.holdfast.platform.EvidenceSource;
import dev.holdfast.platform.Ticker;
import dev.holdfast.platform.collateral.MockPccs.Answer;
import dev.holdfast.simulator.QuoteRecipe;
import dev.holdfast.simulator.quote.QuoteFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ServiceCollateralTest {
  private static final String PCK_CERT = "/sgx/certification/v4/pckcert";

  @TempDir private Path folder;
  private MockPccs pccs;
  private CollateralService service;
  private final Clock ticker = new Clock();
  private Machine machine = new Machine(5);

  @BeforeEach
  void startServer() throws IOException {
    pccs = MockPccs.start();
    pccs.serve(Vendor.KEY, Vendor.collateral(Vendor.NOW));
    service =
        new CollateralService(
            pccs.url(),
            new CollateralService.Options(
                Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(60)),
            () -> Vendor.NOW,
            Vendor.realTicker());
  }

  @AfterEach
  void stopServer() {
    service.close();
    pccs.close();
  }

  /// A machine whose quotes have certification data of one type.
  private static final class Machine implements EvidenceSource {
    private final int type;
    private int quotes;
    private boolean silent;

    Machine(int type) {
      this.type = type;
    }

    @Override
    public Bytes quote(Bytes reportData) throws IOException {
      quotes++;
      if (silent) {
        throw new IOException("host-silent: no quote");
      }
      return Vendor.PLATFORM.quote(
          Vendor.IMAGE, reportData, QuoteRecipe.of(QuoteFormat.TDX_V4).withCertificationType(type));
    }

    @Override
    public Measurement measurement() {
      throw new AssertionError("nobody asks");
    }
  }

  private static final class Clock implements Ticker {
    private Duration now = Duration.ofDays(1);

    @Override
    public Duration elapsed() {
      return now;
    }

    @Override
    public void sleep(Duration time) {
      now = now.plus(time);
    }
  }

  private ServiceCollateral source() {
    CollateralCache cache =
        new CollateralCache(
            folder,
            service,
            Vendor.VERIFIER,
            CollateralCache.Options.defaults(Duration.ZERO),
            () -> Vendor.NOW);
    return new ServiceCollateral(cache, service, machine, TcbUpdate.Channel.STANDARD, ticker);
  }

  @Test
  void view_beforeTheFirstLook_isEmptyAndAsksNobody() {
    assertEquals(new View(Optional.empty(), Optional.empty()), source().view());
    assertEquals(0, machine.quotes);
  }

  @Test
  void refresh_machineAndServiceAnswer_learnsOnce() {
    ServiceCollateral source = source();
    View view = source.refresh();

    assertEquals(Vendor.parsed(Vendor.collateral(Vendor.NOW)), view.collateral().orElseThrow());
    assertEquals(Optional.empty(), view.problem());
    assertEquals(view, source.refresh());
    assertEquals(view, source.view());
    assertEquals(1, machine.quotes);
    assertEquals(4, pccs.requests().size());
  }

  @Test
  void refresh_noQuote_saysSoAndAsksAgainLater() {
    machine.silent = true;
    ServiceCollateral source = source();

    assertProblem(Kind.NO_QUOTE, "host-silent", source.refresh());
    assertProblem(Kind.NO_QUOTE, "host-silent", source.refresh());
    assertEquals(1, machine.quotes);
    machine.silent = false;
    ticker.sleep(ServiceCollateral.PAUSE);
    assertTrue(source.refresh().collateral().isPresent());
  }

  @Test
  void refresh_serviceDown_saysSo() {
    pccs.putEverywhere(Answer.of(500));

    View view = source().refresh();

    assertEquals(Optional.empty(), view.collateral());
    assertProblem(Kind.SERVICE, "failed: /tdx/certification/v4/tcb", view);
  }

  @Test
  void refresh_serviceDownAfterARestart_servesFromDisk() {
    View before = source().refresh();
    pccs.putEverywhere(Answer.of(500));

    assertEquals(before, source().refresh());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void refresh_quoteNamesItsCertificate_addsTheChain(int type) throws Exception {
    machine = new Machine(type);
    servePckCertificate();

    View view = source().refresh();

    Bytes quote = machine.quote(Bytes.zero(64));
    assertInstanceOf(
        Verdict.Accepted.class,
        Vendor.VERIFIER.verify(
            quote, view.collateral().orElseThrow(), AttestationPolicy.defaults(), Vendor.NOW));
  }

  @Test
  void refresh_quoteCarriesItsCertificateAlone_needsNoMore() throws Exception {
    machine = new Machine(4);

    View view = source().refresh();

    assertInstanceOf(
        Verdict.Accepted.class,
        Vendor.VERIFIER.verify(
            machine.quote(Bytes.zero(64)),
            view.collateral().orElseThrow(),
            AttestationPolicy.defaults(),
            Vendor.NOW));
  }

  @Test
  void refresh_noPckCertificate_saysSoAndWaits() {
    machine = new Machine(3);
    ServiceCollateral source = source();

    assertProblem(Kind.SERVICE, "unknown-platform: " + PCK_CERT, source.refresh());
    source.refresh();

    assertEquals(1, pccs.requests().size());
  }

  @Test
  void refresh_pckCertificateOfNoForm_saysSo() throws Exception {
    machine = new Machine(2);
    servePckCertificate();
    String asked = askedForPck();
    pccs.change(
        asked,
        a ->
            a.withBody(
                MockPccs.ascii("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")));

    assertProblem(Kind.SERVICE, "malformed: pckcert", source().refresh());
  }

  @Test
  void refresh_ofAnInterruptedThread_keepsTheInterrupt() {
    Thread.currentThread().interrupt();
    View view = source().refresh();

    assertTrue(Thread.interrupted());
    assertEquals(Optional.empty(), view.collateral());
  }

  private void servePckCertificate() throws Exception {
    pccs.put(askedForPck(), CollateralServiceTest.pckReply());
  }

  private String askedForPck() throws Exception {
    var id =
        dev.holdfast.attestation.UnverifiedQuote.parse(machine.quote(Bytes.zero(64)))
            .pckId()
            .orElseThrow();
    return ServiceRequest.pckCertificate(pccs.url(), id).uri().getPath()
        + "?"
        + ServiceRequest.pckCertificate(pccs.url(), id).uri().getQuery();
  }

  private static void assertProblem(Kind kind, String start, View view) {
    var problem = view.problem().orElseThrow();
    assertEquals(kind, problem.kind(), problem.message());
    assertTrue(problem.message().startsWith(start), problem.message());
  }
}
