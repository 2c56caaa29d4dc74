/// The development vendor's collateral service on a socket.
package dev.holdfast.daemon.pccs;
