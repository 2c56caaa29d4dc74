package dev.holdfast.simulator.pccs;

import dev.holdfast.codec.Bytes;
import dev.holdfast.simulator.DevelopmentVendor;
import dev.holdfast.simulator.pki.Authority;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// An answer of the service.
///
/// @param headers by name as Intel spells it, with the content type first; values are ASCII
public record PccsReply(int status, Map<String, String> headers, Bytes body) {
  /// The name of the header that every reply has.
  public static final String CONTENT_TYPE = "Content-Type";

  static final String JSON = "application/json";
  static final String PEM = "application/x-pem-file";
  static final String CRL = "application/pkix-crl";
  static final String TEXT = "text/plain";

  public PccsReply {
    headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
  }

  static PccsReply of(String contentType, Bytes body) {
    return new PccsReply(200, Map.of(CONTENT_TYPE, contentType), body);
  }

  static PccsReply of(String contentType, String body) {
    return of(contentType, Bytes.copyOf(body.getBytes(StandardCharsets.UTF_8)));
  }

  /// An error in a few words, never in the caller's.
  static PccsReply error(int status, String words) {
    Bytes body = Bytes.copyOf(words.getBytes(StandardCharsets.US_ASCII));
    return new PccsReply(status, Map.of(CONTENT_TYPE, TEXT), body);
  }

  PccsReply with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new PccsReply(status, more, body);
  }

  PccsReply withIssuerChain(String name, String pem) {
    return with(name, Percent.encode(pem));
  }

  PccsReply withIssuerChain(String name, DevelopmentVendor vendor, Authority authority) {
    return withIssuerChain(name, vendor.issuerChain(authority));
  }
}
