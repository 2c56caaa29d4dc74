package dev.holdfast.simulator;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Json;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.MalformedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/// Real quotes and collateral, read from the folder of shared vectors beside the project.
final class Vectors {
  private static final Pattern PEM =
      Pattern.compile("-----BEGIN CERTIFICATE-----\n([^-]+)-----END CERTIFICATE-----");

  private Vectors() {}

  /// Aborts the test, saying why, where the vectors are absent.
  static Bytes read(String path) throws IOException {
    Optional<Path> folder = folder();
    Assumptions.assumeTrue(
        folder.isPresent(),
        "SKIPPED: no folder shared/vectors/dcap beside the project; nothing was compared");
    return Bytes.copyOf(Files.readAllBytes(folder.orElseThrow().resolve(path)));
  }

  static JsonObject collateral(String name) throws IOException, MalformedException {
    return Json.parse(read("collateral/" + name)).asObject();
  }

  /// DER of every certificate in PEM anywhere in `bytes`.
  static List<Bytes> certificates(Bytes bytes) {
    List<Bytes> ders = new ArrayList<>();
    String text = new String(bytes.toArray(), StandardCharsets.ISO_8859_1);
    for (Matcher pem = PEM.matcher(text); pem.find(); ) {
      ders.add(Bytes.copyOf(Base64.getMimeDecoder().decode(pem.group(1))));
    }
    return ders;
  }

  static List<Bytes> certificates(String text) {
    return certificates(Bytes.copyOf(text.getBytes(StandardCharsets.US_ASCII)));
  }

  private static Optional<Path> folder() {
    Path root = Path.of(System.getProperty("holdfast.root", "")).toAbsolutePath();
    return Stream.iterate(root, path -> path != null, Path::getParent)
        .map(path -> path.resolve("shared/vectors/dcap"))
        .filter(Files::isDirectory)
        .findFirst();
  }
}
