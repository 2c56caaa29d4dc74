/// Schnorr signatures over Ristretto as Substrate chains use them. The group's arithmetic is a
/// library's; the transcript is here.
package dev.holdfast.entropy.sr25519;
