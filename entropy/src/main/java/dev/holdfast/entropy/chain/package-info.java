/// The original network's chain, read and written over JSON-RPC. A chain that lies can hide members
/// and refuse service; what it may never decide is in docs/operating/substrate.md.
package dev.holdfast.entropy.chain;
