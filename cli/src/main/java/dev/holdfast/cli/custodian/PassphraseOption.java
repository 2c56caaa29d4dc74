package dev.holdfast.cli.custodian;

import dev.holdfast.cli.console.CommandException;
import dev.holdfast.crypto.SecretBytes;
import java.io.Console;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where the passphrase of a key comes from: a file, or the person at the terminal.
final class PassphraseOption {
  private static final int MAX_BYTES = 1024;
  private static final int MAX_BYTES_PER_CHAR = 3;

  @Option(
      names = "--passphrase-file",
      paramLabel = "FILE",
      description = "The passphrase, one line; else it is asked for.")
  private @Nullable Path file;

  PassphraseOption() {}

  /// The passphrase, which the caller closes.
  ///
  /// @param twice asked for again, so that no slip of the finger makes a key that nobody opens
  SecretBytes read(boolean twice) throws IOException, CommandException {
    SecretBytes passphrase = file == null ? ask(twice) : ofFile(file);
    if (passphrase.size() == 0) {
      passphrase.close();
      throw CommandException.usage("the passphrase is empty");
    }
    return passphrase;
  }

  private static SecretBytes ofFile(Path file) throws IOException, CommandException {
    if (Files.size(file) > MAX_BYTES) {
      throw CommandException.usage(file + ": a passphrase has at most " + MAX_BYTES + " bytes");
    }
    byte[] bytes = Files.readAllBytes(file);
    int end = bytes.length;
    while (end > 0 && (bytes[end - 1] == '\n' || bytes[end - 1] == '\r')) {
      end--;
    }
    try {
      return SecretBytes.take(Arrays.copyOf(bytes, end));
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  private static SecretBytes ask(boolean twice) throws CommandException {
    Console console =
        Optional.ofNullable(System.console())
            .filter(Console::isTerminal)
            .orElseThrow(() ->
                CommandException.usage(
                    "no terminal to ask for the passphrase: --passphrase-file?"));
    SecretBytes first = utf8(console.readPassword("Passphrase: "));
    if (!twice) {
      return first;
    }
    try (SecretBytes second = utf8(console.readPassword("The same again: "))) {
      if (!first.sameAs(second)) {
        first.close();
        throw CommandException.usage("the two were not the same");
      }
    }
    return first;
  }

  private static SecretBytes utf8(char @Nullable [] typed) throws CommandException {
    if (typed == null) {
      throw CommandException.usage("no passphrase was given");
    }
    byte[] space = new byte[typed.length * MAX_BYTES_PER_CHAR];
    ByteBuffer encoded = ByteBuffer.wrap(space);
    CoderResult result =
        StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(typed), encoded, true);
    Arrays.fill(typed, '\0');
    try {
      if (result.isError()) {
        throw CommandException.usage("the passphrase is no text");
      }
      return SecretBytes.take(Arrays.copyOf(space, encoded.position()));
    } finally {
      Arrays.fill(space, (byte) 0);
    }
  }
}
