/// The holdfast command.
package dev.holdfast.cli;
