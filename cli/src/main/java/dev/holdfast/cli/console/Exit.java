package dev.holdfast.cli.console;

/// The exit codes that scripts rely on.
public final class Exit {
  /// Done, accepted, open.
  public static final int OK = 0;

  /// The command line is wrong.
  public static final int USAGE = 1;

  /// Rejected, refused, locked.
  public static final int REFUSED = 2;

  /// A file, a port, a node that cannot be reached.
  public static final int OPERATIONAL = 3;

  /// A bug.
  public static final int BUG = 70;

  private Exit() {}
}
