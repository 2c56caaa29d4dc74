package dev.holdfast.cli;

import picocli.CommandLine.Command;

@Command(
    name = "log",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    header = "The release log: who was given what, and whether anybody changed it since.")
final class LogCommand {}
