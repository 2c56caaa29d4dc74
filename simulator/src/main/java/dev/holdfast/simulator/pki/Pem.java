package dev.holdfast.simulator.pki;

import dev.holdfast.codec.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/// Certificates and revocation lists as text: 64 columns, line feeds, one line feed at the end.
public final class Pem {
  private Pem() {}

  public static String certificate(Bytes der) {
    return block("CERTIFICATE", der);
  }

  /// A revocation list.
  public static String crl(Bytes der) {
    return block("X509 CRL", der);
  }

  /// The certificates one after another.
  public static String chain(List<Bytes> ders) {
    return String.join("", ders.stream().map(Pem::certificate).toList());
  }

  private static String block(String label, Bytes der) {
    byte[] lineEnd = "\n".getBytes(StandardCharsets.US_ASCII);
    String body = Base64.getMimeEncoder(64, lineEnd).encodeToString(der.toArray());
    return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
  }
}
