/// The commands that judge quotes and collateral; they need no node.
package dev.holdfast.cli.quote;
