package dev.holdfast.platform.collateral;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.attestation.Collateral;
import dev.holdfast.attestation.UnverifiedQuote;
import dev.holdfast.attestation.UnverifiedQuote.PckId;
import dev.holdfast.attestation.quote.Tee;
import dev.holdfast.codec.Bytes;
import dev.holdfast.platform.collateral.CollateralServiceException.Kind;
import dev.holdfast.platform.collateral.MockPccs.Answer;
import dev.holdfast.simulator.QuoteRecipe;
import dev.holdfast.simulator.quote.QuoteFormat;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CollateralServiceTest {
  private static final CollateralService.Options PATIENT =
      new CollateralService.Options(
          Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(60));

  private MockPccs pccs;
  private CollateralService service;

  @BeforeEach
  void startServer() throws IOException {
    pccs = MockPccs.start();
    pccs.serve(Vendor.KEY, Vendor.collateral(Vendor.NOW));
    service = service(pccs.url(), PATIENT);
  }

  @AfterEach
  void stopServer() {
    service.close();
    pccs.close();
  }

  @Test
  void collateral_allServed_isExactlyWhatTheVendorSigned() throws Exception {
    Collateral fetched = service.collateral(Vendor.KEY);

    assertEquals(Vendor.parsed(Vendor.collateral(Vendor.NOW)), fetched);
    assertEquals(4, pccs.requests().size(), pccs.requests()::toString);
  }

  @Test
  void collateral_early_asksForBothDocumentsEarly() throws Exception {
    Bytes early = Vendor.collateral(Vendor.NOW, c -> c.withEvaluationNumber(30));
    pccs.serve(Vendor.EARLY, early);

    assertEquals(Vendor.parsed(early), service.collateral(Vendor.EARLY));
    assertEquals(2, pccs.requests().stream().filter(path -> path.endsWith("update=early")).count());
  }

  @Test
  void collateral_byNumber_asksForThatNumberAndNoChannel() {
    CollateralKey key =
        new CollateralKey(
            Tee.TDX, Vendor.KEY.fmspc(), Vendor.KEY.ca(), new TcbUpdate.EvaluationNumber(17));

    assertThrows(CollateralServiceException.class, () -> service.collateral(key));

    String asked = pccs.requests().getFirst();
    assertTrue(asked.endsWith("&tcbEvaluationDataNumber=17"), asked);
  }

  @Test
  void collateral_urlAsIntelsToolsHaveIt_isTheSameService() throws Exception {
    try (CollateralService other = service(pccs.url("/sgx/certification/v4/"), PATIENT)) {
      assertEquals(service.collateral(Vendor.KEY), other.collateral(Vendor.KEY));
    }
  }

  @Test
  void collateral_pathInFront_isAskedUnderIt() {
    try (CollateralService other = service(pccs.url("/metadata/THIM/"), PATIENT)) {
      assertKind(Kind.UNKNOWN_PLATFORM, other);
    }
    String asked = pccs.requests().getFirst();
    assertTrue(asked.startsWith("/metadata/THIM/tdx/certification/v4/tcb?"), asked);
  }

  @ParameterizedTest
  @CsvSource({
    "301, REDIRECTED",
    "302, REDIRECTED",
    "308, REDIRECTED",
    "400, REFUSED",
    "401, REFUSED",
    "403, REFUSED",
    "404, UNKNOWN_PLATFORM",
    "410, NUMBER_GONE",
    "429, BUSY",
    "461, UNKNOWN_PLATFORM",
    "500, FAILED",
    "502, FAILED",
    "503, BUSY",
    "202, MALFORMED",
  })
  void collateral_status_isTold(int status, Kind kind) {
    pccs.change(
        MockPccs.tcbPath(Vendor.KEY),
        a -> new Answer(status, a.headers(), a.body(), false).with("Location", "/elsewhere"));

    CollateralServiceException e = assertKind(kind, service);

    assertTrue(message(e).contains("found " + status), e.getMessage());
    assertTrue(message(e).contains("next step: " + kind.nextStep()), e.getMessage());
    assertTrue(e.path().startsWith("/tdx/certification/v4/tcb?fmspc="), e.path());
    assertEquals(1, pccs.requests().size(), "no redirect is followed, nothing is asked twice");
  }

  @Test
  void collateral_404OfWhatIsNotPerPlatform_blamesTheAddress() {
    pccs.put(MockPccs.ROOT_CRL, Answer.of(404));

    assertKind(Kind.NOT_SERVED, service);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "120|PT2M",
        "0|PT0S",
        "86400|PT24H",
        "86401|PT24H",
        "999999999|PT24H",
        "Mon, 23 Nov 2026 12:05:00 GMT|PT5M",
        "Mon, 23 Nov 2026 11:00:00 GMT|PT0S",
        "Wed, 25 Nov 2026 12:00:00 GMT|PT24H",
      })
  void collateral_busyWithRetryAfter_saysHowLong(String value, String expected) {
    pccs.put(MockPccs.tcbPath(Vendor.KEY), Answer.of(429).with("Retry-After", value));

    assertEquals(
        Optional.of(Duration.parse(expected)), assertKind(Kind.BUSY, service).retryAfter());
  }

  @ParameterizedTest
  @ValueSource(strings = {"soon", "-1", "9999999999", "1.5", "23 Nov"})
  void collateral_retryAfterOfNoForm_saysNothing(String value) {
    pccs.put(MockPccs.tcbPath(Vendor.KEY), Answer.of(503).with("Retry-After", value));

    assertEquals(Optional.empty(), assertKind(Kind.BUSY, service).retryAfter());
  }

  @Test
  void collateral_retryAfterTwice_saysNothing() {
    pccs.put(
        MockPccs.tcbPath(Vendor.KEY),
        Answer.of(503).with("Retry-After", "1").with("Retry-After", "2"));

    assertEquals(Optional.empty(), assertKind(Kind.BUSY, service).retryAfter());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"tcbInfo\"",
        "HTTP/1.1 200 OK\r\nContent-Le",
        "SSH-2.0-OpenSSH\r\n",
        "",
      })
  void collateral_replyCutOffOrNoHttp_isBroken(String said) throws IOException {
    try (RawServer raw = RawServer.saying(said);
        CollateralService other = service(raw.url("http"), PATIENT)) {
      assertKind(Kind.BROKEN, other);
    }
  }

  @Test
  void collateral_bodyAtTheLimit_isRead() throws Exception {
    pccs.change(
        MockPccs.tcbPath(Vendor.KEY), a -> a.withBody(padded(a, ServiceReply.MAX_BODY_BYTES)));

    assertEquals(Vendor.parsed(Vendor.collateral(Vendor.NOW)), service.collateral(Vendor.KEY));
  }

  @Test
  void collateral_bodyOneOverTheLimit_isTooLarge() {
    pccs.change(
        MockPccs.tcbPath(Vendor.KEY), a -> a.withBody(padded(a, ServiceReply.MAX_BODY_BYTES + 1)));

    assertKind(Kind.TOO_LARGE, service);
  }

  private static Bytes padded(Answer answer, int size) {
    String blanks = " ".repeat(size - answer.body().size());
    return new dev.holdfast.codec.ByteWriter()
        .bytes(answer.body())
        .bytes(MockPccs.ascii(blanks))
        .toBytes();
  }

  @Test
  void collateral_nobodyAnswers_isSilent() {
    pccs.change(MockPccs.tcbPath(Vendor.KEY), Answer::silently);
    CollateralService.Options hasty =
        new CollateralService.Options(
            Duration.ofSeconds(20), Duration.ofMillis(200), Duration.ofSeconds(60));
    try (CollateralService other = service(pccs.url(), hasty)) {
      assertKind(Kind.SILENT, other);
    }
  }

  @Test
  void collateral_totalDeadlineOver_isSilentWithoutAsking() {
    CollateralService.Options none =
        new CollateralService.Options(
            Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ZERO);
    try (CollateralService other = service(pccs.url(), none)) {
      assertKind(Kind.SILENT, other);
    }
    assertEquals(List.of(), pccs.requests());
  }

  @Test
  void collateral_nobodyListens_isUnreachable() {
    pccs.close();

    assertKind(Kind.UNREACHABLE, service);
  }

  @Test
  void collateral_nameOfNoHost_isUnreachable() throws Exception {
    ServiceUrl nowhere = ServiceUrl.parse("http://nowhere.invalid");
    try (CollateralService other = service(nowhere, PATIENT)) {
      assertKind(Kind.UNREACHABLE, other);
    }
  }

  @Test
  void collateral_httpsWhereHttpIsSpoken_isATlsProblem() throws IOException {
    try (RawServer raw = RawServer.saying("HTTP/1.1 400 Bad Request\r\n\r\n");
        CollateralService other = service(raw.url("https"), PATIENT)) {
      assertKind(Kind.TLS, other);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"169.254.169.254", "fe80::1", "224.0.0.1", "0.0.0.0"})
  void address_linkLocalMulticastOrUnspecified_isRefused(String address) throws Exception {
    ServiceRequest request = ServiceRequest.rootCrl(pccs.url());
    InetAddress resolved = InetAddress.getByName(address);

    CollateralServiceException e =
        assertThrows(
            CollateralServiceException.class, () -> HttpFetch.requireOrdinary(request, resolved));

    assertEquals(Kind.REFUSED_ADDRESS, e.kind());
    HttpFetch.requireOrdinary(request, InetAddress.getByName("10.0.0.1"));
  }

  @Test
  void collateral_issuerChainMissing_isMalformed() {
    pccs.change(MockPccs.tcbPath(Vendor.KEY), a -> a.without(MockPccs.TCB));

    assertKind(Kind.MALFORMED, service);
  }

  @Test
  void collateral_issuerChainTwice_isMalformed() {
    pccs.change(MockPccs.tcbPath(Vendor.KEY), a -> a.with(MockPccs.TCB, a.header(MockPccs.TCB)));

    assertKind(Kind.MALFORMED, service);
  }

  @Test
  void collateral_headerNamesInAnyCase_areRead() throws Exception {
    pccs.change(
        MockPccs.tcbPath(Vendor.KEY),
        a -> a.without(MockPccs.TCB).with("tCB-iNFO-iSSUER-cHAIN", a.header(MockPccs.TCB)));

    assertEquals(Vendor.parsed(Vendor.collateral(Vendor.NOW)), service.collateral(Vendor.KEY));
  }

  @Test
  void collateral_webPageInPlaceOfADocument_isMalformed() {
    pccs.change(
        MockPccs.tcbPath(Vendor.KEY), a -> a.withBody(MockPccs.ascii("<html>Log in</html>")));

    CollateralServiceException e = assertKind(Kind.MALFORMED, service);
    assertTrue(!message(e).contains("html"), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void pckChain_quoteThatNamesItsCertificate_isFoundByIt(int type) throws Exception {
    PckId id = pckId(type);
    pccs.put(
        "/sgx/certification/v4/pckcert?"
            + id.encryptedPpid().map(ppid -> "encrypted_ppid=" + ppid.toHex() + "&").orElse("")
            + "cpusvn=%s&pcesvn=0d00&pceid=0000&qeid=%s"
                .formatted(id.cpuSvn().toHex(), id.qeId().toHex()),
        pckReply());

    String chain = service.pckChain(id);

    assertEquals(Vendor.PLATFORM.pckChainPem(), MockPccs.ascii(chain));
    assertEquals(type == 1, id.encryptedPpid().isEmpty());
  }

  @Test
  void pckChain_unknownMachine_isToldWithoutItsIds() throws Exception {
    PckId id = pckId(3);

    CollateralServiceException e =
        assertThrows(CollateralServiceException.class, () -> service.pckChain(id));

    assertEquals(Kind.UNKNOWN_PLATFORM, e.kind());
    assertEquals("/sgx/certification/v4/pckcert", e.path());
  }

  @Test
  void evaluationNumbers_served_areTheInnerObjectAsSigned() throws Exception {
    String inner = "{\"id\":\"TDX\", \"version\":1}";
    pccs.put(
        "/tdx/certification/v4/tcbevaluationdatanumbers",
        Answer.of(
                200,
                MockPccs.ascii(
                    "{\"tcbEvaluationDataNumbers\":%s,\"signature\":\"%s\"}"
                        .formatted(inner, "0a".repeat(64))))
            .with("TCB-Evaluation-Data-Numbers-Issuer-Chain", chainHeader()));

    SignedDocument document = service.evaluationNumbers(Tee.TDX);

    assertEquals(inner, document.text());
    assertEquals("0a".repeat(64), document.signature());
  }

  @Test
  void uri_ofIntelsOwnService_hasTheRootCrlOnTheOtherHost() throws Exception {
    ServiceUrl intel = ServiceUrl.parse("https://api.trustedservices.intel.com");

    assertEquals(
        URI.create("https://certificates.trustedservices.intel.com/IntelSGXRootCA.der"),
        ServiceRequest.rootCrl(intel).uri());
    assertEquals(
        URI.create(
            "https://api.trustedservices.intel.com/sgx/certification/v4/pckcrl?"
                + "ca=platform&encoding=der"),
        ServiceRequest.pckCrl(intel, Vendor.KEY.ca()).uri());
  }

  private String chainHeader() {
    return MockPccs.encode("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
  }

  private static PckId pckId(int type) throws Exception {
    Bytes quote =
        Vendor.PLATFORM.quote(
            Vendor.IMAGE,
            Bytes.zero(64),
            QuoteRecipe.of(QuoteFormat.TDX_V4).withCertificationType(type));
    return UnverifiedQuote.parse(quote).pckId().orElseThrow();
  }

  /// Leaf in the body, CA and root in the header.
  static Answer pckReply() {
    String chain =
        new String(
            Vendor.PLATFORM.pckChainPem().toArray(), java.nio.charset.StandardCharsets.US_ASCII);
    int end = chain.indexOf("-----BEGIN CERTIFICATE-----", 1);
    return Answer.of(200, MockPccs.ascii(chain.substring(0, end)))
        .with("SGX-PCK-Certificate-Issuer-Chain", MockPccs.encode(chain.substring(end)));
  }

  private static CollateralService service(ServiceUrl url, CollateralService.Options options) {
    return new CollateralService(url, options, () -> Vendor.NOW, Vendor.realTicker());
  }

  private static CollateralServiceException assertKind(Kind kind, CollateralService service) {
    CollateralServiceException e =
        assertThrows(CollateralServiceException.class, () -> service.collateral(Vendor.KEY));
    assertEquals(kind, e.kind(), e.getMessage());
    return e;
  }

  private static String message(CollateralServiceException e) {
    return String.valueOf(e.getMessage());
  }
}
