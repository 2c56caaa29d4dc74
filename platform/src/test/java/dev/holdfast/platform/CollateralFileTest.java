package dev.holdfast.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.attestation.Collateral;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.platform.CollateralSource.Kind;
import dev.holdfast.platform.CollateralSource.View;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CollateralFileTest {
  private static final String GOOD = JsonWriter.object().put("tcb_info", "one").toString();
  private static final String OTHER = JsonWriter.object().put("tcb_info", "two").toString();

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void chooseFile() {
    file = folder.resolve("collateral.json");
  }

  @Test
  void open_goodFile_hasIt() throws Exception {
    write(GOOD);

    View view = CollateralFile.open(file).view();

    assertEquals(digest(GOOD), view.collateral().orElseThrow().digest());
    assertEquals(Optional.empty(), view.problem());
  }

  @Test
  void open_noFile_isAbsentAndFoundLater() throws Exception {
    CollateralFile source = CollateralFile.open(file);
    assertProblem(Kind.ABSENT, source.view());
    assertEquals(Optional.empty(), source.view().collateral());

    write(GOOD);

    assertEquals(digest(GOOD), source.refresh().collateral().orElseThrow().digest());
  }

  @Test
  void refresh_sameBytes_keepsTheSameObject() throws Exception {
    write(GOOD);
    CollateralFile source = CollateralFile.open(file);
    Collateral before = source.view().collateral().orElseThrow();

    write(GOOD);

    assertSame(before, source.refresh().collateral().orElseThrow());
  }

  @Test
  void refresh_changedWithinOneTickAndOfOneSize_isSeen() throws Exception {
    write(GOOD);
    FileTime time = Files.getLastModifiedTime(file);
    CollateralFile source = CollateralFile.open(file);

    write(OTHER);
    Files.setLastModifiedTime(file, time);

    assertEquals(GOOD.length(), OTHER.length());
    assertEquals(digest(OTHER), source.refresh().collateral().orElseThrow().digest());
    assertNotEquals(digest(GOOD), digest(OTHER));
  }

  @Test
  void refresh_halfWritten_keepsTheOldAndReports() throws Exception {
    write(GOOD);
    CollateralFile source = CollateralFile.open(file);

    write(GOOD.substring(0, GOOD.length() / 2));

    assertKept(Kind.MALFORMED, source);
    write(GOOD);
    assertEquals(Optional.empty(), source.refresh().problem());
  }

  @Test
  void refresh_removed_keepsTheOldAndReports() throws Exception {
    write(GOOD);
    CollateralFile source = CollateralFile.open(file);

    Files.delete(file);

    assertKept(Kind.ABSENT, source);
  }

  @Test
  void refresh_becameAFolder_keepsTheOldAndReports() throws Exception {
    write(GOOD);
    CollateralFile source = CollateralFile.open(file);

    Files.delete(file);
    Files.createDirectory(file);

    assertKept(Kind.NOT_A_FILE, source);
  }

  @Test
  void refresh_parentIsNoFolder_keepsTheOldAndReports() throws Exception {
    Path parent = Files.createDirectory(folder.resolve("parent"));
    file = parent.resolve("collateral.json");
    write(GOOD);
    CollateralFile source = CollateralFile.open(file);

    Files.delete(file);
    Files.delete(parent);
    Files.writeString(parent, "no folder");

    assertKept(Kind.UNREADABLE, source);
  }

  @Test
  void refresh_threadInterrupted_readsAllTheSame() throws Exception {
    CollateralFile source = CollateralFile.open(file);
    write(GOOD);

    Thread.currentThread().interrupt();
    View view = source.refresh();

    assertTrue(Thread.interrupted());
    assertEquals(Optional.empty(), view.problem());
  }

  @Test
  void refresh_atTheLimit_isTaken() throws Exception {
    String largest = GOOD + " ".repeat(Collateral.MAX_SIZE - GOOD.length());
    write(largest);

    assertEquals(Optional.empty(), CollateralFile.open(file).view().problem());
  }

  @Test
  void refresh_oneOverTheLimit_keepsTheOldAndReports() throws Exception {
    write(GOOD);
    CollateralFile source = CollateralFile.open(file);

    write(GOOD + " ".repeat(Collateral.MAX_SIZE + 1 - GOOD.length()));

    assertKept(Kind.TOO_LARGE, source);
  }

  private void assertKept(Kind kind, CollateralFile source) throws Exception {
    View view = source.refresh();
    assertEquals(digest(GOOD), view.collateral().orElseThrow().digest());
    assertProblem(kind, view);
    assertEquals(view, source.view());
  }

  private void assertProblem(Kind kind, View view) {
    CollateralSource.Problem problem = view.problem().orElseThrow();
    assertSame(kind, problem.kind(), problem.message());
    assertTrue(problem.message().startsWith("collateral " + file + ": "), problem.message());
  }

  private void write(String text) throws IOException {
    Files.writeString(file, text);
  }

  private static Bytes digest(String json) throws Exception {
    return Collateral.parse(Bytes.copyOf(json.getBytes(StandardCharsets.UTF_8))).digest();
  }
}
