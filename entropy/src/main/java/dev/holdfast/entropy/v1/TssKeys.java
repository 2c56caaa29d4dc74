package dev.holdfast.entropy.v1;

import dev.holdfast.codec.Bytes;
import dev.holdfast.crypto.Hkdf;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.entropy.account.Account;
import dev.holdfast.entropy.account.Mnemonic;
import dev.holdfast.entropy.sr25519.Sr25519Key;
import java.security.SecureRandom;

/// The two keys of a server: sr25519 for its account, X25519 for messages to it. The owner closes
/// them.
public final class TssKeys implements AutoCloseable {
  private static final Bytes SIGNING_INFO = Bytes.utf8("sr25519-threshold-account");
  private static final Bytes ENCRYPTION_INFO = Bytes.utf8("X25519-keypair");

  private final SecretBytes seed;
  private final Sr25519Key signing;
  private final X25519Key encryption;

  private TssKeys(SecretBytes seed, X25519Key encryption) {
    this.seed = seed;
    this.signing = Sr25519Key.ofSeed(seed);
    this.encryption = encryption;
  }

  /// Copies both secrets, of 32 bytes each.
  public static TssKeys of(SecretBytes seed, SecretBytes encryption) {
    return new TssKeys(seed.copy(), X25519Key.of(encryption));
  }

  public static TssKeys generate(SecureRandom random) {
    return new TssKeys(
        SecretBytes.generate(Sr25519Key.SEED_SIZE, random), X25519Key.generate(random));
  }

  /// The keys that the original derives from a phrase: not those that Substrate would.
  public static TssKeys ofMnemonic(Mnemonic mnemonic) {
    try (SecretBytes whole = mnemonic.seed();
        SecretBytes encryption = Hkdf.derive(whole, Bytes.EMPTY, ENCRYPTION_INFO, X25519Key.SIZE)) {
      SecretBytes seed = Hkdf.derive(whole, Bytes.EMPTY, SIGNING_INFO, Sr25519Key.SEED_SIZE);
      return new TssKeys(seed, X25519Key.of(encryption));
    }
  }

  public Account account() {
    return new Account(signing.publicKey());
  }

  public Sr25519Key signing() {
    return signing;
  }

  public X25519Key encryption() {
    return encryption;
  }

  /// A copy of the sr25519 seed, which the caller closes.
  public SecretBytes seed() {
    return seed.copy();
  }

  @Override
  public void close() {
    seed.close();
    signing.close();
    encryption.close();
  }
}
