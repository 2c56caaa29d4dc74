package dev.holdfast.daemon.pccs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.simulator.DevelopmentVendor;
import dev.holdfast.simulator.PlatformRecipe;
import dev.holdfast.simulator.pccs.DevelopmentPccs;
import dev.holdfast.simulator.pccs.PccsRecipe;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The service over a real socket.
final class PccsServerTest {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final DevelopmentPccs PCCS =
      new DevelopmentPccs(
          DevelopmentVendor.generate(new SecureRandom(), NOW),
          PccsRecipe.defaults().withPlatforms(List.of(PlatformRecipe.of("machine"))));
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private static final String TCB = "/tdx/certification/v4/tcb";
  private static final String FMSPC = "?fmspc=DE7E57000000";

  private final HttpClient client = HttpClient.newHttpClient();
  private final List<Throwable> bugs = new CopyOnWriteArrayList<>();
  private final List<PccsServer> servers = new ArrayList<>();

  @AfterEach
  void stop() {
    servers.forEach(PccsServer::close);
    client.close();
    assertEquals(List.of(), bugs);
  }

  private PccsServer serve(Faults faults, InstantSource time) throws IOException {
    PccsServer server = PccsServer.start(ANY, PCCS, faults, time, bugs::add);
    servers.add(server);
    return server;
  }

  private PccsServer serve(Faults faults) throws IOException {
    return serve(faults, InstantSource.fixed(NOW));
  }

  private HttpResponse<byte[]> get(PccsServer server, String target) throws Exception {
    return client.send(request(server, target).build(), BodyHandlers.ofByteArray());
  }

