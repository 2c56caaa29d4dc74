package dev.holdfast.daemon.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.daemon.config.NodeConfiguration.LogFormat;
import dev.holdfast.daemon.log.NodeLog;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Real datagrams to a real socket.
final class ServiceManagerTest {
  private static final long PID = 4711;

  @TempDir Path folder;
  private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
  private final AtomicReference<String> sentence = new AtomicReference<>("asks b");
  private final AtomicBoolean alive = new AtomicBoolean(true);

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void manager_nodeServesAndStops_isToldEachThing(boolean isAbstract) throws Exception {
    String name = isAbstract ? "@holdfast-test-" + System.nanoTime() : path("notify");
    try (DatagramListener systemd = new DatagramListener(name);
        ServiceManager manager = manager(Map.of("NOTIFY_SOCKET", name))) {
      manager.serves(sentence::get, alive::get);
      assertEquals("READY=1", systemd.receive());
      assertEquals("STATUS=asks b", systemd.receive());
      sentence.set("open\nREADY=0");
      assertEquals("STATUS=open READY=0", systemd.receive());
      manager.stops();
      assertEquals("STOPPING=1", systemd.receive());
    }
  }

  @Test
  void watchdog_nodeStuck_isNotFed() throws Exception {
    String name = path("notify");
    try (DatagramListener systemd = new DatagramListener(name);
        ServiceManager manager = manager(Map.of("NOTIFY_SOCKET", name, "WATCHDOG_USEC", "40000"))) {
      manager.serves(sentence::get, alive::get);
      assertEquals("READY=1", systemd.receive());
      assertEquals("STATUS=asks b", systemd.receive());
      assertEquals("WATCHDOG=1", systemd.receive());
      assertEquals("WATCHDOG=1", systemd.receive());
      alive.set(false);
      sentence.set("stuck");
      String last = systemd.receive();
      while (last.equals("WATCHDOG=1")) {
        last = systemd.receive();
      }
      assertEquals("STATUS=stuck", last);
      sentence.set("still stuck");
      String next = systemd.receive();
      // One sign of life may have been on its way when the node got stuck.
      assertEquals("STATUS=still stuck", next.equals("WATCHDOG=1") ? systemd.receive() : next);
      alive.set(true);
      assertEquals("WATCHDOG=1", systemd.receive());
    }
  }

  @Test
  void watchdog_ofAnotherProcess_isNotOurs() throws Exception {
    String name = path("notify");
    try (DatagramListener systemd = new DatagramListener(name);
        ServiceManager manager =
            manager(
                Map.of("NOTIFY_SOCKET", name, "WATCHDOG_USEC", "4000", "WATCHDOG_PID", "4712"))) {
      manager.serves(sentence::get, alive::get);
      assertEquals("READY=1", systemd.receive());
      assertEquals("STATUS=asks b", systemd.receive());
      sentence.set("open");
      assertEquals("STATUS=open", systemd.receive());
    }
  }

  @Test
  void manager_nobodyListens_isLoggedOnceAndHarmsNothing() {
    try (ServiceManager manager = manager(Map.of("NOTIFY_SOCKET", path("nobody")))) {
      manager.stops();
      manager.stops();
    }

    assertEquals(1, mentions());
  }

  @Test
  void manager_nameOfNoSocket_isLogged() {
    for (String name : List.of("notify", "/" + "n".repeat(NotifySocket.MAX_NAME))) {
      logged.reset();
      manager(Map.of("NOTIFY_SOCKET", name)).stops();
      assertEquals(1, mentions());
      assertTrue(logged.toString(StandardCharsets.UTF_8).contains("107 bytes at most"));
    }
  }

  @Test
  void manager_noneThere_isToldNothing() {
    try (ServiceManager manager = manager(Map.of("NOTIFY_SOCKET", ""))) {
      manager.serves(sentence::get, alive::get);
      manager.stops();
    }

    assertEquals(0, logged.size());
  }

  private long mentions() {
    return logged
        .toString(StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.contains("notify the service manager"))
        .count();
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private ServiceManager manager(Map<String, String> environment) {
    PrintStream out = new PrintStream(logged, true, StandardCharsets.UTF_8);
    return ServiceManager.of(
        environment, PID, new NodeLog(out, LogFormat.TEXT, () -> Instant.EPOCH));
  }
}
