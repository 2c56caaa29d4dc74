package dev.holdfast.node.log;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.Crypto;
import dev.holdfast.protocol.AccountId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One file of the log: a checkpoint, then entries in batches, each with a checkpoint behind it.
///
/// @param name which says the sequence of the first entry
public record LogSegment(String name, Bytes content) {
  /// After so many entries a new file is begun, and so many files are kept.
  public static final int ENTRIES = 4096;

  public static final int KEPT = 16;

  /// What a file can hold: a batch may end past [#ENTRIES].
  public static final int MAX_BYTES = 4 * ENTRIES * LogLine.MAX_BYTES;

  private static final Pattern NAME = Pattern.compile("log-([0-9]{16})\\.jsonl");

  /// The name of the file whose first entry has this sequence.
  public static String name(long first) {
    return String.format(Locale.ROOT, "log-%016d.jsonl", first);
  }

  public static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  /// The sequence of the first entry.
  public long first() {
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("no name of a log file: " + name);
    }
    return Long.parseLong(matcher.group(1));
  }

  /// Its complete lines.
  List<Bytes> lines() {
    List<Bytes> lines = new ArrayList<>();
    byte[] all = content.toArray();
    int start = 0;
    for (int i = 0; i < all.length; i++) {
      if (all[i] == '\n') {
        lines.add(content.slice(start, i - start));
        start = i + 1;
      }
    }
    return lines;
  }

  /// Bytes behind the last complete line: a write that a crash cut short.
  boolean isTorn() {
    return !content.isEmpty() && content.at(content.size() - 1) != '\n';
  }

  /// Where to go on.
  ///
  /// @param bytes of the file that the last checkpoint covers; what is behind was never answered
  ///   for
  public record Tail(long sequence, Bytes head, long bytes) {}

  /// The last checkpoint that `account` signed; empty when there is none, or when a line before it
  /// is malformed: whoever went on there would write over what is behind it, or hide it.
  public Optional<Tail> tail(Crypto crypto, AccountId account) {
    List<Ended> checkpoints = new ArrayList<>();
    long bytes = 0;
    long sound = Long.MAX_VALUE;
    for (Bytes line : lines()) {
      long start = bytes;
      bytes += line.size() + 1L;
      try {
        if (LogLine.parse(line) instanceof LogLine.Checkpoint found) {
          checkpoints.add(new Ended(found, bytes));
        }
      } catch (MalformedException e) {
        sound = Math.min(sound, start);
      }
    }
    for (Ended last : checkpoints.reversed()) {
      if (last.checkpoint().account().equals(account) && last.checkpoint().isSigned(crypto)) {
        LogLine.Checkpoint found = last.checkpoint();
        return last.bytes() <= sound
            ? Optional.of(new Tail(found.sequence(), found.head(), last.bytes()))
            : Optional.empty();
      }
    }
    return Optional.empty();
  }

  /// A checkpoint, and how many bytes of the file it ends.
  private record Ended(LogLine.Checkpoint checkpoint, long bytes) {}

  /// `lines` as they stand in a file.
  public static Bytes join(List<LogLine> lines) {
    StringBuilder text = new StringBuilder();
    lines.forEach(line -> text.append(line.toLine()).append('\n'));
    return Bytes.copyOf(text.toString().getBytes(StandardCharsets.US_ASCII));
  }
}
