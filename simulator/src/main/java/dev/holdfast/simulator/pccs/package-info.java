/// The vendor's collateral service as a pure function: request and instant in, reply out.
///
/// Spec: docs/spec/simulator.md#the-service
package dev.holdfast.simulator.pccs;
