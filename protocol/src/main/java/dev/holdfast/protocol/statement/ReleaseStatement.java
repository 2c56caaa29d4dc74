package dev.holdfast.protocol.statement;

import dev.holdfast.attestation.policy.Measurement;
import dev.holdfast.attestation.quote.TdReport;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.codec.JsonValue;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.protocol.Document;
import dev.holdfast.protocol.MemberLabels;
import dev.holdfast.protocol.Registers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Which images a fleet runs, signed by its release keys. Old and new image stand in one statement
/// while both run; a later statement (`serial`) replaces the earlier whole, so an image that it
/// leaves out is accepted no more.
///
/// - `serial`: 1 to 2^53 - 1, only grows.
/// - `from`, `until`: when it may be acted on, whole milliseconds. After `until` it still allows
///   releases for the grace that a deposit names, so that nobody is locked out by a late signature.
/// - `images`: 1 to [#MAX_IMAGES].
///
/// Spec: docs/spec/protocol.md#release-statements
public record ReleaseStatement(long serial, Instant from, Instant until, List<Image> images) {
  public static final int MAX_IMAGES = 16;

  private static final String TYPE = "release-statement";
  private static final Set<String> MEMBERS = Set.of("serial", "from", "until", "images");
  private static final Set<String> IMAGE_MEMBERS =
      Set.of("role", "imageVersion", "use", "measurement");

  /// What an image is accepted for, the most first.
  public enum Use {
    /// It may run: get shares back, hold shares of others, draw keys.
    RUN("run"),
    /// It ran once: keys that it drew are still good, and nothing else.
    ORIGIN("origin");

    private final String code;

    Use(String code) {
      this.code = code;
    }

    public String code() {
      return code;
    }
  }

  /// One image of the role `role`, in words `imageVersion`.
  public record Image(String role, String imageVersion, Use use, Measurement measurement) {}

  public ReleaseStatement {
    images = List.copyOf(images);
    InvariantError.check(
        !images.isEmpty() && images.size() <= MAX_IMAGES && from.isBefore(until),
        "a statement is checked before");
  }

  /// True when it may be acted on at `now`.
  public boolean isInForce(Instant now) {
    return !now.isBefore(from) && now.isBefore(until);
  }

  /// True when it still allows releases at `now`.
  public boolean allowsRelease(Instant now, Duration grace) {
    return !now.isBefore(from) && now.isBefore(until.plus(grace));
  }

  /// What images of `role` measure that may run.
  public List<Measurement> running(String role) {
    return images.stream()
        .filter(image -> image.role().equals(role) && image.use() == Use.RUN)
        .map(Image::measurement)
        .toList();
  }

  /// What images of `role` measure whose keys are good.
  public List<Measurement> origins(String role) {
    return images.stream()
        .filter(image -> image.role().equals(role))
        .map(Image::measurement)
        .toList();
  }

  /// What an image of `role` is accepted for that measures as `report` says; empty for nothing.
  public Optional<Use> useOf(String role, TdReport report) {
    return images.stream()
        .filter(image -> image.role().equals(role) && image.measurement().matches(report))
        .map(Image::use)
        .min(Comparator.naturalOrder());
  }

  public Bytes toBytes() {
    List<JsonWriter> list = new ArrayList<>();
    for (Image image : images) {
      list.add(
          JsonWriter.object()
              .put("role", image.role())
              .put("imageVersion", image.imageVersion())
              .put("use", image.use().code())
              .put("measurement", Registers.json(image.measurement())));
    }
    return Document.of(TYPE)
        .put("serial", serial)
        .put("from", from.toEpochMilli())
        .put("until", until.toEpochMilli())
        .putObjects("images", list)
        .toBytes();
  }

  public static ReleaseStatement parse(Bytes bytes) throws MalformedException {
    JsonObject object = Document.parse(TYPE, SignedStatement.MAX_BODY_SIZE, bytes, MEMBERS);
    Instant from = Instant.ofEpochMilli(object.integer("from", 0, Document.MAX_COUNTER));
    Instant until = Instant.ofEpochMilli(object.integer("until", 0, Document.MAX_COUNTER));
    if (!from.isBefore(until)) {
      throw object.member("until").mismatch("later than from", "not later");
    }
    List<Image> images = new ArrayList<>();
    JsonValue list = object.member("images");
    for (JsonValue item : list.asArray(MAX_IMAGES).items()) {
      images.add(image(item.asObject()));
    }
    if (images.isEmpty()) {
      throw list.mismatch("at least one image", "none");
    }
    return new ReleaseStatement(Document.counter(object, "serial"), from, until, images);
  }

  private static Image image(JsonObject object) throws MalformedException {
    object.requireOnly(IMAGE_MEMBERS);
    return new Image(
        label(object, "role"),
        label(object, "imageVersion"),
        use(object.member("use")),
        Registers.read(object.object("measurement")));
  }

  private static Use use(JsonValue value) throws MalformedException {
    for (Use use : Use.values()) {
      if (use.code().equals(value.asString())) {
        return use;
      }
    }
    throw value.mismatch("run or origin", "another use");
  }

  private static String label(JsonObject object, String name) throws MalformedException {
    String text = object.string(name);
    if (text.isEmpty() || !MemberLabels.isLabel(text)) {
      throw object.member(name).mismatch("1 to 63 of a-z, 0-9, dot and hyphen", "other text");
    }
    return text;
  }
}
