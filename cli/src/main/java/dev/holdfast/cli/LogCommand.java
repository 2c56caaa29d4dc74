package dev.holdfast.cli;

import picocli.CommandLine.Command;

@Command(
    name = "log",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    header = "Shows who was given what, and whether that log was changed.")
final class LogCommand {}
