/// The owner's way into a running node: HTTP over a Unix socket in an owner-only folder.
package dev.holdfast.daemon.local;
