/// A development vendor under its own root. Nothing it issues is worth trusting.
package dev.holdfast.simulator;
