/// A fleet of real nodes in one thread and in virtual time: real cryptography, real quotes of a
/// development vendor, the real verifier; networks, disks, registries, clocks and hosts are models
/// with faults. One seed decides everything.
///
/// See docs/simulation.md.
@NullMarked
package dev.holdfast.sim;

import org.jspecify.annotations.NullMarked;
