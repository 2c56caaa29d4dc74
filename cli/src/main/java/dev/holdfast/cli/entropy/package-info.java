/// The command that runs a server of the v1 profile.
package dev.holdfast.cli.entropy;
