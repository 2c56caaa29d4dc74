package dev.holdfast.cli.demo;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Json;
import dev.holdfast.codec.JsonValue;
import dev.holdfast.codec.JsonValue.JsonInteger;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.JsonValue.JsonString;
import dev.holdfast.codec.MalformedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a node says about itself.
public record NodeStatus(
    String name,
    String state,
    String sentence,
    boolean storeOpen,
    boolean acceptsUserReads,
    boolean acceptsUserWrites,
    Optional<String> account,
    long k,
    long n,
    long members,
    List<Provider> providers,
    Recovery recovery) {
  private static final int MAX_PROVIDERS = 64;

  /// One provider of its shares.
  public record Provider(String name, String progress, String setback) {}

  /// How its store came to be open.
  ///
  /// @param openedAfterMillis since the start of the process
  /// @param quotesUntilOpen quotes that it had asked for by then
  public record Recovery(Optional<Long> openedAfterMillis, Optional<Long> quotesUntilOpen) {}

  public static NodeStatus parse(Bytes json) throws MalformedException {
    JsonObject status = Json.parse(json).asObject();
    List<Provider> providers = new ArrayList<>();
    for (JsonValue item : status.array("providers", MAX_PROVIDERS).items()) {
      JsonObject provider = item.asObject();
      providers.add(
          new Provider(provider.string("name"), provider.string("progress"), setback(provider)));
    }
    return new NodeStatus(
        status.string("name"),
        status.string("state"),
        status.string("sentence"),
        status.bool("storeOpen"),
        status.bool("acceptsUserReads"),
        status.bool("acceptsUserWrites"),
        status.member("account") instanceof JsonString account
            ? Optional.of(account.value())
            : Optional.empty(),
        status.integer("k", 0, Long.MAX_VALUE),
        status.integer("n", 0, Long.MAX_VALUE),
        status.integer("members", 0, Long.MAX_VALUE),
        providers,
        new Recovery(
            number(status.member("openedAfterMillis")), number(status.member("quotesUntilOpen"))));
  }

  /// How many providers are as far as `progress`.
  public long count(String progress) {
    return providers.stream().filter(p -> p.progress().equals(progress)).count();
  }

  private static Optional<Long> number(JsonValue value) {
    return value instanceof JsonInteger number ? Optional.of(number.value()) : Optional.empty();
  }

  private static String setback(JsonObject provider) throws MalformedException {
    if (!(provider.member("setback") instanceof JsonObject setback)) {
      return "";
    }
    String detail = setback.string("detail");
    return setback.string("code") + (detail.isEmpty() ? "" : ": " + detail);
  }
}
