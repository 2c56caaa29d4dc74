package dev.holdfast.daemon.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;

/// What a service manager listens with: a Unix socket for datagrams.
final class DatagramListener implements AutoCloseable {
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final int SOL_SOCKET = 1;
  private static final int SO_RCVTIMEO = 20;
  private static final long PATIENCE_SECONDS = 60;
  private static final int MAX_SIZE = 4096;

  private final Arena arena = Arena.ofShared();
  private final int descriptor;

  DatagramListener(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    boolean isAbstract = name.startsWith("@");
    MemorySegment address = arena.allocate(2 + bytes.length + (isAbstract ? 0 : 1), 2);
    address.set(ValueLayout.JAVA_SHORT, 0, (short) 1);
    MemorySegment.copy(bytes, 0, address, ValueLayout.JAVA_BYTE, 2, bytes.length);
    if (isAbstract) {
      address.set(ValueLayout.JAVA_BYTE, 2, (byte) 0);
    }
    MemorySegment patience = arena.allocate(16, 8);
    patience.set(ValueLayout.JAVA_LONG, 0, PATIENCE_SECONDS);
    descriptor = call("socket", 1, 2, 0);
    assertTrue(descriptor >= 0);
    assertEquals(0, call("setsockopt", descriptor, SOL_SOCKET, SO_RCVTIMEO, patience, 16));
    assertEquals(0, call("bind", descriptor, address, (int) address.byteSize()));
  }

  /// The next datagram; waits for it.
  String receive() {
    MemorySegment buffer = arena.allocate(MAX_SIZE);
    int size = call("read", descriptor, buffer, MAX_SIZE);
    assertTrue(size >= 0, "nothing came");
    byte[] bytes = buffer.asSlice(0, size).toArray(ValueLayout.JAVA_BYTE);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    call("close", descriptor);
    arena.close();
  }

  /// Sizes here are small, so that an int stands for a size_t as well.
  @SuppressWarnings("restricted")
  private static int call(String name, Object... arguments) {
    MemoryLayout[] layouts = new MemoryLayout[arguments.length];
    for (int i = 0; i < arguments.length; i++) {
      layouts[i] = arguments[i] instanceof MemorySegment ? ValueLayout.ADDRESS : INT;
    }
    Linker linker = Linker.nativeLinker();
    MethodHandle function =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(INT, layouts));
    try {
      return (int) function.invokeWithArguments(arguments);
    } catch (Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
