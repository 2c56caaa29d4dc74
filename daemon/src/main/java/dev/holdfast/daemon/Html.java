package dev.holdfast.daemon;

import java.util.List;

/// Writes HTML: markup of this program, and text of anybody, which comes out as that text only.
final class Html {
  private final StringBuilder out = new StringBuilder();

  Html() {}

  /// `text` as content of an element or of a quoted attribute. Characters that no page may contain
  /// become U+FFFD, and so do those that turn the direction of the text around them.
  static String escape(String text) {
    StringBuilder safe = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(c -> {
          switch (c) {
            case '&' -> safe.append("&amp;");
            case '<' -> safe.append("&lt;");
            case '>' -> safe.append("&gt;");
            case '"' -> safe.append("&quot;");
            case '\'' -> safe.append("&#39;");
            default -> safe.appendCodePoint(isText(c) ? c : 0xFFFD);
          }
        });
    return safe.toString();
  }

  private static boolean isText(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }

  /// Markup as it is: constants of the program only.
  Html raw(String markup) {
    out.append(markup).append('\n');
    return this;
  }

  /// An element with text in it.
  ///
  /// @param tag a constant, with attributes that are constants
  Html element(String tag, String text) {
    String name = tag.split(" ", 2)[0];
    out.append('<').append(tag).append('>').append(escape(text));
    out.append("</").append(name).append(">\n");
    return this;
  }

  /// A row of a list of terms and values.
  Html term(String term, String value) {
    return element("dt", term).element("dd", value);
  }

  /// A table that a screen reader can read: a caption, and a header for each row and column.
  ///
  /// @param columns constants
  Html table(String caption, List<String> columns, List<List<String>> rows) {
    raw(
        "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\""
            + escape(caption)
            + "\">");
    raw("<table>").element("caption", caption).raw("<thead><tr>");
    columns.forEach(column -> element("th scope=\"col\"", column));
    raw("</tr></thead>").raw("<tbody>");
    for (List<String> row : rows) {
      raw("<tr>").element("th scope=\"row\"", row.getFirst());
      row.subList(1, row.size()).forEach(cell -> element("td", cell));
      raw("</tr>");
    }
    return raw("</tbody>").raw("</table>").raw("</div>");
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
