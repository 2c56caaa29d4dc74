package dev.holdfast.attestation.tcb;

import dev.holdfast.attestation.quote.Tee;
import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Json;
import dev.holdfast.codec.JsonValue;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.MalformedException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Parses TCB info. Unknown members are ignored: the document is signed, and the vendor adds some.
///
/// Spec: docs/spec/attestation.md#tcb-info
final class TcbInfoParser {
  private static final int COMPONENTS = 16;
  private static final int MAX_MODULES = 64;

  private final JsonObject document;
  private final long version;
  private final Tee tee;

  private TcbInfoParser(JsonObject document) throws MalformedException {
    this.document = document;
    version = document.integer("version", 2, 3);
    tee = version == 2 ? Tee.SGX : Fields.tee(document);
  }

  static TcbInfo parse(Bytes json) throws MalformedException {
    return new TcbInfoParser(Json.parse(json).asObject()).tcbInfo();
  }

  private TcbInfo tcbInfo() throws MalformedException {
    document.integer("tcbType", 0, 0);
    Issue issue = Fields.issue(document);
    TcbInfo.Kind kind = new TcbInfo.Kind(document.hex("fmspc", 6), document.hex("pceId", 2));
    return switch (tee) {
      case SGX -> {
        requireAbsent(document, "tdxModule");
        requireAbsent(document, "tdxModuleIdentities");
        yield new TcbInfo(tee, issue, kind, Optional.empty(), List.of(), levels());
      }
      case TDX -> {
        TdxModule module = module("", document.object("tdxModule"), List.of());
        yield new TcbInfo(tee, issue, kind, Optional.of(module), moduleIdentities(), levels());
      }
    };
  }

  private List<TdxModule> moduleIdentities() throws MalformedException {
    List<TdxModule> modules = new ArrayList<>();
    Optional<JsonValue> array = document.find("tdxModuleIdentities");
    if (array.isEmpty()) {
      return modules;
    }
    Set<String> ids = new HashSet<>();
    for (JsonValue item : array.get().asArray(MAX_MODULES).items()) {
      JsonObject identity = item.asObject();
      String id = identity.string("id").toUpperCase(Locale.ROOT);
      if (!ids.add(id)) {
        throw item.mismatch("each module once", "one twice");
      }
      modules.add(module(id, identity, Fields.isvLevels(identity)));
    }
    return modules;
  }

  private static TdxModule module(String id, JsonObject object, List<IsvLevel> levels)
      throws MalformedException {
    return new TdxModule(
        id,
        object.hex("mrsigner", 48),
        object.hex("attributes", 8),
        object.hex("attributesMask", 8),
        levels);
  }

  private List<TcbLevel> levels() throws MalformedException {
    JsonValue array = document.member("tcbLevels");
    List<TcbLevel> levels = new ArrayList<>();
    for (JsonValue item : array.asArray(Fields.MAX_LEVELS).items()) {
      levels.add(level(item.asObject()));
    }
    Fields.requireLevels(array, levels.size());
    levels.sort(TcbLevel.HIGHEST_FIRST);
    for (int i = 1; i < levels.size(); i++) {
      if (TcbLevel.HIGHEST_FIRST.compare(levels.get(i - 1), levels.get(i)) == 0) {
        throw array.mismatch("each level once", "one twice");
      }
    }
    return levels;
  }

  private TcbLevel level(JsonObject level) throws MalformedException {
    JsonObject tcb = level.object("tcb");
    Bytes sgx = version == 2 ? namedComponents(tcb) : components(tcb, "sgxtcbcomponents");
    Optional<Bytes> tdx = Optional.empty();
    if (tee == Tee.TDX) {
      tdx = Optional.of(components(tcb, "tdxtcbcomponents"));
    } else {
      requireAbsent(tcb, "tdxtcbcomponents");
    }
    return new TcbLevel(sgx, (int) tcb.integer("pcesvn", 0, 0xffff), tdx, Fields.status(level));
  }

  private static Bytes components(JsonObject tcb, String name) throws MalformedException {
    JsonValue array = tcb.member(name);
    List<JsonValue> items = array.asArray(COMPONENTS).items();
    if (items.size() != COMPONENTS) {
      throw array.mismatch("16 components", items.size() + " components");
    }
    ByteWriter out = new ByteWriter();
    for (JsonValue item : items) {
      out.u8((int) item.asObject().integer("svn", 0, Fields.MAX_SVN));
    }
    return out.toBytes();
  }

  /// The components of version 2: `sgxtcbcomp01svn` to `sgxtcbcomp16svn`.
  private static Bytes namedComponents(JsonObject tcb) throws MalformedException {
    ByteWriter out = new ByteWriter();
    for (int i = 1; i <= COMPONENTS; i++) {
      String name = (i < 10 ? "sgxtcbcomp0" : "sgxtcbcomp") + i + "svn";
      out.u8((int) tcb.integer(name, 0, Fields.MAX_SVN));
    }
    return out.toBytes();
  }

  private static void requireAbsent(JsonObject object, String name) throws MalformedException {
    if (object.has(name)) {
      throw object.member(name).mismatch("no member of TDX", "one");
    }
  }
}
