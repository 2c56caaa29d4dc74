package dev.holdfast.entropy.v1;

import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.entropy.account.Account;
import dev.holdfast.entropy.hash.Blake2;
import java.util.Optional;

/// What a quote is made for.
public enum QuoteContext {
  VALIDATE(0, "validate"),
  CHANGE_ENDPOINT(1, "change_endpoint"),
  CHANGE_THRESHOLD_ACCOUNTS(2, "change_threshold_accounts"),
  ENCRYPTION_KEY_RECOVERY_REQUEST(3, ""),
  FOREST_ADD_TREE(4, "");

  /// Bytes of a nonce.
  public static final int NONCE_SIZE = 32;

  private final int tag;
  private final String word;

  QuoteContext(int tag, String word) {
    this.tag = tag;
    this.word = word;
  }

  /// The context that `/v1/attest` knows by this word.
  public static Optional<QuoteContext> ofWord(String word) {
    for (QuoteContext context : values()) {
      if (!context.word.isEmpty() && context.word.equals(word)) {
        return Optional.of(context);
      }
    }
    return Optional.empty();
  }

  /// The 64 bytes of report data: a hash of account, key and context, then the nonce. Releases up
  /// to 0.4.0 hashed all of it into 64 bytes; those quotes are not taken.
  public Bytes reportData(Account account, Bytes x25519Key, Bytes nonce) {
    InvariantError.check(nonce.size() == NONCE_SIZE, "a nonce has 32 bytes");
    Bytes context = new ByteWriter().u8(tag).toBytes();
    Bytes hash = Blake2.s256(account.bytes(), x25519Key, context);
    return new ByteWriter().bytes(hash).bytes(nonce).toBytes();
  }
}
