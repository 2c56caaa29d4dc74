/// Evidence from the machine.
package dev.holdfast.platform;
