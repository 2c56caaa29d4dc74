package dev.holdfast.platform.collateral;

import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Json;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.platform.collateral.CollateralServiceException.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;

/// Reads replies with status 200 strictly. Form only: whether anything is the vendor's, the
/// verifier says.
///
/// Spec: docs/operating/collateral.md#requests
final class Replies {
  private static final int SIGNATURE_SIZE = 64;
  private static final String CRL_BEGIN = "-----BEGIN X509 CRL-----";
  private static final String CRL_END = "-----END X509 CRL-----";
  private static final String CERTIFICATE_BEGIN = "-----BEGIN CERTIFICATE-----";

  /// The first byte of every DER certificate list.
  private static final int DER_SEQUENCE = 0x30;

  private final ServiceRequest request;
  private final ServiceReply reply;

  Replies(ServiceRequest request, ServiceReply reply) {
    this.request = request;
    this.reply = reply;
  }

  /// `{"name":{…},"signature":"…"}`: the inner object exactly as it stands there.
  SignedDocument document(String name) throws CollateralServiceException {
    String chain = issuerChain();
    try {
      JsonObject outer = Json.parse(reply.body()).asObject();
      outer.requireOnly(Set.of(name, "signature"));
      JsonObject inner = outer.object(name);
      Bytes text = reply.body().slice(inner.start(), inner.end() - inner.start());
      Bytes signature = outer.hex("signature", SIGNATURE_SIZE);
      return new SignedDocument(
          chain, new String(text.toArray(), StandardCharsets.UTF_8), signature.toHex());
    } catch (MalformedException e) {
      throw malformed(String.valueOf(e.getMessage()));
    }
  }

  /// A CRL in DER, PEM or hexadecimal, as hexadecimal.
  String crl() throws CollateralServiceException {
    Bytes body = reply.body();
    String text = new String(body.toArray(), StandardCharsets.ISO_8859_1).strip();
    Bytes der;
    if (text.matches("[0-9a-fA-F]+")) {
      der = hex(text);
    } else if (text.startsWith(CRL_BEGIN) && text.endsWith(CRL_END)) {
      der = base64(text.substring(CRL_BEGIN.length(), text.length() - CRL_END.length()));
    } else {
      der = body;
    }
    if (der.isEmpty() || der.at(0) != DER_SEQUENCE) {
      throw malformed("expected a CRL in DER, PEM or hexadecimal, found something else");
    }
    return der.toHex();
  }

  /// A PCK certificate followed by the chain of its issuer, PEM.
  String pckChain() throws CollateralServiceException {
    String issuers = issuerChain();
    String leaf = ascii(reply.body());
    if (!leaf.startsWith(CERTIFICATE_BEGIN)) {
      throw malformed("expected a certificate in PEM, found something else");
    }
    return leaf.endsWith("\n") ? leaf + issuers : leaf + "\n" + issuers;
  }

  /// The chain in its header: PEM, its bytes percent-encoded. A plus stands for itself, as in
  /// base64: services encode blanks as `%20`.
  String issuerChain() throws CollateralServiceException {
    String name = request.subject().chainHeader();
    String value = reply.header(request, name);
    ByteWriter out = new ByteWriter();
    int i = 0;
    while (i < value.length()) {
      char c = value.charAt(i);
      if (c == '%') {
        int high = i + 2 < value.length() ? Character.digit(value.charAt(i + 1), 16) : -1;
        int low = i + 2 < value.length() ? Character.digit(value.charAt(i + 2), 16) : -1;
        if (high < 0 || low < 0) {
          throw malformed("the header " + name + " has a percent sign without two digits");
        }
        out.u8(high << 4 | low);
        i += 3;
      } else if (c >= ' ' && c < 0x7f) {
        out.u8(c);
        i++;
      } else {
        throw malformed("the header " + name + " has a character that is not encoded");
      }
    }
    String chain = ascii(out.toBytes());
    if (!chain.startsWith(CERTIFICATE_BEGIN)) {
      throw malformed("the header " + name + " holds no certificate in PEM");
    }
    return chain;
  }

  /// Printable characters and line ends, nothing else.
  private String ascii(Bytes bytes) throws CollateralServiceException {
    for (int i = 0; i < bytes.size(); i++) {
      int c = bytes.at(i);
      if ((c < ' ' || c > '~') && c != '\n' && c != '\r') {
        throw malformed("expected PEM, found a character that has no place there");
      }
    }
    return new String(bytes.toArray(), StandardCharsets.US_ASCII);
  }

  private Bytes hex(String text) throws CollateralServiceException {
    try {
      return Bytes.parseHex(text);
    } catch (MalformedException e) {
      throw malformed("expected hexadecimal, found an odd number of digits");
    }
  }

  private Bytes base64(String lines) throws CollateralServiceException {
    try {
      return Bytes.copyOf(Base64.getDecoder().decode(lines.replace("\r", "").replace("\n", "")));
    } catch (IllegalArgumentException e) {
      throw malformed("expected PEM, found no base64 in it");
    }
  }

  private CollateralServiceException malformed(String what) {
    return request.failure(Kind.MALFORMED, what);
  }
}
