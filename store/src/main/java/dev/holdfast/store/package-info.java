/// The sealed store: RocksDB below, sealed above.
package dev.holdfast.store;
