/// A node on a real machine.
package dev.holdfast.daemon;
