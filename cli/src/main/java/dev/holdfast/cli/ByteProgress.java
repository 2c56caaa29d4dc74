package dev.holdfast.cli;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;

/// Says now and then how many bytes have gone by, for work that takes long.
final class ByteProgress {
  /// One line for so many bytes.
  static final int STEP_BYTES = 64 << 20;

  private final PrintStream to;
  private final String done;
  private long bytes;

  /// @param done what happened to the bytes, such as `read`
  ByteProgress(PrintStream to, String done) {
    this.to = to;
    this.done = done;
  }

  /// Counts what is read of `in`.
  InputStream of(InputStream in) {
    return new FilterInputStream(in) {
      @Override
      public int read() throws IOException {
        int octet = super.read();
        add(octet < 0 ? 0 : 1);
        return octet;
      }

      @Override
      public int read(byte[] into, int offset, int size) throws IOException {
        int count = super.read(into, offset, size);
        add(Math.max(count, 0));
        return count;
      }
    };
  }

  /// Counts what is written to `out`.
  OutputStream of(OutputStream out) {
    return new FilterOutputStream(out) {
      @Override
      public void write(int octet) throws IOException {
        out.write(octet);
        add(1);
      }

      @Override
      public void write(byte[] from, int offset, int size) throws IOException {
        out.write(from, offset, size);
        add(size);
      }
    };
  }

  private void add(int count) {
    long before = bytes / STEP_BYTES;
    bytes += count;
    if (bytes / STEP_BYTES > before) {
      to.println("%d MiB %s".formatted(bytes >> 20, done));
    }
  }
}
