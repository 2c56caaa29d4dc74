package dev.holdfast.attestation;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Json;
import dev.holdfast.codec.JsonValue;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.MalformedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The recorded quotes, collateral and cases that lie beside the project, not in it.
final class Vectors {
  private static final Path FOLDER =
      Path.of(System.getProperty("holdfast.root", "."))
          .resolveSibling("shared/vectors/dcap")
          .toAbsolutePath()
          .normalize();

  private Vectors() {}

  /// Skips the running test, loudly, when the vectors are not there.
  static void assumePresent() {
    assumeTrue(
        Files.isDirectory(FOLDER),
        "SKIPPED: the recorded DCAP vectors are not beside the project, in shared/vectors/dcap");
  }

  static Bytes bytes(String path) {
    try {
      return Bytes.copyOf(Files.readAllBytes(FOLDER.resolve(path)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Bytes quote(String name) {
    return bytes("quotes/" + name + ".bin");
  }

  static Collateral collateral(String name) {
    try {
      return Collateral.parse(bytes("collateral/" + name + ".json"));
    } catch (MalformedException e) {
      throw new AssertionError(name, e);
    }
  }

  static List<String> quoteNames() {
    try (var files = Files.list(FOLDER.resolve("quotes"))) {
      return files
          .map(file -> file.getFileName().toString().replace(".bin", ""))
          .filter(name -> !name.startsWith("derived-"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<Case> cases(String file) {
    try {
      List<Case> cases = new ArrayList<>();
      for (JsonValue item : Json.parse(bytes(file)).asArray(10_000).items()) {
        cases.add(Case.parse(item.asObject()));
      }
      return cases;
    } catch (MalformedException e) {
      throw new AssertionError(file, e);
    }
  }

  /// One case; `reasons` is empty when the quote must be accepted, and otherwise holds all reasons
  /// of which a verifier may give any.
  record Case(String name, Bytes quote, Collateral collateral, Instant at, Expected expected) {
    static Case parse(JsonObject object) throws MalformedException {
      byte[] quote = bytes(object.string("quote")).toArray();
      if (object.has("mutate")) {
        for (JsonValue item : object.array("mutate", 1000).items()) {
          int offset = (int) item.asObject().integer("offset", 0, quote.length - 1);
          quote[offset] ^= (byte) item.asObject().integer("xor", 0, 255);
        }
      }
      Optional<String> collateral = text(object, "collateral");
      return new Case(
          object.string("name"),
          Bytes.copyOf(quote),
          collateral.isPresent() ? Collateral.parse(bytes(collateral.get())) : Collateral.none(),
          Instant.parse(object.string("at")),
          Expected.parse(object.object("expect"), text(object, "trustedRoot")));
    }

    TrustAnchor anchor() {
      try {
        return expected.trustedRoot().isPresent()
            ? TrustAnchor.parsePem(bytes(expected.trustedRoot().get()))
            : TrustAnchor.intel();
      } catch (MalformedException e) {
        throw new AssertionError(name, e);
      }
    }

    @Override
    public String toString() {
      return name;
    }
  }

  record Expected(
      List<String> reasons,
      Optional<String> signatures,
      Optional<String> tcbStatus,
      List<String> advisoryIds,
      Optional<Lenient> lenientTime,
      Optional<String> trustedRoot) {
    static Expected parse(JsonObject expect, Optional<String> trustedRoot)
        throws MalformedException {
      List<String> reasons = new ArrayList<>();
      if (expect.string("defaultVerdict").equals("rejected")) {
        reasons.add(expect.string("reason"));
        reasons.addAll(texts(expect, "otherReasons"));
      }
      Optional<Lenient> lenient = Optional.empty();
      if (expect.has("lenient")) {
        JsonObject object = expect.object("lenient");
        if (texts(object, "ignoring").equals(List.of("time"))) {
          lenient =
              Optional.of(new Lenient(text(object, "tcbStatus"), texts(object, "advisoryIds")));
        }
      }
      return new Expected(
          reasons,
          text(expect, "signatures"),
          text(expect, "tcbStatus"),
          texts(expect, "advisoryIds"),
          lenient,
          trustedRoot);
    }
  }

  record Lenient(Optional<String> tcbStatus, List<String> advisoryIds) {}

  private static Optional<String> text(JsonObject object, String name) throws MalformedException {
    Optional<JsonValue> value = object.find(name);
    return value.isEmpty() || value.get() instanceof JsonValue.JsonNull
        ? Optional.empty()
        : Optional.of(value.get().asString());
  }

  private static List<String> texts(JsonObject object, String name) throws MalformedException {
    List<String> texts = new ArrayList<>();
    if (object.has(name)) {
      for (JsonValue item : object.array(name, 1000).items()) {
        texts.add(item.asString());
      }
    }
    return texts;
  }
}
