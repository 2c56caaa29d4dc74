package dev.holdfast.cli.console;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.daemon.config.ConfigurationException;
import dev.holdfast.daemon.config.HostPort;
import dev.holdfast.platform.EvidenceSource;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;

/// Reads what a command line names: files, within a bound, instants, addresses.
public final class Inputs {
  private static final int MAX_FILE_BYTES = 1024 * 1024;

  private Inputs() {}

  /// The bytes of `file`, or of the input for `-`.
  public static Bytes read(Terminal terminal, Path file) throws IOException, CommandException {
    byte[] bytes;
    if (file.toString().equals("-")) {
      bytes = terminal.in().readNBytes(MAX_FILE_BYTES + 1);
    } else {
      try (InputStream in = Files.newInputStream(file)) {
        bytes = in.readNBytes(MAX_FILE_BYTES + 1);
      } catch (NoSuchFileException e) {
        throw CommandException.operational(file + ": no such file");
      }
    }
    if (bytes.length > MAX_FILE_BYTES) {
      throw CommandException.operational(file + ": larger than " + MAX_FILE_BYTES + " bytes");
    }
    return Bytes.copyOf(bytes);
  }

  public static Instant instant(String text) throws CommandException {
    return instant("--at", text);
  }

  public static Instant instant(String option, String text) throws CommandException {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw CommandException.usage(option + ": expected an instant such as 2026-01-31T12:00:00Z");
    }
  }

  /// Where to listen, `host:port`; unresolved when the host has no address.
  public static InetSocketAddress address(String option, String text) throws CommandException {
    try {
      HostPort where = HostPort.parse(option, text);
      return new InetSocketAddress(where.host(), where.port());
    } catch (ConfigurationException e) {
      throw CommandException.usage(String.valueOf(e.getMessage()));
    }
  }

  /// What a quote binds, from 128 hexadecimal digits.
  public static Bytes reportData(String hex) throws CommandException {
    try {
      Bytes bytes = Bytes.parseHex(hex);
      if (bytes.size() == EvidenceSource.REPORT_DATA_SIZE) {
        return bytes;
      }
    } catch (MalformedException e) {
      // Said below, like a wrong size.
    }
    throw CommandException.usage("--report-data: expected 128 hexadecimal digits");
  }
}
