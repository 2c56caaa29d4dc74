package dev.holdfast.platform.collateral;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Json;
import dev.holdfast.codec.JsonValue;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.JsonValue.Member;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.platform.collateral.MockPccs.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Recorded replies of Intel's service and real quotes, which lie beside the project, not in it.
final class Recordings {
  private static final Path FOLDER =
      Path.of(System.getProperty("holdfast.root", "."))
          .resolveSibling("shared/vectors/dcap")
          .toAbsolutePath()
          .normalize();

  private Recordings() {}

  /// Skips the running test, loudly, when the recordings are not there.
  static void assumePresent() {
    assumeTrue(
        Files.isDirectory(FOLDER),
        "SKIPPED: the recorded service replies are not beside the project, in shared/vectors/dcap");
  }

  static Bytes quote(String name) {
    return bytes("quotes/" + name + ".bin");
  }

  /// Serves everything of one recording, whatever host it was recorded from, and answers the
  /// instant at which it was whole.
  static Instant serve(MockPccs pccs, String name) {
    try {
      JsonObject index = Json.parse(bytes("pcs-replies/index.json")).asObject();
      for (JsonValue item : index.array("recordings", 100).items()) {
        JsonObject recording = item.asObject();
        if (recording.string("name").equals(name)) {
          for (JsonValue entry : recording.array("entries", 1000).items()) {
            serve(pccs, entry.asObject());
          }
          return Instant.parse(recording.string("instant"));
        }
      }
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
    throw new AssertionError("no recording " + name);
  }

  private static void serve(MockPccs pccs, JsonObject entry) throws MalformedException {
    List<String> query = new ArrayList<>();
    for (Member parameter : entry.object("query").members()) {
      query.add(parameter.name() + "=" + parameter.value().asString());
    }
    Answer answer =
        Answer.of(
            (int) entry.integer("status", 100, 999), bytes("pcs-replies/" + entry.string("body")));
    for (String line : text("pcs-replies/" + entry.string("headers")).lines().toList()) {
      String[] header = line.split(": ", 2);
      answer = answer.with(header[0], header[1]);
    }
    String path = entry.string("path");
    pccs.put(query.isEmpty() ? path : path + "?" + String.join("&", query), answer);
  }

  private static String text(String path) {
    return new String(bytes(path).toArray(), StandardCharsets.US_ASCII);
  }

  private static Bytes bytes(String path) {
    try {
      return Bytes.copyOf(Files.readAllBytes(FOLDER.resolve(path)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
