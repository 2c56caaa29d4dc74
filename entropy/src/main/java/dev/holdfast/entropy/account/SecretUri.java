package dev.holdfast.entropy.account;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.entropy.hash.Blake2;
import dev.holdfast.entropy.scale.ScaleWriter;
import dev.holdfast.entropy.sr25519.Sr25519Key;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Substrate's way to write a secret key down: `PHRASE//hard/soft///password`, where the phrase may
/// be `0x` and a 32-byte seed, or left out for the phrase that everybody knows (`//Alice`).
public final class SecretUri {
  /// The phrase of all development accounts. Worthless as a secret.
  public static final String DEVELOPMENT_PHRASE =
      "bottom drive obey lake curtain smoke basket hold race lonely fit walk";

  private static final Pattern URI =
      Pattern.compile("(?<root>[^/]*)(?<path>(//?[^/]+)*)(///(?<password>[^/].*))?");
  private static final Pattern JUNCTION = Pattern.compile("(?<slashes>//?)(?<name>[^/]+)");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,20}");
  private static final Pattern SEED = Pattern.compile("0x[0-9a-fA-F]{64}");
  private static final int CHAIN_CODE_SIZE = 32;

  private SecretUri() {}

  /// The key, which the caller closes; `random` hedges the signatures of softly derived keys.
  ///
  /// @throws MalformedException when the text is none of these forms
  public static Sr25519Key parse(String text, SecureRandom random) throws MalformedException {
    Matcher uri = URI.matcher(text);
    if (!uri.matches()) {
      throw new MalformedException(
          "secret URI", 0, "uri", "PHRASE//hard/soft///password", "other text");
    }
    String password = uri.group("password") == null ? "" : uri.group("password");
    Sr25519Key key = root(uri.group("root"), password);
    Matcher junction = JUNCTION.matcher(uri.group("path"));
    while (junction.find()) {
      Bytes code = chainCode(junction.group("name"));
      boolean hard = junction.group("slashes").length() == 2;
      try (Sr25519Key parent = key) {
        key = hard ? parent.deriveHard(code) : parent.deriveSoft(code, random);
      }
    }
    return key;
  }

  private static Sr25519Key root(String root, String password) throws MalformedException {
    if (SEED.matcher(root).matches()) {
      try (SecretBytes seed = SecretBytes.take(Bytes.parseHex(root.substring(2)).toArray())) {
        return Sr25519Key.ofSeed(seed);
      }
    }
    try (Mnemonic mnemonic = Mnemonic.parse(root.isEmpty() ? DEVELOPMENT_PHRASE : root);
        SecretBytes seed = mnemonic.miniSecret(password)) {
      return Sr25519Key.ofSeed(seed);
    }
  }

  private static Bytes chainCode(String name) {
    ScaleWriter out = new ScaleWriter();
    boolean number =
        NUMBER.matcher(name).matches() && new BigInteger(name).bitLength() <= Long.SIZE;
    if (number) {
      long value = new BigInteger(name).longValue();
      out.u32(value).u32(value >>> 32);
    } else {
      out.text(name);
    }
    Bytes code = out.toBytes();
    return code.size() > CHAIN_CODE_SIZE
        ? Blake2.b(CHAIN_CODE_SIZE, code)
        : out.bytes(Bytes.zero(CHAIN_CODE_SIZE - code.size())).toBytes();
  }
}
