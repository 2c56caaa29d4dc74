package dev.holdfast.platform.collateral;

import dev.holdfast.attestation.Collateral;
import dev.holdfast.attestation.UnverifiedQuote.PckId;
import dev.holdfast.attestation.quote.Tee;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.platform.Ticker;
import dev.holdfast.platform.collateral.CollateralServiceException.Kind;
import java.time.Duration;
import java.time.InstantSource;

/// A client of Intel's PCS or of a PCCS. Nothing it returns is verified: everything goes into
/// [Collateral], and the verifier judges it.
///
/// Thread-safe; calls block their (virtual) thread, at most as long as [Options] say. Nothing is
/// remembered or asked twice here: see [CollateralCache].
///
/// Spec: docs/operating/collateral.md#requests
public final class CollateralService implements AutoCloseable {
  private final ServiceUrl url;
  private final Options options;
  private final InstantSource clock;
  private final Ticker ticker;
  private final HttpFetch http;

  /// @param connectTimeout for one connection
  /// @param requestDeadline for one request, from connecting to the last byte
  /// @param totalDeadline for all requests of one call
  public record Options(Duration connectTimeout, Duration requestDeadline, Duration totalDeadline) {
    /// 3 s, 10 s, 30 s.
    public static Options defaults() {
      return new Options(Duration.ofSeconds(3), Duration.ofSeconds(10), Duration.ofSeconds(30));
    }
  }

  /// @param clock tells how far away the date in a `Retry-After` is, nothing else
  public CollateralService(ServiceUrl url, Options options, InstantSource clock, Ticker ticker) {
    this.url = url;
    this.options = options;
    this.clock = clock;
    this.ticker = ticker;
    this.http = new HttpFetch(options.connectTimeout());
  }

  /// All that quotes of one kind of platform are judged with: four requests.
  ///
  /// @throws CollateralServiceException when one of the documents cannot be had
  public Collateral collateral(CollateralKey key)
      throws CollateralServiceException, InterruptedException {
    Call call = new Call();
    SignedDocument tcbInfo = call.ask(ServiceRequest.tcbInfo(url, key)).document("tcbInfo");
    SignedDocument qeIdentity =
        call.ask(ServiceRequest.qeIdentity(url, key)).document("enclaveIdentity");
    Replies pckCrl = call.ask(ServiceRequest.pckCrl(url, key.ca()));
    String rootCrl = call.ask(ServiceRequest.rootCrl(url)).crl();
    JsonWriter json =
        JsonWriter.object()
            .put("pck_crl_issuer_chain", pckCrl.issuerChain())
            .put("root_ca_crl", rootCrl)
            .put("pck_crl", pckCrl.crl())
            .put("tcb_info_issuer_chain", tcbInfo.issuerChain())
            .put("tcb_info", tcbInfo.text())
            .put("tcb_info_signature", tcbInfo.signature())
            .put("qe_identity_issuer_chain", qeIdentity.issuerChain())
            .put("qe_identity", qeIdentity.text())
            .put("qe_identity_signature", qeIdentity.signature());
    try {
      return Collateral.parse(json.toBytes());
    } catch (MalformedException e) {
      throw new CollateralServiceException(
          Kind.TOO_LARGE,
          key.toString(),
          "expected at most " + Collateral.MAX_SIZE + " bytes of collateral, found more");
    }
  }

  /// The PCK certificate chain (PEM: PCK certificate, CA, root) for a quote that carries none.
  ///
  /// @throws CollateralServiceException when the service has none for this machine and TCB
  public String pckChain(PckId id) throws CollateralServiceException, InterruptedException {
    return new Call().ask(ServiceRequest.pckCertificate(url, id)).pckChain();
  }

  /// The vendor's list of TCB evaluation data numbers.
  public SignedDocument evaluationNumbers(Tee tee)
      throws CollateralServiceException, InterruptedException {
    ServiceRequest request = ServiceRequest.evaluationNumbers(url, tee);
    return new Call().ask(request).document("tcbEvaluationDataNumbers");
  }

  public ServiceUrl url() {
    return url;
  }

  /// The requests of one call share its deadline.
  private final class Call {
    private final Duration start = ticker.elapsed();

    Replies ask(ServiceRequest request) throws CollateralServiceException, InterruptedException {
      Duration left = options.totalDeadline().minus(ticker.elapsed().minus(start));
      if (left.compareTo(Duration.ofMillis(1)) < 0) {
        throw request.failure(
            Kind.SILENT, "nothing left of " + options.totalDeadline().toMillis() + " ms");
      }
      Duration deadline =
          left.compareTo(options.requestDeadline()) < 0 ? left : options.requestDeadline();
      ServiceReply reply = http.get(request, deadline);
      reply.requireOk(request, clock.instant());
      return new Replies(request, reply);
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
