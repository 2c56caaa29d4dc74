/// A chain to develop and test against: the storage, metadata and methods that a client of the
/// original network uses, without consensus, balances or a runtime; with faults and lies on
/// command.
package dev.holdfast.entropy.development;
