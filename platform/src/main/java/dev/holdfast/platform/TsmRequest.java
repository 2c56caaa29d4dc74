package dev.holdfast.platform;

import dev.holdfast.codec.Bytes;
import dev.holdfast.platform.EvidenceException.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Set;

/// One request in a folder of its own.
///
/// The kernel hands over what was written to `inblob` only when the file is closed, and drops the
/// result: `generation` is the only sign that it was taken.
final class TsmRequest {
  static final String PROVIDER = "tdx_guest";
  static final int GENERATION_READS = 20;
  static final Duration GENERATION_PAUSE = Duration.ofMillis(1);

  private static final int MAX_TEXT_SIZE = 64;

  private final Path folder;
  private final Ticker ticker;

  TsmRequest(Path folder, Ticker ticker) {
    this.folder = folder;
    this.ticker = ticker;
  }

  Bytes quote(Bytes reportData) throws IOException, InterruptedException {
    long before = generation(Kind.NOT_CONFIGFS);
    write("inblob", reportData);
    // The counter wraps, and so does this.
    long mine = before + 1;
    awaitGeneration(before, mine);
    requireProvider();
    Bytes quote = read("outblob", EvidenceSource.MAX_QUOTE_SIZE, Kind.DISTURBED);
    long after = generation(Kind.DISTURBED);
    if (after != mine) {
      throw disturbed(mine, after);
    }
    if (quote.isEmpty()) {
      throw new EvidenceException(Kind.EMPTY_QUOTE, "the host answered with an empty quote", null);
    }
    return quote;
  }

  private void awaitGeneration(long before, long mine) throws IOException, InterruptedException {
    long now = generation(Kind.DISTURBED);
    for (int reads = 1; now == before && reads < GENERATION_READS; reads++) {
      ticker.sleep(GENERATION_PAUSE);
      now = generation(Kind.DISTURBED);
    }
    if (now == before) {
      throw new EvidenceException(
          Kind.NOT_TAKEN,
          "generation still " + Long.toUnsignedString(now) + " after writing inblob",
          null);
    }
    if (now != mine) {
      throw disturbed(mine, now);
    }
  }

  private void requireProvider() throws IOException {
    String provider = text("provider", Kind.DISTURBED);
    if (!provider.equals(PROVIDER)) {
      throw new EvidenceException(
          Kind.WRONG_PROVIDER,
          "expected the provider " + PROVIDER + ", found " + KernelError.printable(provider),
          null);
    }
  }

  private long generation(Kind whenAbsent) throws IOException {
    String text = text("generation", whenAbsent);
    try {
      return Long.parseUnsignedLong(text);
    } catch (NumberFormatException e) {
      throw new EvidenceException(
          Kind.NOT_CONFIGFS,
          "generation: expected a decimal number, found " + KernelError.printable(text),
          e);
    }
  }

  private String text(String attribute, Kind whenAbsent) throws IOException {
    Bytes bytes = read(attribute, MAX_TEXT_SIZE, whenAbsent);
    return new String(bytes.toArray(), StandardCharsets.US_ASCII).strip();
  }

  /// Everything in one open file: the first read of `outblob` starts the request, the end of the
  /// file is the end of the answer, and the size that the file system states means nothing.
  private Bytes read(String attribute, int maxSize, Kind whenAbsent) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(maxSize + 1);
    try (SeekableByteChannel channel = open(attribute, StandardOpenOption.READ)) {
      while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
        // Short reads are put together.
      }
    } catch (ClosedByInterruptException e) {
      throw e;
    } catch (IOException e) {
      throw failed("read", attribute, whenAbsent, e);
    }
    if (!buffer.hasRemaining()) {
      throw new EvidenceException(
          Kind.TOO_LARGE, attribute + ": more than " + maxSize + " bytes", null);
    }
    return Bytes.copyOf(buffer.array(), 0, buffer.position());
  }

  /// For writing only, neither creating nor truncating: emulations of configfs refuse those.
  private void write(String attribute, Bytes bytes) throws IOException {
    try (SeekableByteChannel channel = open(attribute, StandardOpenOption.WRITE)) {
      int written = channel.write(ByteBuffer.wrap(bytes.toArray()));
      if (written != bytes.size()) {
        throw new EvidenceException(
            Kind.NOT_TAKEN,
            attribute + ": wrote " + written + " of " + bytes.size() + " bytes",
            null);
      }
    } catch (ClosedByInterruptException | EvidenceException e) {
      throw e;
    } catch (IOException e) {
      throw failed("write", attribute, Kind.DISTURBED, e);
    }
  }

  private SeekableByteChannel open(String attribute, StandardOpenOption option) throws IOException {
    return Files.newByteChannel(folder.resolve(attribute), Set.of(option));
  }

  private EvidenceException failed(
      String verb, String attribute, Kind whenAbsent, IOException error) {
    return new EvidenceException(
        KernelError.kindOf(error, whenAbsent),
        "cannot " + verb + " " + folder.resolve(attribute) + ": " + KernelError.textOf(error),
        error);
  }

  private static EvidenceException disturbed(long expected, long found) {
    return new EvidenceException(
        Kind.DISTURBED,
        "somebody else wrote to the request: expected generation "
            + Long.toUnsignedString(expected)
            + ", found "
            + Long.toUnsignedString(found),
        null);
  }
}
