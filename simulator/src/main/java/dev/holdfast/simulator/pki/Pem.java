package dev.holdfast.simulator.pki;

import dev.holdfast.codec.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/// Certificates as text: 64 columns, line feeds, one line feed at the end.
public final class Pem {
  private Pem() {}

  public static String certificate(Bytes der) {
    byte[] lineEnd = "\n".getBytes(StandardCharsets.US_ASCII);
    String body = Base64.getMimeEncoder(64, lineEnd).encodeToString(der.toArray());
    return "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n";
  }

  /// The certificates one after another.
  public static String chain(List<Bytes> ders) {
    return String.join("", ders.stream().map(Pem::certificate).toList());
  }
}
