package dev.holdfast.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.cli.PageShell;
import dev.holdfast.cli.TestTerminal;
import dev.holdfast.cli.console.Exit;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Json;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.daemon.local.LocalClient;
import dev.holdfast.store.StoreArchive;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Four real node processes; one is moved to another machine by the commands of
/// docs/operating/moving.md. What else an import meets is tried on copies of its folder.
@Tag("slow")
final class MovedNodeTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Path PAGE =
      Path.of(System.getProperty("holdfast.root", ".."), "docs/operating/moving.md");

  private static KeyedFleet keyed;
  private static Fleet fleet;
  private static DemoNode old;
  private static String account = "";

  private final TestTerminal terminal = new TestTerminal();

  @BeforeAll
  static void start() throws Exception {
    keyed = KeyedFleet.start();
    fleet = keyed.fleet;
    old = fleet.nodes().getFirst();
    account = old.status().flatMap(NodeStatus::account).orElseThrow();
    KeyedFleet.put(old, "first");
    old.stop();
    archive("first");
    old.start("node");
    await(old, "confirmed", NodeStatus::acceptsUserWrites);
    KeyedFleet.put(old, "second");
    old.stop();
  }

  @AfterAll
  static void stop() throws Exception {
    keyed.close();
  }

  private static NodeStatus await(DemoNode node, String what, Predicate<NodeStatus> wanted)
      throws Exception {
    return fleet.await(node, what, PATIENCE, wanted);
  }

  private static String get(DemoNode node) throws IOException {
    try (LocalClient.Answer answer = node.get("name")) {
      assertEquals(200, answer.status());
      return answer.body().apply(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }
  }

  private static Path archive(String name) throws IOException {
    Path file = fleet.folder().resolve(name + ".archive");
    if (!Files.exists(file)) {
      TestTerminal terminal = new TestTerminal();
      int exit =
          terminal.run("store", "export", "--config", old.config().toString(), file.toString());
      assertEquals(Exit.OK, exit, terminal.err());
    }
    return file;
  }

  /// A node that was never started, with what is in `from` as its folder; the old node's when
  /// empty.
  private static DemoNode machine(String name, Optional<Path> from) throws IOException {
    DemoNode node = fleet.add(name, "machine-of-" + name, "holdfast");
    if (from.isPresent()) {
      Folders.copy(from.get(), node.dataDir());
    }
    return node;
  }

  private int importTo(DemoNode node, Path archive, String... more) {
    String[] all =
        Stream.concat(
                Stream.of(
                    "store", "import", "--config", node.config().toString(), archive.toString()),
                Stream.of(more))
            .toArray(String[]::new);
    return terminal.run(all);
  }

  private static List<String> names(DemoNode node) throws IOException {
    try (Stream<Path> files = Files.list(node.dataDir())) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith("store") || name.startsWith("manifest"))
          .sorted()
          .toList();
    }
  }

  @Test
  void node_movedByTheCommandsOfThePage_servesOnTheNewMachine() throws Exception {
    List<String> page = PageShell.blocks(Files.readString(PAGE), "sh");
    assertEquals(3, page.size());
    DemoNode moved = machine("moved", Optional.empty());
    PageShell shell = new PageShell(fleet.folder());
    shell.writeLauncher();
    String said = shell.run(page.get(0).replace("old.toml", old.config().toString()));
    assertTrue(said.contains("exported: account " + account), said);
    said = shell.run(page.get(1));
    assertTrue(said.contains("whole: account " + account), said);
    said = shell.run(page.get(2).replace("new.toml", moved.config().toString()));
    assertTrue(said.contains("imported: account " + account), said);
    moved.start("node");
    NodeStatus status = await(moved, "ready", s -> s.state().equals("ready"));
    assertEquals(Optional.of(account), status.account());
    assertEquals("second", get(moved));
    KeyedFleet.put(moved, "third");
    assertEquals("third", get(moved));
    moved.stop();
  }

  @Test
  void archive_written_isTheOwnersAndReplacesNoFile() throws Exception {
    Path file = archive("second");
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    byte[] before = Files.readAllBytes(file);
    int exit =
        terminal.run("store", "export", "--config", old.config().toString(), file.toString());
    assertEquals(Exit.OPERATIONAL, exit);
    assertTrue(terminal.err().contains("exists already"), terminal.err());
    assertEquals(Bytes.copyOf(before), Bytes.copyOf(Files.readAllBytes(file)));
  }

  @Test
  void laterArchive_replacesTheStoreAndKeepsIt() throws Exception {
    DemoNode node = machine("later", Optional.empty());
    assertEquals(Exit.OK, importTo(node, archive("first")), terminal.err());
    assertEquals(Exit.OK, importTo(node, archive("second"), "--json"), terminal.err());
    JsonObject said =
        Json.parse(Bytes.copyOf(terminal.out().strip().getBytes(StandardCharsets.UTF_8)))
            .asObject();
    assertEquals(account, said.string("account"));
    assertEquals(node.dataDir().resolve("store.replaced-1").toString(), said.string("keptStore"));
    assertTrue(names(node).contains("store.replaced-1"), names(node).toString());
    assertRefused(importTo(node, archive("first")), "rolled-back");
    assertRefused(importTo(node, archive("second")), "exists");
  }

  private void assertRefused(int exit, String why) {
    assertEquals(Exit.REFUSED, exit, terminal.err());
    assertTrue(terminal.err().contains(why), terminal.err());
    assertEquals("", terminal.out());
  }

  @Test
  void archive_forTheFolderOfAnotherNode_isRefusedAndChangesNothing() throws Exception {
    DemoNode other = fleet.nodes().get(1);
    other.stop();
    DemoNode copy = machine("other", Optional.of(other.dataDir()));
    other.start("node");
    await(other, "open", NodeStatus::storeOpen);
    Bytes manifest = manifest(copy);
    assertRefused(importTo(copy, archive("second")), "wrong-account");
    assertEquals(List.of("manifest.json", "store"), names(copy));
    assertEquals(manifest, manifest(copy));
    Folders.delete(copy.dataDir().resolve("store"));
    assertRefused(importTo(copy, archive("second")), "manifest.json is of another node");
    assertEquals(List.of("manifest.json"), names(copy));
  }

  private static Bytes manifest(DemoNode node) throws IOException {
    return Bytes.copyOf(Files.readAllBytes(node.dataDir().resolve("manifest.json")));
  }

  @Test
  void archive_ofAnotherAccountThanAskedFor_isRefused() throws Exception {
    DemoNode node = machine("asked", Optional.empty());
    assertRefused(importTo(node, archive("second"), "--account", "00".repeat(32)), "wrong-account");
    assertEquals(List.of(), names(node));
    assertEquals(Exit.USAGE, importTo(node, archive("second"), "--account", "00".repeat(31)));
    assertEquals(Exit.OK, importTo(node, archive("second"), "--account", account));
  }

  @Test
  void archive_cutShort_isDamaged() throws Exception {
    byte[] whole = Files.readAllBytes(archive("second"));
    Path cut = fleet.folder().resolve("cut.archive");
    Files.write(cut, Arrays.copyOf(whole, whole.length - 1));
    DemoNode node = machine("cut", Optional.empty());
    assertEquals(Exit.OPERATIONAL, importTo(node, cut));
    assertTrue(terminal.err().contains("corrupted: archive: checksum"), terminal.err());
    assertEquals(Exit.OPERATIONAL, terminal.run("store", "check", "--archive", cut.toString()));
    assertTrue(terminal.err().contains("corrupted: archive: checksum"), terminal.err());
    assertEquals(List.of(), names(node));
  }

  @Test
  void archive_withoutItsManifest_isRefusedByCheckAndImport() throws Exception {
    Path bare = fleet.folder().resolve("no-manifest.archive");
    try (OutputStream out = Files.newOutputStream(bare)) {
      StoreArchive.export(old.dataDir().resolve("store"), Bytes.EMPTY, out);
    }
    assertRefused(
        terminal.run("store", "check", "--archive", bare.toString()), "the archive's manifest");
    DemoNode node = machine("no-manifest", Optional.empty());
    assertRefused(importTo(node, bare), "the archive's manifest");
    assertEquals(List.of(), names(node));
  }

  @Test
  void folder_whereAKeyIsBeingPlaced_isNeitherExportedNorReplaced() throws Exception {
    DemoNode node = machine("pending", Optional.of(old.dataDir()));
    Files.copy(
        node.dataDir().resolve("manifest.json"), node.dataDir().resolve("manifest.pending.json"));
    Path file = fleet.folder().resolve("pending.archive");
    assertRefused(
        terminal.run("store", "export", "--config", node.config().toString(), file.toString()),
        "manifest.pending.json");
    assertFalse(Files.exists(file));
    assertRefused(importTo(node, archive("second")), "manifest.pending.json");
  }

  @Test
  void folder_ofARunningNode_isInUse() throws Exception {
    DemoNode running = fleet.nodes().get(2);
    Path file = fleet.folder().resolve("running.archive");
    int exit =
        terminal.run("store", "export", "--config", running.config().toString(), file.toString());
    assertEquals(Exit.OPERATIONAL, exit);
    assertTrue(terminal.err().contains("in use by another node"), terminal.err());
    assertFalse(Files.exists(file));
    assertEquals(Exit.OPERATIONAL, importTo(running, archive("second")));
    assertTrue(terminal.err().contains("in use by another node"), terminal.err());
  }

  @Test
  void import_killedBetweenManifestAndStore_isDoneAgain() throws Exception {
    DemoNode node = machine("killed", Optional.empty());
    Files.createDirectories(node.dataDir());
    Files.copy(old.dataDir().resolve("manifest.json"), node.dataDir().resolve("manifest.json"));
    assertEquals(Exit.OK, importTo(node, archive("second")), terminal.err());
    assertEquals(List.of("manifest.json", "store"), names(node));
  }

  @Test
  void export_withoutManifestOrFolder_saysSo() throws Exception {
    DemoNode node = machine("bare", Optional.of(old.dataDir()));
    Files.delete(node.dataDir().resolve("manifest.json"));
    Path file = fleet.folder().resolve("bare.archive");
    String[] command = {"store", "export", "--config", node.config().toString(), file.toString()};
    assertEquals(Exit.OPERATIONAL, terminal.run(command));
    assertTrue(terminal.err().contains("no manifest.json"), terminal.err());
    Folders.delete(node.dataDir());
    assertEquals(Exit.OPERATIONAL, terminal.run(command));
    assertTrue(terminal.err().contains("no such folder"), terminal.err());
    assertFalse(Files.exists(file));
  }
}
