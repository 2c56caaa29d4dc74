package dev.holdfast.protocol;

import dev.holdfast.codec.InvariantError;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import java.util.Set;
import java.util.regex.Pattern;

/// What a member says about itself: self-asserted, so hints for people and for spreading, never a
/// ground for trust. Each 1 to 63 characters of `a-z0-9.-`, or empty.
public record MemberLabels(String name, String operator, String zone) {
  private static final Pattern LABEL = Pattern.compile("[a-z0-9.-]{0,63}");
  private static final Set<String> MEMBERS = Set.of("name", "operator", "zone");

  public MemberLabels {
    InvariantError.check(
        isLabel(name) && isLabel(operator) && isLabel(zone), "labels are checked before");
  }

  public static boolean isLabel(String text) {
    return LABEL.matcher(text).matches();
  }

  public JsonWriter toJson() {
    return JsonWriter.object().put("name", name).put("operator", operator).put("zone", zone);
  }

  public static MemberLabels read(JsonObject object) throws MalformedException {
    object.requireOnly(MEMBERS);
    return new MemberLabels(
        label(object, "name"), label(object, "operator"), label(object, "zone"));
  }

  /// The label `member` of `object`.
  public static String label(JsonObject object, String member) throws MalformedException {
    String text = object.string(member);
    if (!isLabel(text)) {
      throw object.member(member).mismatch("up to 63 characters of a-z0-9.-", "other text");
    }
    return text;
  }
}
