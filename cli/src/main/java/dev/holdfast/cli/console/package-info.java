/// What every command shares: its streams, its exit codes, running a node.
package dev.holdfast.cli.console;
