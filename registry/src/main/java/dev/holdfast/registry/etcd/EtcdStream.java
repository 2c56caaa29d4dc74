package dev.holdfast.registry.etcd;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.JsonValue.JsonObject;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;

/// A stream of JSON objects, one a line. Read by one thread; any may close it, which ends the read.
final class EtcdStream implements AutoCloseable {
  private final InputStream raw;
  private final InputStream in;
  private final Reader reader;

  interface Reader {
    JsonObject read(Bytes line) throws EtcdException;
  }

  EtcdStream(InputStream raw, Reader reader) {
    this.raw = raw;
    this.in = new BufferedInputStream(raw);
    this.reader = reader;
  }

  /// Waits for the next object; empty when the stream ended or was closed.
  Optional<JsonObject> next() throws EtcdException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    try {
      for (int c = in.read(); c != '\n'; c = in.read()) {
        if (c < 0) {
          return Optional.empty();
        }
        if (line.size() == EtcdClient.MAX_REPLY_BYTES) {
          throw new EtcdException(
              EtcdException.TOO_LARGE,
              "expected messages of at most " + EtcdClient.MAX_REPLY_BYTES + " bytes");
        }
        line.write(c);
      }
    } catch (EtcdException e) {
      throw e;
    } catch (IOException e) {
      return Optional.empty();
    }
    return Optional.of(reader.read(Bytes.copyOf(line.toByteArray())));
  }

  @Override
  public void close() {
    try {
      // Not the buffered one: its close waits for a read under way.
      raw.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
