package dev.holdfast.daemon.runtime;

import dev.holdfast.codec.Bytes;
import dev.holdfast.crypto.Crypto;
import dev.holdfast.node.log.LogFact;
import dev.holdfast.node.log.LogLine;
import dev.holdfast.node.log.LogSegment;
import dev.holdfast.node.model.Effect;
import dev.holdfast.node.model.Identity;
import dev.holdfast.node.model.Input;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The release log's folder: files of bounded size, of which so many are kept. Every batch is
/// signed and synced before [#append] returns. One batch at a time; what it cannot read any more it
/// leaves as it is, writes a gap behind it and goes on.
///
/// Spec: docs/spec/log.md
public final class ReleaseLog {
  /// In the node's data folder.
  public static final String FOLDER = "log";

  private final Path folder;
  private final Crypto crypto;
  private final InstantSource time;
  private Optional<End> end = Optional.empty();
  private boolean begun;

  /// Where the next line goes. `bytes` of the file are good; what is behind them is none of ours.
  private record End(Path file, long first, long bytes, long sequence, Bytes head) {}

  public ReleaseLog(Path folder, Crypto crypto, InstantSource time) {
    this.folder = folder;
    this.crypto = crypto;
    this.time = time;
  }

  /// The files of a log, in order.
  ///
  /// @throws IOException also when one is larger than any that a node writes
  public static List<LogSegment> read(Path folder) throws IOException {
    List<LogSegment> segments = new ArrayList<>();
    for (Path file : files(folder)) {
      DurableFiles.read(file, LogSegment.MAX_BYTES)
          .ifPresent(
              bytes -> segments.add(new LogSegment(String.valueOf(file.getFileName()), bytes)));
    }
    return segments;
  }

  private static List<Path> files(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(file -> LogSegment.isName(String.valueOf(file.getFileName())))
          .sorted()
          .toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  synchronized Input append(Effect.AppendLog append) {
    try {
      End from = end.isPresent() ? end.get() : open(append.identity());
      end = Optional.empty();
      if (from.sequence() - from.first() + 1 >= LogSegment.ENTRIES) {
        from = begin(append.identity(), from.sequence(), from.head());
      }
      end = Optional.of(write(append.identity(), append.facts(), from));
      begun = true;
      return new Input.LogAppended();
    } catch (IOException e) {
      return new Input.LogNotAppended(DurableFiles.reason(e));
    }
  }

  /// Finds the end of what was written before; after a failed write as well, which may have left
  /// part of a batch.
  private End open(Identity identity) throws IOException {
    DurableFiles.createFolder(folder);
    DurableFiles.syncFolder(folder.toAbsolutePath().resolveSibling(""));
    List<Path> files = files(folder);
    if (files.isEmpty()) {
      return identity.instance() == 1 && !begun
          ? begin(identity, 0, LogLine.NO_HEAD)
          : gap(identity, 0, "no log was found");
    }
    Path last = files.getLast();
    LogSegment segment = new LogSegment(String.valueOf(last.getFileName()), Bytes.EMPTY);
    long after = segment.first() + LogSegment.ENTRIES * 2L;
    if (Files.size(last) > LogSegment.MAX_BYTES) {
      return gap(identity, after, "the last file is too large");
    }
    LogSegment found = new LogSegment(segment.name(), Bytes.copyOf(Files.readAllBytes(last)));
    Optional<LogSegment.Tail> tail = found.tail(crypto, identity.account());
    if (tail.isEmpty()) {
      return gap(identity, after, "the last file cannot be read");
    }
    LogSegment.Tail known = tail.get();
    return new End(last, found.first(), known.bytes(), known.sequence(), known.head());
  }

  private End gap(Identity identity, long sequence, String why) throws IOException {
    End begun = begin(identity, sequence, LogLine.NO_HEAD);
    LogFact fact = LogFact.of(time.instant(), LogFact.Kind.GAP, identity.account(), why);
    return write(identity, List.of(fact), begun);
  }

  /// A new file behind entry `sequence`, and the oldest ones gone.
  private End begin(Identity identity, long sequence, Bytes head) throws IOException {
    Bytes content = LogSegment.join(List.of(checkpoint(identity, sequence, head)));
    String name = LogSegment.name(sequence + 1);
    DurableFiles.write(folder, name, content);
    List<Path> files = files(folder);
    for (Path old : files.subList(0, Math.max(0, files.size() - LogSegment.KEPT))) {
      DurableFiles.delete(folder, String.valueOf(old.getFileName()));
    }
    return new End(folder.resolve(name), sequence + 1, content.size(), sequence, head);
  }

  private End write(Identity identity, List<LogFact> facts, End from) throws IOException {
    List<LogLine> lines = new ArrayList<>();
    long sequence = from.sequence();
    Bytes head = from.head();
    for (LogFact fact : facts) {
      LogLine.Entry entry = LogLine.Entry.of(++sequence, fact, head);
      head = entry.head();
      lines.add(entry);
    }
    lines.add(checkpoint(identity, sequence, head));
    ByteBuffer buffer = ByteBuffer.wrap(LogSegment.join(lines).toArray());
    try (FileChannel channel = FileChannel.open(from.file(), StandardOpenOption.WRITE)) {
      channel.truncate(from.bytes());
      channel.position(from.bytes());
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
    return new End(from.file(), from.first(), from.bytes() + buffer.limit(), sequence, head);
  }

  private LogLine.Checkpoint checkpoint(Identity identity, long sequence, Bytes head) {
    return LogLine.Checkpoint.sign(crypto, identity.key(), identity.account(), sequence, head);
  }
}
