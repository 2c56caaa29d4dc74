/// Accounts of Substrate chains: addresses, phrases, derivation.
package dev.holdfast.entropy.account;
