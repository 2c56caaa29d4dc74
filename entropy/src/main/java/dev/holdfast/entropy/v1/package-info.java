/// The original network's messages, byte for byte: encrypted signed messages, quotes and what they
/// bind, the provider file. Kept for compatibility; what it does not protect is in
/// docs/operating/entropy-v1.md.
package dev.holdfast.entropy.v1;
