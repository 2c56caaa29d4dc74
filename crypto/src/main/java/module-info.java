/// Secrets, envelopes, signatures and secret sharing.
// Conscrypt is an automatic module: it has no descriptor of its own.
@SuppressWarnings("requires-automatic")
@org.jspecify.annotations.NullMarked
module dev.holdfast.crypto {
  requires static org.jspecify;
  requires transitive dev.holdfast.codec;
  requires org.bouncycastle.provider;
  requires org.conscrypt;

  exports dev.holdfast.crypto;
  exports dev.holdfast.crypto.passphrase;
}
