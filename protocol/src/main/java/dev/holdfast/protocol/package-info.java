/// Records, messages and their bytes.
package dev.holdfast.protocol;