  private static HttpRequest.Builder request(PccsServer server, String target) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + target))
        .timeout(Duration.ofSeconds(60));
  }

  private static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  private static String retryAfter(HttpResponse<byte[]> response) {
    return response.headers().firstValue("Retry-After").orElse("none");
  }

  @Test
  void answers_overASocket_areTheFunctions() throws Exception {
    PccsServer server = serve(Faults.none());
    String encrypted = PlatformRecipe.of("machine").encryptedPpid(384).toHex();
    String certificate =
        "encrypted_ppid=%s&cpusvn=%s&pcesvn=ff00&pceid=0000&qeid=%s"
            .formatted(encrypted, "ff".repeat(16), PlatformRecipe.of("machine").qeId().toHex());
    Map<String, String> targets =
        Map.of(
            "/tdx/certification/v4/tcb", "fmspc=DE7E57000000",
            "/sgx/certification/v4/qe/identity", "update=early",
            "/sgx/certification/v4/pckcrl", "ca=platform&encoding=der",
            "/sgx/certification/v4/rootcacrl", "",
            "/sgx/certification/v4/pckcert", certificate);
    for (Map.Entry<String, String> target : targets.entrySet()) {
      var expected = PCCS.answer("GET", target.getKey(), target.getValue(), NOW);
      HttpResponse<byte[]> response = get(server, target.getKey() + "?" + target.getValue());
      assertEquals(200, response.statusCode(), target.getKey());
      assertEquals(expected.body(), Bytes.copyOf(response.body()));
      for (Map.Entry<String, String> header : expected.headers().entrySet()) {
        assertEquals(List.of(header.getValue()), response.headers().allValues(header.getKey()));
      }
    }
  }

  @Test
  void headers_onTheWire_areSpeltAsIntels() throws Exception {
    PccsServer server = serve(Faults.none());
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(20_000);
      socket
          .getOutputStream()
          .write(
              ("GET " + TCB + FMSPC + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
      assertTrue(
          answer.contains("\r\nTCB-Info-Issuer-Chain: -----BEGIN%20CERTIFICATE-----%0A"), answer);
      assertTrue(answer.contains("\r\nContent-Type: application/json\r\n"), answer);
    }
  }

  @Test
  void refusals_overASocket_keepTheirStatus() throws Exception {
    PccsServer server = serve(Faults.none());
    assertEquals(400, get(server, TCB).statusCode());
    assertEquals(404, get(server, TCB + "?fmspc=000000000000").statusCode());
    assertEquals(404, get(server, "/nothing").statusCode());
    assertEquals(410, get(server, TCB + FMSPC + "&tcbEvaluationDataNumber=3").statusCode());
    HttpResponse<byte[]> post =
        client.send(
            request(server, TCB + FMSPC).POST(BodyPublishers.ofString("x")).build(),
            BodyHandlers.ofByteArray());
    assertEquals(405, post.statusCode());
    assertEquals("GET", post.headers().firstValue("Allow").orElse(""));
    assertEquals(200, get(server, TCB + FMSPC).statusCode());
  }

  @Test
  void body_inARequest_isRefused() throws Exception {
    PccsServer server = serve(Faults.none());
    HttpRequest request =
        request(server, TCB + FMSPC).method("GET", BodyPublishers.ofString("x")).build();
    assertEquals(413, client.send(request, BodyHandlers.ofByteArray()).statusCode());
  }

  @Test
  void clock_moving_movesTheDates() throws Exception {
    List<Instant> instants = new ArrayList<>(List.of(NOW, NOW.plus(DevelopmentPccs.PERIOD)));
    PccsServer server = serve(Faults.none(), instants::removeFirst);
    assertTrue(text(get(server, TCB + FMSPC)).contains("\"issueDate\":\"2026-11-23T11:00:00Z\""));
    assertTrue(text(get(server, TCB + FMSPC)).contains("\"issueDate\":\"2026-11-23T12:00:00Z\""));
  }

  @Test
  void failure_forSomeRequests_endsThen() throws Exception {
    PccsServer server =
        serve(
            new Faults(OptionalInt.of(429), 2, Optional.of(Duration.ofSeconds(7)), Duration.ZERO));
    for (int i = 0; i < 2; i++) {
      HttpResponse<byte[]> failed = get(server, TCB + FMSPC);
      assertEquals(429, failed.statusCode());
      assertEquals("7", retryAfter(failed));
    }
    HttpResponse<byte[]> served = get(server, TCB + FMSPC);
    assertEquals(200, served.statusCode());
    assertEquals("none", retryAfter(served));
  }

  @Test
  void failure503_withAndWithoutRetryAfter_saysItOnce() throws Exception {
    PccsServer plain = serve(new Faults(OptionalInt.of(503), 1, Optional.empty(), Duration.ZERO));
    assertEquals("1", retryAfter(get(plain, TCB + FMSPC)));
    PccsServer told =
        serve(
            new Faults(OptionalInt.of(503), 1, Optional.of(Duration.ofSeconds(30)), Duration.ZERO));
    assertEquals(List.of("30"), get(told, TCB + FMSPC).headers().allValues("Retry-After"));
  }

  @Test
  void delay_ofALittle_stillServes() throws Exception {
    PccsServer server =
        serve(new Faults(OptionalInt.empty(), 0, Optional.empty(), Duration.ofMillis(50)));
    assertEquals(200, get(server, TCB + FMSPC).statusCode());
  }

  @Test
  void requests_atLimitAndOnePast_areServedAndRefused() throws Exception {
    int limit = PccsServer.LIMITS.concurrentRequests();
    Semaphore entered = new Semaphore(0);
    CountDownLatch leave = new CountDownLatch(1);
    PccsServer server =
        serve(
            Faults.none(),
            () -> {
              entered.release();
              try {
                leave.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              return NOW;
            });
    List<Integer> statuses = new CopyOnWriteArrayList<>();
    List<Thread> callers =
        Stream.generate(() -> Thread.ofVirtual().unstarted(() -> statuses.add(status(server))))
            .limit(limit)
            .toList();
    callers.forEach(Thread::start);
    entered.acquire(limit);
    assertEquals(503, get(server, TCB + FMSPC).statusCode());
    leave.countDown();
    for (Thread caller : callers) {
      caller.join();
    }
    assertEquals(limit, statuses.size());
    assertFalse(statuses.stream().anyMatch(status -> status != 200), statuses.toString());
  }

  private int status(PccsServer server) {
    try {
      return get(server, TCB + FMSPC).statusCode();
    } catch (Exception e) {
      return -1;
    }
  }

  @Test
  void bug_inTheService_is500AndTold() throws Exception {
    PccsServer server =
        serve(
            Faults.none(),
            () -> {
              throw new InvariantError("no clock");
            });
    HttpResponse<byte[]> response = get(server, TCB + FMSPC);
    assertEquals(500, response.statusCode());
    assertEquals("Internal server error.", text(response));
    assertEquals(1, bugs.size());
    bugs.clear();
  }

  @Test
  void start_onABusyPort_fails() throws Exception {
    PccsServer first = serve(Faults.none());
    InetSocketAddress taken = new InetSocketAddress(InetAddress.getLoopbackAddress(), first.port());
    assertThrows(
        IOException.class,
        () -> PccsServer.start(taken, PCCS, Faults.none(), InstantSource.fixed(NOW), bugs::add));
  }

  @Test
  void faults_atTheirLimitsAndOnePast_areTakenAndRefused() {
    Optional<Duration> none = Optional.empty();
    for (int status : new int[] {400, 599}) {
      new Faults(OptionalInt.of(status), 1, none, Faults.MAX_DELAY);
    }
    for (int status : new int[] {399, 600}) {
      assertThrows(
          IllegalArgumentException.class,
          () -> new Faults(OptionalInt.of(status), 1, none, Duration.ZERO));
    }
    assertThrows(
        IllegalArgumentException.class,
        () -> new Faults(OptionalInt.empty(), 0, none, Faults.MAX_DELAY.plusMillis(1)));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Faults(OptionalInt.of(503), -1, none, Duration.ZERO));
  }
}
