/// Secrets, envelopes, signatures and secret sharing behind one interface with two implementations.
package dev.holdfast.crypto;
