/// Evidence from the machine: quotes over configfs-tsm, collateral from a file.
package dev.holdfast.platform;
