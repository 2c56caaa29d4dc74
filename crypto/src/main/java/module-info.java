/// Secrets, envelopes, signatures and secret sharing.
@org.jspecify.annotations.NullMarked
module dev.holdfast.crypto {
  requires static org.jspecify;
  requires transitive dev.holdfast.codec;

  exports dev.holdfast.crypto;
}
