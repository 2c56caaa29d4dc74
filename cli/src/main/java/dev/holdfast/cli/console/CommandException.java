package dev.holdfast.cli.console;

/// Ends a command with a message on stderr and an exit code.
public final class CommandException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int exit;

  private CommandException(int exit, String message) {
    super(message);
    this.exit = exit;
  }

  public static CommandException usage(String message) {
    return new CommandException(Exit.USAGE, message);
  }

  public static CommandException refused(String message) {
    return new CommandException(Exit.REFUSED, message);
  }

  public static CommandException operational(String message) {
    return new CommandException(Exit.OPERATIONAL, message);
  }

  public int exit() {
    return exit;
  }
}
