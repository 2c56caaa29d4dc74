/// The hash functions of Substrate chains. They know no formats.
package dev.holdfast.entropy.hash;
