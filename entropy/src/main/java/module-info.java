/// The v1 compatibility profile.
@org.jspecify.annotations.NullMarked
module dev.holdfast.entropy {
  requires static org.jspecify;
  requires transitive dev.holdfast.codec;
  requires transitive dev.holdfast.crypto;
  requires transitive dev.holdfast.protocol;
  requires transitive dev.holdfast.store;
  requires cafe.cryptography.curve25519_elisabeth;
  requires java.net.http;
  requires org.bouncycastle.provider;

  exports dev.holdfast.entropy.account;
  exports dev.holdfast.entropy.chain;
  exports dev.holdfast.entropy.development;
  exports dev.holdfast.entropy.hash;
  exports dev.holdfast.entropy.scale;
  exports dev.holdfast.entropy.server;
  exports dev.holdfast.entropy.sr25519;
  exports dev.holdfast.entropy.v1;
}
