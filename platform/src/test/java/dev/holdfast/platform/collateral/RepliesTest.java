package dev.holdfast.platform.collateral;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.platform.collateral.CollateralServiceException.Kind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RepliesTest {
  private static final String PEM =
      "-----BEGIN CERTIFICATE-----\nAA+A/A==\n-----END CERTIFICATE-----\n";
  private static final String SIGNATURE = "0b".repeat(64);
  private static final ServiceUrl URL = url();
  private static final ServiceRequest REQUEST = ServiceRequest.tcbInfo(URL, Vendor.KEY);

  @Test
  void document_anyWhiteSpaceInside_isKeptToTheByte() throws Exception {
    String inner = "{ \"id\" :\t\"TDX\",\n \"x\":[1,\"}\\u0041é\"]  }";

    SignedDocument document = document("{\"tcbInfo\":  %s ,\"signature\":\"%s\"}\n", inner);

    assertEquals(inner, document.text());
    assertEquals(SIGNATURE, document.signature());
    assertEquals(PEM, document.issuerChain());
  }

  @Test
  void document_signatureFirst_isReadAlike() throws Exception {
    assertEquals("{}", document("{\"signature\":\"%2$s\",\"tcbInfo\":%1$s}", "{}").text());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "%s",
        "{\"tcbInfo\":%s}",
        "{\"signature\":\"%2$s\"}",
        "{\"tcbInfo\":%s,\"signature\":\"%s\",\"more\":1}",
        "{\"tcbInfo\":%1$s,\"tcbInfo\":%1$s,\"signature\":\"%2$s\"}",
        "{\"tcbInfo\":%s,\"signature\":\"%s\"}x",
        "{\"tcbInfo\":%s,\"signature\":\"%s00\"}",
        "{\"tcbInfo\":%s,\"signature\":\"zz\"}",
        "{\"tcbInfo\":\"%s\",\"signature\":\"%s\"}",
        "{\"enclaveIdentity\":%s,\"signature\":\"%s\"}",
        "{\"tcbInfo\":%s,\"signature\":\"%s\"",
      })
  void document_otherForm_isMalformed(String format) {
    assertKind(Kind.MALFORMED, () -> document(format, "{}"));
  }

  @Test
  void chain_percentEncoded_isDecoded() throws Exception {
    assertEquals(PEM, chain(MockPccs.encode(PEM)));
    assertEquals(PEM, chain(PEM.replace("\n", "%0a").replace(" ", "%20")));
    assertEquals(PEM, chain(PEM.replace("\n", "%0A")), "a blank may stand for itself");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "%",
        "-----BEGIN CERTIFICATE-----%0",
        "-----BEGIN CERTIFICATE-----%",
        "-----BEGIN CERTIFICATE-----%zz",
        "-----BEGIN CERTIFICATE-----%+1",
        "-----BEGIN CERTIFICATE-----%00",
        "-----BEGIN CERTIFICATE-----%7f",
        "-----BEGIN CERTIFICATE-----%C3%A9",
        "-----BEGIN CERTIFICATE-----\u00e9",
        "-----BEGIN CERTIFICATE-----\t",
        "-----BEGIN+CERTIFICATE-----",
        "%2D----BEGIN%20PUBLIC%20KEY-----",
      })
  void chain_otherForm_isMalformed(String value) {
    assertKind(Kind.MALFORMED, () -> chain(value));
  }

  @Test
  void chain_atLimitAndOnePast_isReadAndTooLarge() throws Exception {
    String start = "-----BEGIN CERTIFICATE-----";
    String longest = start + "A".repeat(ServiceReply.MAX_HEADER_CHARACTERS - start.length());

    assertEquals(longest, chain(longest));
    assertKind(Kind.TOO_LARGE, () -> chain(longest + "A"));
  }

  @Test
  void crl_derPemOrHexadecimal_isTheSame() throws Exception {
    String hex = "3003020101";
    Bytes der = Bytes.parseHex(hex);

    assertEquals(hex, crl(der));
    assertEquals(hex, crl(MockPccs.ascii(hex)));
    assertEquals(hex, crl(MockPccs.ascii(hex.toUpperCase(java.util.Locale.ROOT) + "\n")));
    String pem = "-----BEGIN X509 CRL-----\nMAMC\nAQE=\n-----END X509 CRL-----\n";
    assertEquals(hex, crl(MockPccs.ascii(pem)));
    assertEquals(hex, crl(MockPccs.ascii(pem.replace("\n", "\r\n"))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "303",
        "0203",
        "no CRL",
        "<html>",
        "-----BEGIN X509 CRL-----\n!!!\n-----END X509 CRL-----",
        "-----BEGIN X509 CRL-----\nMAMC",
        "-----BEGIN CERTIFICATE-----\nMAMCAQE=\n-----END CERTIFICATE-----",
      })
  void crl_otherForm_isMalformed(String text) {
    assertKind(Kind.MALFORMED, () -> crl(MockPccs.ascii(text)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "MAMCAQE=", "-----BEGIN CERTIFICATE-----\u0001"})
  void pckChain_otherForm_isMalformed(String text) {
    assertKind(
        Kind.MALFORMED,
        () -> replies(MockPccs.ascii(text), "TCB-Info-Issuer-Chain", PEM).pckChain());
  }

  @Test
  void pckChain_leafWithoutLineEnd_isJoinedWithOne() throws Exception {
    String leaf = PEM.strip();
    String chain =
        replies(MockPccs.ascii(leaf), "tcb-info-issuer-chain", MockPccs.encode(PEM)).pckChain();

    assertEquals(leaf + "\n" + PEM, chain);
  }

  private interface Reading {
    Object read() throws CollateralServiceException;
  }

  private static void assertKind(Kind kind, Reading reading) {
    assertEquals(kind, assertThrows(CollateralServiceException.class, reading::read).kind());
  }

  private static SignedDocument document(String format, String inner)
      throws CollateralServiceException {
    byte[] body = format.formatted(inner, SIGNATURE).getBytes(StandardCharsets.UTF_8);
    return replies(Bytes.copyOf(body), "tcb-info-issuer-chain", MockPccs.encode(PEM))
        .document("tcbInfo");
  }

  private static String chain(String header) throws CollateralServiceException {
    return replies(Bytes.EMPTY, "tcb-info-issuer-chain", header).issuerChain();
  }

  private static String crl(Bytes body) throws CollateralServiceException {
    return replies(body, "tcb-info-issuer-chain", "").crl();
  }

  private static Replies replies(Bytes body, String header, String value) {
    return new Replies(REQUEST, new ServiceReply(200, Map.of(header, List.of(value)), body));
  }

  private static ServiceUrl url() {
    try {
      return ServiceUrl.parse("https://pccs.example");
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }
}
