package dev.holdfast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.cli.console.Exit;
import dev.holdfast.codec.Bytes;
import dev.holdfast.daemon.runtime.CustodianKeys;
import dev.holdfast.protocol.custody.CustodianKey;
import dev.holdfast.protocol.posture.KeyQuorum;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CustodianCommandTest {
  private final TestTerminal terminal = new TestTerminal();

  @TempDir Path folder;

  private Path passphrase(String text) throws IOException {
    return Files.writeString(folder.resolve("passphrase"), text);
  }

  private String init(String name) throws IOException {
    assertEquals(
        Exit.OK,
        terminal.run(
            "custodian",
            "init",
            "--passphrase-file",
            passphrase("secret\n").toString(),
            folder.resolve(name).toString()),
        terminal.err());
    return terminal.out().strip();
  }

  @Test
  void init_newFile_isOwnerOnlyAndItsKeyIsFoundByItsFingerprint() throws Exception {
    String first = init("a.key");
    String second = init("b.key");
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("a.key"))));
    assertFalse(Files.readString(folder.resolve("a.key")).contains("\"seed\":\"secret"));
    KeyQuorum quorum =
        new KeyQuorum(1, List.of(Bytes.parseBase64Url(first), Bytes.parseBase64Url(second)));
    assertEquals(
        quorum.keys(),
        CustodianKeys.find(folder, quorum).stream().map(CustodianKey::fingerprint).toList());
  }

  @Test
  void keys_oneMissing_namesIt() throws Exception {
    String first = init("a.key");
    Files.delete(folder.resolve("a.key.pub"));
    KeyQuorum quorum = new KeyQuorum(1, List.of(Bytes.parseBase64Url(first)));
    IOException missing =
        Assertions.assertThrows(IOException.class, () -> CustodianKeys.find(folder, quorum));
    assertTrue(String.valueOf(missing.getMessage()).contains(first));
  }

  @Test
  void init_overAFile_isRefusedAndChangesNothing() throws Exception {
    init("a.key");
    String before = Files.readString(folder.resolve("a.key"));
    assertEquals(
        Exit.REFUSED,
        terminal.run(
            "custodian", "init", "--insecure-no-passphrase", folder.resolve("a.key").toString()));
    assertEquals(before, Files.readString(folder.resolve("a.key")));
  }

  @Test
  void init_withAnEmptyPassphrase_makesNothing() throws Exception {
    assertEquals(
        Exit.USAGE,
        terminal.run(
            "custodian",
            "init",
            "--passphrase-file",
            passphrase("\n").toString(),
            folder.resolve("a.key").toString()));
    assertFalse(Files.exists(folder.resolve("a.key")));
  }

  @Test
  void inspect_ofSomethingElse_isRefused() throws Exception {
    Path file = Files.writeString(folder.resolve("request.json"), "{}");
    assertEquals(Exit.REFUSED, terminal.run("custodian", "inspect", file.toString()));
    assertEquals(
        Exit.OPERATIONAL,
        terminal.run("custodian", "inspect", folder.resolve("absent").toString()));
  }
}
