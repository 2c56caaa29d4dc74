package dev.holdfast.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Json;
import dev.holdfast.codec.JsonValue;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.simulator.pccs.DevelopmentPccs;
import dev.holdfast.simulator.pccs.PccsRecipe;
import dev.holdfast.simulator.pccs.PccsReply;
import dev.holdfast.simulator.pki.Authority;
import dev.holdfast.simulator.pki.CrlRecipe;
import java.math.BigInteger;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Every recorded reply of Intel's service beside what is answered here to the same request.
final class PccsRecordingsTest {
  private static final String FOLDER = "pcs-replies/";
  private static final DevelopmentPccs PCCS =
      new DevelopmentPccs(
          Samples.VENDOR,
          PccsRecipe.defaults()
              .withFmspcs(
                  Set.of(
                      Samples.hex("00906ED50000"),
                      Samples.hex("00806F050000"),
                      Samples.hex("50806F000000")))
              .withCrl(PccsRecordingsTest::withOneRevoked));

  /// As Intel's: the list of the Platform CA has entries, the others have none.
  private static CrlRecipe withOneRevoked(Authority issuer, CrlRecipe list) {
    return issuer == Authority.PLATFORM_CA ? list.withRevoked(BigInteger.valueOf(300)) : list;
  }

  /// A recorded reply and the simulated one.
  private record Pair(
      String request, Map<String, String> headers, Bytes body, PccsReply simulated) {
    String simulatedText() {
      return new String(simulated.body().toArray(), StandardCharsets.UTF_8);
    }

    String type() {
      return value(headers, PccsReply.CONTENT_TYPE);
    }

    String text() {
      return new String(body.toArray(), StandardCharsets.UTF_8);
    }
  }

  /// All of version 4; those of 2023 only where the form is still the same.
  private static List<Pair> pairs(String recording) throws Exception {
    List<Pair> pairs = new ArrayList<>();
    JsonObject index = Json.parse(Vectors.read(FOLDER + "index.json")).asObject();
    for (JsonValue item : index.array("recordings", 9).items()) {
      if (item.asObject().string("name").equals(recording)) {
        for (JsonValue entry : item.asObject().array("entries", 99).items()) {
          if (!entry.asObject().string("path").contains("/v3/")) {
            pairs.add(pair(entry.asObject()));
          }
        }
      }
    }
    assertTrue(pairs.size() >= 4, "the index lists few replies of " + recording);
    return pairs;
  }

  private static Pair pair(JsonObject entry) throws Exception {
    List<String> query = new ArrayList<>();
    for (JsonValue.Member member : entry.object("query").members()) {
      query.add(member.name() + "=" + member.value().asString());
    }
    String path = entry.string("path");
    String parameters = String.join("&", query);
    Map<String, String> headers = new LinkedHashMap<>();
    Bytes lines = Vectors.read(FOLDER + entry.string("headers"));
    new String(lines.toArray(), StandardCharsets.US_ASCII)
        .lines()
        .forEach(line -> headers.put(line.split(": ", 2)[0], line.split(": ", 2)[1]));
    return new Pair(
        path + "?" + parameters,
        headers,
        Vectors.read(FOLDER + entry.string("body")),
        PCCS.answer("GET", path, parameters, Samples.NOW));
  }

  @Test
  void replies_besideReal_haveTheSameHeaders() throws Exception {
    for (String recording : List.of("intel-2025-05-27", "intel-2023-06-18")) {
      for (Pair pair : pairs(recording)) {
        assertEquals(200, pair.simulated().status(), pair.request());
        assertEquals(
            List.copyOf(pair.headers().keySet()),
            List.copyOf(pair.simulated().headers().keySet()),
            pair.request());
        assertEquals(
            pair.headers().get("Content-Type"),
            pair.simulated().headers().get("Content-Type"),
            pair.request());
      }
    }
  }

