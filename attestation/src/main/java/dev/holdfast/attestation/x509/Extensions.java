package dev.holdfast.attestation.x509;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The extensions of a certificate, a CRL or a CRL entry: each at most once, none critical that the
/// reader does not understand.
final class Extensions {
  static final Extensions NONE = new Extensions(Map.of());

  private final Map<Bytes, Bytes> values;

  private Extensions(Map<Bytes, Bytes> values) {
    this.values = values;
  }

  /// Parses the SEQUENCE OF Extension that `in` is about to enter.
  static Extensions parse(Der in, Set<Bytes> understood) throws MalformedException {
    Der list = in.sequence("extensions");
    Map<Bytes, Bytes> values = new HashMap<>();
    while (list.hasMore()) {
      Der extension = list.sequence("extension");
      Bytes oid = extension.oid("extension.id");
      Optional<Der> critical = extension.optional(Der.BOOLEAN, "extension.critical");
      if (critical.isPresent()) {
        Bytes content = critical.get().rest();
        if (content.size() != 1 || content.at(0) != 0xff) {
          throw list.malformed("extension.critical", "TRUE or nothing", "another encoding");
        }
        if (!understood.contains(oid)) {
          throw list.malformed("extension.id", "critical extensions of the profile", "another");
        }
      }
      Bytes value = extension.content(Der.OCTET_STRING, "extension.value");
      extension.requireEnd("extension");
      if (values.putIfAbsent(oid, value) != null) {
        throw list.malformed("extension.id", "each extension once", "one twice");
      }
    }
    return new Extensions(values);
  }

  Optional<Bytes> find(Bytes oid) {
    return Optional.ofNullable(values.get(oid));
  }

  /// The key id of an AuthorityKeyIdentifier.
  Optional<Bytes> authorityKeyId(String format) throws MalformedException {
    Optional<Bytes> value = find(Oids.AUTHORITY_KEY_ID);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    Der outer = Der.of(format, value.get());
    Der in = outer.sequence("authorityKeyIdentifier");
    outer.requireEnd("authorityKeyIdentifier");
    return in.optional(Der.primitive(0), "keyIdentifier").map(Der::rest);
  }
}
