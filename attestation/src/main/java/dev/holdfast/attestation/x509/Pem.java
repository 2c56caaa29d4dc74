package dev.holdfast.attestation.x509;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// Parses PEM strictly: blocks of one label, canonical base64, between and behind them nothing but
/// white space and NUL (real quotes end their chain with either).
public final class Pem {
  private static final String FORMAT = "PEM";

  private final String text;
  private final String label;
  private int position;

  private Pem(String text, String label) {
    this.text = text;
    this.label = label;
  }

  /// The certificates of a chain, in order; between one and `max`.
  public static List<Certificate> certificates(Bytes text, int max) throws MalformedException {
    List<Certificate> certificates = new ArrayList<>();
    for (Bytes der : blocks(text, "CERTIFICATE", max)) {
      certificates.add(Certificate.parse(der));
    }
    return certificates;
  }

  /// The content of the blocks, in order; between one and `max`.
  public static List<Bytes> blocks(Bytes text, String label, int max) throws MalformedException {
    Pem pem = new Pem(new String(text.toArray(), StandardCharsets.ISO_8859_1), label);
    List<Bytes> blocks = new ArrayList<>();
    pem.skipBlank();
    while (pem.position < pem.text.length()) {
      if (blocks.size() == max) {
        throw pem.malformed("at most " + max + " blocks", "more");
      }
      blocks.add(pem.block());
      pem.skipBlank();
    }
    if (blocks.isEmpty()) {
      throw pem.malformed("a block", "none");
    }
    return blocks;
  }

  private Bytes block() throws MalformedException {
    expect("-----BEGIN " + label + "-----");
    int end = text.indexOf("-----", position);
    if (end < 0) {
      throw malformed("an end line", "none");
    }
    String digits = text.substring(position, end).replace("\r", "").replace("\n", "");
    position = end;
    expect("-----END " + label + "-----");
    byte[] content;
    try {
      content = Base64.getDecoder().decode(digits);
    } catch (IllegalArgumentException e) {
      throw malformed("base64", "other text");
    }
    if (!Base64.getEncoder().encodeToString(content).equals(digits)) {
      throw malformed("canonical base64", "another encoding");
    }
    return Bytes.copyOf(content);
  }

  private void expect(String line) throws MalformedException {
    if (!text.startsWith(line, position)) {
      throw malformed(line, "other text");
    }
    position += line.length();
  }

  private void skipBlank() {
    while (position < text.length() && " \t\r\n\0".indexOf(text.charAt(position)) >= 0) {
      position++;
    }
  }

  private MalformedException malformed(String expected, String found) {
    return new MalformedException(FORMAT, position, label, expected, found);
  }
}
