/// The layouts of quotes and report bodies, and the software quoting enclave.
///
/// Spec: docs/spec/simulator.md#quotes
package dev.holdfast.simulator.quote;
