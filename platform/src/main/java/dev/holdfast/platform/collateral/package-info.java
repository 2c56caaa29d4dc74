/// Collateral from the vendor's service (PCS) or a cache of it (PCCS), and the cache on this disk.
package dev.holdfast.platform.collateral;
