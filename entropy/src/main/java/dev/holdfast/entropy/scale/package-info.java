/// SCALE, the binary encoding of Substrate chains, read strictly and within limits.
package dev.holdfast.entropy.scale;