  @Test
  void issuerChains_besideReal_areEncodedAlikeAndOfTheSameCertificates() throws Exception {
    int compared = 0;
    for (Pair pair : pairs("intel-2025-05-27")) {
      for (Map.Entry<String, String> header : pair.headers().entrySet()) {
        if (header.getKey().endsWith("-Issuer-Chain")) {
          String ours = value(pair.simulated().headers(), header.getKey());
          assertEquals(form(header.getValue()), form(ours), pair.request());
          assertEquals(
              skeletons(Vectors.certificates(decoded(header.getValue()))),
              skeletons(Vectors.certificates(decoded(ours))),
              pair.request());
          compared++;
        }
      }
    }
    assertTrue(compared >= 14, "compared " + compared);
  }

  private static String value(Map<String, String> headers, String name) {
    return Objects.requireNonNull(headers.get(name), name);
  }

  private static String decoded(String value) {
    assertTrue(value.indexOf('+') < 0, "a plus sign would be read as a space");
    return URLDecoder.decode(value, StandardCharsets.US_ASCII);
  }

  /// Which characters are encoded and which are not, and where the lines end.
  private static Set<String> form(String encoded) {
    Set<String> kinds = new TreeSet<>();
    Pattern.compile("%..|[^A-Za-z0-9]")
        .matcher(encoded)
        .results()
        .forEach(m -> kinds.add(m.group()));
    kinds.removeAll(Set.of("%2B", "%2F", "%3D"));
    kinds.add(encoded.substring(0, 34));
    kinds.add(encoded.substring(encoded.length() - 36));
    return kinds;
  }

  private static List<List<String>> skeletons(List<Bytes> ders) throws Exception {
    List<List<String>> all = new ArrayList<>();
    for (Bytes der : ders) {
      all.add(Skeleton.ofDer(der));
    }
    return all;
  }

  @Test
  void jsonBodies_besideReal_haveTheSameSkeleton() throws Exception {
    int compared = 0;
    for (Pair pair : pairs("intel-2025-05-27")) {
      if (pair.type().equals("application/json")) {
        assertEquals(skeleton(pair.body()), skeleton(pair.simulated().body()), pair.request());
        compared++;
      }
    }
    assertTrue(compared >= 11, "compared " + compared);
  }

  /// All paths, of lists those of the first item; without advisories and component names, which
  /// depend on the platform.
  private static List<String> skeleton(Bytes json) throws Exception {
    return Skeleton.ofJson(Json.parse(json)).stream()
        .filter(path -> !path.matches(".*\\[[1-9].*|.*advisoryIDs.*|.*(category|type) .*"))
        .toList();
  }

  @Test
  void lists_besideReal_haveTheSameForm() throws Exception {
    int compared = 0;
    for (Pair pair : pairs("intel-2025-05-27")) {
      String type = pair.type();
      if (type.equals("application/json")) {
        continue;
      }
      compared++;
      assertEquals(
          listSkeleton(der(type, pair.body(), pair.text())),
          listSkeleton(der(type, pair.simulated().body(), pair.simulatedText())),
          pair.request());
    }
    assertEquals(6, compared);
  }

  private static Bytes der(String type, Bytes body, String text) throws Exception {
    return switch (type) {
      case "application/pkix-crl" -> body;
      case "text/plain" -> Bytes.parseHex(text);
      default -> {
        assertTrue(text.startsWith("-----BEGIN X509 CRL-----\n"), text);
        assertTrue(text.endsWith("\n-----END X509 CRL-----\n"), text);
        List<String> lines = text.lines().toList();
        assertTrue(lines.stream().allMatch(line -> line.length() <= 64), text);
        String base64 = String.join("", lines.subList(1, lines.size() - 1));
        yield Bytes.copyOf(Base64.getDecoder().decode(base64));
      }
    };
  }

  /// Each kind of line once: only Intel knows how many are revoked.
  private static List<String> listSkeleton(Bytes der) throws Exception {
    return List.copyOf(new LinkedHashSet<>(Skeleton.ofDer(der)));
  }
}
