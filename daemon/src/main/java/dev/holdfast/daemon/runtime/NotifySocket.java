package dev.holdfast.daemon.runtime;

import dev.holdfast.codec.InvariantError;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;

/// Sends datagrams to a Unix socket, which the JDK cannot: `socket`, `sendto` and `close` of the C
/// library, on Linux. Not thread-safe.
///
/// Source: unix(7), sendto(2).
final class NotifySocket implements AutoCloseable {
  /// Longest path or abstract name, without the zero that ends a path.
  static final int MAX_NAME = 107;

  private static final short AF_UNIX = 1;
  private static final int SOCK_DGRAM = 2;
  private static final int SOCK_CLOEXEC = 0x80000;

  /// Never blocks, and no signal when the other side is gone.
  private static final int FLAGS = 0x40 | 0x4000;

  private static final int FAMILY_SIZE = 2;
  private static final StructLayout ERRNO = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO_VALUE =
      ERRNO.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private static final MethodHandle SOCKET =
      function(
          "socket",
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT));
  private static final MethodHandle SENDTO =
      function(
          "sendto",
          FunctionDescriptor.of(
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_INT,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_INT,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_INT));
  private static final MethodHandle CLOSE =
      function("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

  private final Arena arena = Arena.ofAuto();
  private final MemorySegment errno = arena.allocate(ERRNO);
  private final MemorySegment address;
  private final int descriptor;

  /// @param name a path, or with a leading `@` a name in the abstract namespace
  /// @throws IOException when the name is too long or there is no socket to be had
  NotifySocket(String name) throws IOException {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    boolean isAbstract = name.startsWith("@");
    if (bytes.length > MAX_NAME || !(isAbstract || name.startsWith("/"))) {
      throw new IOException("a socket's name is a path or begins with @, of 107 bytes at most");
    }
    this.address = arena.allocate(FAMILY_SIZE + bytes.length + (isAbstract ? 0 : 1), 2);
    address.set(ValueLayout.JAVA_SHORT, 0, AF_UNIX);
    MemorySegment.copy(bytes, 0, address, ValueLayout.JAVA_BYTE, FAMILY_SIZE, bytes.length);
    if (isAbstract) {
      address.set(ValueLayout.JAVA_BYTE, FAMILY_SIZE, (byte) 0);
    }
    this.descriptor = (int) call(SOCKET, errno, (int) AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) {
      throw failure("socket");
    }
  }

  /// One datagram.
  ///
  /// @throws IOException when nobody listens there, or the listener's queue is full
  void send(String text) throws IOException {
    try (Arena brief = Arena.ofConfined()) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      MemorySegment buffer = brief.allocate(Math.max(1, bytes.length));
      MemorySegment.copy(bytes, 0, buffer, ValueLayout.JAVA_BYTE, 0, bytes.length);
      int size = Math.toIntExact(address.byteSize());
      long sent =
          (long) call(SENDTO, errno, descriptor, buffer, (long) bytes.length, FLAGS, address, size);
      if (sent != bytes.length) {
        throw failure("sendto");
      }
    }
  }

  @Override
  public void close() {
    call(CLOSE, errno, descriptor);
  }

  private IOException failure(String function) {
    return new IOException(function + " failed with errno " + (int) ERRNO_VALUE.get(errno, 0L));
  }

  private static Object call(MethodHandle function, Object... arguments) {
    try {
      return function.invokeWithArguments(arguments);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new InvariantError("functions of the C library throw nothing", e);
    }
  }

  @SuppressWarnings("restricted")
  private static MethodHandle function(String name, FunctionDescriptor descriptor) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name),
        descriptor,
        Linker.Option.captureCallState("errno"));
  }
}
