package dev.holdfast.daemon.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/// Reads a body within its limit. Its deadline is the connection's.
public final class BoundedBody {
  private static final int FIRST_BYTES = 4096;

  private BoundedBody() {}

  /// At most `maxBytes + 1` bytes: one more than the limit shows that it is passed.
  ///
  /// @throws IOException when the body ends early
  public static byte[] read(InputStream body, int maxBytes) throws IOException {
    byte[] buffer = new byte[Math.min(FIRST_BYTES, maxBytes + 1)];
    int size = 0;
    while (true) {
      int count = body.read(buffer, size, buffer.length - size);
      if (count < 0) {
        return Arrays.copyOf(buffer, size);
      }
      size += count;
      if (size > maxBytes) {
        return Arrays.copyOf(buffer, size);
      }
      if (size == buffer.length) {
        byte[] larger = Arrays.copyOf(buffer, Math.min(maxBytes + 1, 2 * buffer.length));
        Arrays.fill(buffer, (byte) 0);
        buffer = larger;
      }
    }
  }
}
