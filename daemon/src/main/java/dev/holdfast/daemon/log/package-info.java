/// The node's log: one place that words and formats it.
package dev.holdfast.daemon.log;
