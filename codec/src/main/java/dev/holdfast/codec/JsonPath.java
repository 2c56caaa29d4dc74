package dev.holdfast.codec;

import org.jspecify.annotations.Nullable;

/// Where a value stands in a JSON document; the text, such as `$.tcbInfo.tcbLevels[2]`, is made
/// only when somebody wants it.
public final class JsonPath {
  static final JsonPath ROOT = new JsonPath(null, "", -1);

  private final @Nullable JsonPath parent;
  private final String name;
  private final int index;

  private JsonPath(@Nullable JsonPath parent, String name, int index) {
    this.parent = parent;
    this.name = name;
    this.index = index;
  }

  JsonPath member(String name) {
    return new JsonPath(this, name, -1);
  }

  JsonPath item(int index) {
    return new JsonPath(this, "", index);
  }

  @Override
  public String toString() {
    if (parent == null) {
      return "$";
    }
    return parent + (index < 0 ? "." + printable(name) : "[" + index + "]");
  }

  /// Names come from the input and end in messages: only harmless ones are repeated there.
  private static String printable(String name) {
    boolean harmless =
        name.length() <= 64
            && name.chars()
                .allMatch(c -> c < 0x7f && (Character.isLetterOrDigit(c) || "_-".indexOf(c) >= 0));
    return harmless ? name : "?";
  }
}
