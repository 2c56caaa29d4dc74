/// The signed JSON documents: TCB info and QE identity, with every member replaceable.
///
/// Spec: docs/spec/simulator.md#documents
package dev.holdfast.simulator.tcb;
