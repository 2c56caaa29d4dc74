/// What drives a node: the event loop, the runner of effects, time, durable files.
package dev.holdfast.daemon.runtime;
