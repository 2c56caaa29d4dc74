/// Secrets, envelopes, signatures and secret sharing; [dev.holdfast.crypto.Crypto] is the entry.
/// What the bytes mean is the business of others.
///
/// Time, with respect to secrets:
///
/// - Constant: comparison of secrets and MACs; the arithmetic of sharing; Ed25519 signing, X25519,
///   ML-KEM and AES-GCM under Conscrypt (BoringSSL's own claim); HMAC and SHA-256; AES-GCM of the
///   JDK where the processor has instructions for AES and carry-less multiplication, as every TDX
///   machine has.
/// - Not claimed: everything secret under Bouncy Castle, which is there for the simulation and as a
///   way out where the native library does not load; the JDK's derivation of an Ed25519 public key
///   from its seed, once for each key that is loaded; AES-GCM without those instructions.
/// - Variable, over public values only: parsing of keys and sealed texts, verification, sizes,
///   indices, commitments.
///
/// Erasure is best effort: [dev.holdfast.crypto.SecretBytes] zeroes what it owns, but libraries and
/// the collector make copies. Protected memory is what keeps them.
package dev.holdfast.crypto;
