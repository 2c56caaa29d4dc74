package dev.holdfast.daemon.config;

import dev.holdfast.attestation.policy.AttestationPolicy;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.dataformat.toml.TomlMapper;

/// An attestation policy as people write it: TOML, or JSON when it begins with a brace. Both have
/// the same members.
///
/// Spec: docs/spec/policy.md
public final class PolicyFile {
  private PolicyFile() {}

  /// Parses at most [AttestationPolicy#MAX_SIZE] bytes.
  ///
  /// @throws MalformedException when it is neither, or no policy
  public static AttestationPolicy parse(Bytes content) throws MalformedException {
    if (content.size() > AttestationPolicy.MAX_SIZE) {
      // The one error that both forms share: said by the reader of policies.
      return AttestationPolicy.parse(content);
    }
    String text = new String(content.toArray(), StandardCharsets.UTF_8);
    return AttestationPolicy.parse(text.stripLeading().startsWith("{") ? content : json(text));
  }

  private static Bytes json(String toml) throws MalformedException {
    try {
      String json = new TomlMapper().readTree(toml).toString();
      return Bytes.copyOf(json.getBytes(StandardCharsets.UTF_8));
    } catch (JacksonException e) {
      int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
      throw new MalformedException("policy", 0, "line " + line, "TOML", "other text");
    }
  }
}
