package dev.holdfast.entropy.chain;

import dev.holdfast.codec.MalformedException;
import dev.holdfast.entropy.scale.ScaleReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The types that a runtime's metadata lists, by number.
final class MetadataTypes {
  static final int MAX_TEXT = 4096;

  private static final int MAX_TYPES = 20_000;
  private static final int MAX_ITEMS = 4096;
  private static final int MAX_DEPTH = 24;
  private static final List<String> PRIMITIVES =
      List.of(
          "bool", "char", "str", "u8", "u16", "u32", "u64", "u128", "u256", "i8", "i16", "i32",
          "i64", "i128", "i256");

  private final List<Definition> definitions;

  private MetadataTypes(List<Definition> definitions) {
    this.definitions = definitions;
  }

  sealed interface Definition {
    record Composite(List<Field> fields) implements Definition {}

    record Variants(List<Variant> variants) implements Definition {}

    record Sequence(int item) implements Definition {}

    record Array(long size, int item) implements Definition {}

    record Tuple(List<Integer> items) implements Definition {}

    record Primitive(String name) implements Definition {}

    record Compact(int of) implements Definition {}

    record Bits() implements Definition {}
  }

  record Field(Optional<String> name, int type) {}

  record Variant(String name, List<Field> fields, int index) {}

  static MetadataTypes read(ScaleReader in) throws MalformedException {
    List<Definition> definitions = new ArrayList<>();
    in.list(
        MAX_TYPES,
        "types",
        type -> {
          if (type.length(MAX_TYPES, "type number") != definitions.size()) {
            throw type.malformed("type number", "the next one", "another");
          }
          texts(type, "path");
          type.list(
              MAX_ITEMS,
              "parameters",
              parameter -> {
                parameter.text(MAX_TEXT, "name");
                return parameter.option("type", MetadataTypes::number);
              });
          definitions.add(definition(type));
          texts(type, "documentation");
          return definitions.size();
        });
    return new MetadataTypes(List.copyOf(definitions));
  }

  static int number(ScaleReader in) throws MalformedException {
    return in.length(MAX_TYPES, "type");
  }

  static List<String> texts(ScaleReader in, String field) throws MalformedException {
    return in.list(MAX_ITEMS, field, text -> text.text(64 * 1024, field));
  }

  /// The shape of type `number`: `[T]`, `[T;n]`, `(T,U)`, `{name:T}`, `<Name=index>`, primitives by
  /// name; a structure around one nameless field is that field.
  String describe(int number) {
    return describe(number, 0);
  }

  /// The variants of type `number`; none when it is no enumeration.
  List<Variant> variants(int number) {
    return number < definitions.size()
            && definitions.get(number) instanceof Definition.Variants(List<Variant> variants)
        ? variants
        : List.of();
  }

  private String describe(int number, int depth) {
    if (depth > MAX_DEPTH || number >= definitions.size()) {
      return "?";
    }
    return switch (definitions.get(number)) {
      case Definition.Composite(List<Field> fields) -> fields(fields, depth);
      case Definition.Variants(List<Variant> variants) ->
          variants.stream()
              .map(variant -> variant(variant, depth))
              .collect(Collectors.joining(",", "<", ">"));
      case Definition.Sequence(int item) -> "[" + describe(item, depth + 1) + "]";
      case Definition.Array(long size, int item) ->
          "[" + describe(item, depth + 1) + ";" + size + "]";
      case Definition.Tuple(List<Integer> items) ->
          items.stream()
              .map(item -> describe(item, depth + 1))
              .collect(Collectors.joining(",", "(", ")"));
      case Definition.Primitive(String name) -> name;
      case Definition.Compact(int of) -> "compact " + describe(of, depth + 1);
      case Definition.Bits() -> "bits";
    };
  }

  private String variant(Variant variant, int depth) {
    String fields = variant.fields().isEmpty() ? "" : fields(variant.fields(), depth);
    return variant.name() + fields + "=" + variant.index();
  }

  private String fields(List<Field> fields, int depth) {
    if (fields.size() == 1 && fields.getFirst().name().isEmpty()) {
      return describe(fields.getFirst().type(), depth + 1);
    }
    return fields.stream()
        .map(field ->
            field.name().map(name -> name + ":").orElse("") + describe(field.type(), depth + 1))
        .collect(Collectors.joining(",", "{", "}"));
  }

  private static Definition definition(ScaleReader in) throws MalformedException {
    return switch (in.u8("kind of type")) {
      case 0 -> new Definition.Composite(fields(in));
      case 1 -> new Definition.Variants(in.list(MAX_ITEMS, "variants", MetadataTypes::variant));
      case 2 -> new Definition.Sequence(number(in));
      case 3 -> new Definition.Array(in.u32("size"), number(in));
      case 4 -> new Definition.Tuple(in.list(MAX_ITEMS, "items", MetadataTypes::number));
      case 5 -> primitive(in);
      case 6 -> new Definition.Compact(number(in));
      case 7 -> {
        number(in);
        number(in);
        yield new Definition.Bits();
      }
      default -> throw in.malformed("kind of type", "0..7", "another");
    };
  }

  private static Definition primitive(ScaleReader in) throws MalformedException {
    int index = in.u8("primitive");
    if (index >= PRIMITIVES.size()) {
      throw in.malformed("primitive", "0..14", "another");
    }
    return new Definition.Primitive(PRIMITIVES.get(index));
  }

  private static Variant variant(ScaleReader in) throws MalformedException {
    String name = in.text(MAX_TEXT, "name");
    List<Field> fields = fields(in);
    int index = in.u8("index");
    texts(in, "documentation");
    return new Variant(name, fields, index);
  }

  private static List<Field> fields(ScaleReader in) throws MalformedException {
    return in.list(
        MAX_ITEMS,
        "fields",
        field -> {
          Optional<String> name = field.option("name", text -> text.text(MAX_TEXT, "name"));
          int type = number(field);
          field.option("type name", text -> text.text(MAX_TEXT, "type name"));
          texts(field, "documentation");
          return new Field(name, type);
        });
  }
}
