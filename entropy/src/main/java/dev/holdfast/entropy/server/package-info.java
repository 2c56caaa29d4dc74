/// A server and client of the original network: its routes, its state and the life of its store.
/// Insecure where the original's protocol is (G1 to G5 in docs/operating/entropy-v1.md).
package dev.holdfast.entropy.server;
