package dev.holdfast.codec;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// Where a value stands in its document: `$.tcbInfo.tcbLevels[2]`.
///
/// Written out only when someone asks. Every value has one, and a document of 256 KiB may hold a
/// hundred thousand values below thirty long names.
public final class JsonPath {
  static final JsonPath ROOT = new JsonPath(null, "");

  private final @Nullable JsonPath parent;

  /// A name, or the number of an item.
  private final Object step;

  private JsonPath(@Nullable JsonPath parent, Object step) {
    this.parent = parent;
    this.step = step;
  }

  JsonPath member(String name) {
    return new JsonPath(this, name);
  }

  JsonPath item(int index) {
    return new JsonPath(this, index);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof JsonPath path && toString().equals(path.toString());
  }

  @Override
  public int hashCode() {
    return toString().hashCode();
  }

  @Override
  public String toString() {
    Deque<JsonPath> steps = new ArrayDeque<>();
    for (JsonPath path = this; path != null; path = path.parent) {
      steps.push(path);
    }
    StringBuilder text = new StringBuilder();
    for (JsonPath path : steps) {
      String next = path.parent == null ? "$" : path.step();
      if (text.length() + next.length() > Json.MAX_PATH) {
        break;
      }
      text.append(next);
    }
    return text.toString();
  }

  private String step() {
    return step instanceof String name ? "." + name : "[" + step + "]";
  }
}
