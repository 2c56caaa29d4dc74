package dev.holdfast.crypto;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Test vectors in files of `name = value` lines, cases separated by empty lines.
final class Vectors {
  private Vectors() {}

  static List<Case> read(String file) throws IOException {
    String text;
    try (InputStream in = Vectors.class.getResourceAsStream("/vectors/" + file)) {
      if (in == null) {
        throw new IOException("no vectors " + file);
      }
      text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    List<Case> cases = new ArrayList<>();
    for (String block : text.split("\n\n", -1)) {
      Map<String, String> fields = new LinkedHashMap<>();
      for (String line : block.lines().filter(l -> !l.startsWith("#")).toList()) {
        int sign = line.indexOf(" =");
        fields.put(line.substring(0, sign), line.substring(sign + 2).strip());
      }
      if (!fields.isEmpty()) {
        cases.add(new Case(fields));
      }
    }
    return cases;
  }

  record Case(Map<String, String> fields) {
    String text(String field) {
      String value = fields.get(field);
      if (value == null) {
        throw new IllegalArgumentException("no field " + field);
      }
      return value;
    }

    Bytes bytes(String field) {
      return hex(text(field));
    }

    SecretBytes secret(String field) {
      return SecretBytes.take(bytes(field).toArray());
    }

    int number(String field) {
      return Integer.parseInt(text(field));
    }

    boolean valid() {
      return text("expect").equals("valid");
    }

    @Override
    public String toString() {
      return text("case");
    }
  }

  static Bytes hex(String digits) {
    try {
      return Bytes.parseHex(digits);
    } catch (MalformedException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
