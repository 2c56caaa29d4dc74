package dev.holdfast.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.codec.Bytes;
import dev.holdfast.platform.ConfigfsTsm.Retries;
import dev.holdfast.platform.EvidenceException.Kind;
import dev.holdfast.platform.FakeKernel.Errno;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ConfigfsTsmTest {
  private static final Bytes REPORT_DATA = filled(64, 7);
  private static final Bytes QUOTE = filled(5006, 3);

  private final FakeKernel kernel = new FakeKernel();
  private final FakeTicker ticker = new FakeTicker();
  private int foldersLeft;
  private final ConfigfsTsm tsm =
      new ConfigfsTsm(
          kernel.base(),
          new GuestRegisters(kernel.base()),
          Retries.defaults(),
          new SecureRandom(),
          ticker);

  @AfterEach
  void everyRequest_ended_leavesNoFolder() {
    assertEquals(foldersLeft, kernel.folders.size());
  }

  @Test
  void quote_hostAnswers_isTheWholeOutblob() throws Exception {
    kernel.hosts.add(FakeKernel.answering(QUOTE));

    assertEquals(QUOTE, tsm.quote(REPORT_DATA));
    assertEquals(List.of(REPORT_DATA), kernel.asked);
    assertEquals(List.of(), ticker.sleeps);
  }

  @Test
  void quote_reportDataNot64Bytes_isRefusedBeforeTheKernelIsAsked() {
    for (int size : new int[] {0, 63, 65}) {
      assertThrows(IllegalArgumentException.class, () -> tsm.quote(filled(size, 1)));
    }
    assertEquals(List.of(), kernel.created);
  }

  @Test
  void quote_manyRequests_eachHasItsOwnRandomFolder() throws Exception {
    for (int i = 0; i < 100; i++) {
      kernel.hosts.add(FakeKernel.answering(QUOTE));
      assertEquals(QUOTE, tsm.quote(REPORT_DATA));
    }

    assertEquals(100, new HashSet<>(kernel.created).size());
    kernel.created.forEach(name -> assertTrue(name.matches("holdfast-[0-9a-f]{32}"), name));
  }

  @Test
  void quote_folderNameTaken_drawsAnother() throws Exception {
    kernel.namesTaken = ConfigfsTsm.MAX_NAME_ATTEMPTS - 1;
    kernel.hosts.add(FakeKernel.answering(QUOTE));

    assertEquals(QUOTE, tsm.quote(REPORT_DATA));
  }

  @Test
  void quote_everyFolderNameTaken_isDisturbed() {
    kernel.namesTaken = Integer.MAX_VALUE;

    assertFails(Kind.DISTURBED, "random folder names");
  }

  @Test
  void quote_concurrentRequests_takeTurns() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    kernel.hosts.add(_ -> {
      asked.countDown();
      awaitUninterrupted(go);
      return QUOTE;
    });
    kernel.hosts.add(FakeKernel.answering(filled(9, 9)));
    FutureTask<Bytes> first = new FutureTask<>(() -> tsm.quote(REPORT_DATA));
    FutureTask<Bytes> second = new FutureTask<>(() -> tsm.quote(REPORT_DATA));

    Thread.ofVirtual().start(first);
    asked.await();
    Thread waiting = Thread.ofVirtual().start(second);
    while (waiting.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    go.countDown();

    assertEquals(QUOTE, first.get());
    assertEquals(filled(9, 9), second.get());
    assertEquals(1, kernel.mostFolders);
  }

  @Test
  void quote_waitingForItsTurnAndInterrupted_ends() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    kernel.hosts.add(_ -> {
      asked.countDown();
      awaitUninterrupted(go);
      return QUOTE;
    });
    FutureTask<Bytes> first = new FutureTask<>(() -> tsm.quote(REPORT_DATA));
    Thread.ofVirtual().start(first);
    asked.await();

    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, () -> tsm.quote(REPORT_DATA));

    go.countDown();
    assertEquals(QUOTE, first.get());
  }

  // The traps of the kernel's interface.

  @Test
  void inblob_generationShownLate_isAwaited() throws Exception {
    kernel.generationLag = TsmRequest.GENERATION_READS - 1;
    kernel.hosts.add(FakeKernel.answering(QUOTE));

    assertEquals(QUOTE, tsm.quote(REPORT_DATA));
    assertEquals(TsmRequest.GENERATION_READS - 1, ticker.sleeps.size());
  }

  @Test
  void inblob_errorLostOnClose_isSeenByGenerationAndRetriedInANewFolder() throws Exception {
    kernel.commitErrors.add(Errno.EBUSY);
    kernel.hosts.add(FakeKernel.answering(QUOTE));

    assertEquals(QUOTE, tsm.quote(REPORT_DATA));
    assertEquals(2, kernel.created.size());
    assertEquals(1, kernel.asked.size());
  }

  @Test
  void inblob_errorLostOnCloseEveryTime_isNotTaken() {
    for (int i = 0; i < 100; i++) {
      kernel.commitErrors.add(Errno.EBUSY);
    }

    assertFails(Kind.NOT_TAKEN, "generation still 0 after writing inblob");
    assertEquals(List.of(), kernel.asked);
  }

  @Test
  void inblob_shortWrite_isNotTakenAndNeverContinued() {
    kernel.largestWrite = 63;

    assertFails(Kind.NOT_TAKEN, "wrote 63 of 64 bytes");
    assertEquals(List.of(), kernel.asked);
  }

  @Test
  void generation_startsAnywhere_isComparedWithWhatWasRead() throws Exception {
    kernel.firstGeneration = 41;
    kernel.hosts.add(FakeKernel.answering(QUOTE));

    assertEquals(QUOTE, tsm.quote(REPORT_DATA));
  }

  @Test
  void generation_largestNumber_wrapsToZero() throws Exception {
    kernel.firstGeneration = -1;
    kernel.hosts.add(FakeKernel.answering(QUOTE));

    assertEquals(QUOTE, tsm.quote(REPORT_DATA));
  }

  @Test
  void generation_anotherWriterBeforeTheRequest_isRetriedInANewFolder() throws Exception {
    kernel.beforeOpen.put("provider", () -> kernel.writeToAll(filled(64, 66)));
    kernel.hosts.add(folder -> {
      kernel.beforeOpen.clear();
      return filled(10, folder.reportData().at(0));
    });
    kernel.hosts.add(FakeKernel.answering(QUOTE));

    assertEquals(QUOTE, tsm.quote(REPORT_DATA));
    assertEquals(2, kernel.created.size());
  }

  @Test
  void generation_anotherWriterDuringTheRequest_discardsTheQuote() throws Exception {
    kernel.hosts.add(folder -> {
      folder.write(filled(64, 66));
      return filled(10, 66);
    });
    kernel.hosts.add(FakeKernel.answering(QUOTE));

    assertEquals(QUOTE, tsm.quote(REPORT_DATA));
    assertEquals(2, kernel.created.size());
  }

  @Test
  void generation_twoStepsAhead_isDisturbed() {
    for (int i = 0; i < 6; i++) {
      kernel.hosts.add(FakeKernel.answering(QUOTE));
    }
    kernel.commitTwice = true;

    assertFails(Kind.DISTURBED, "expected generation 1, found 2");
    assertEquals(List.of(), kernel.asked);
  }

  @Test
  void generation_notANumber_isNotConfigfs() {
    for (String text : List.of("", "-1", "1 2", "18446744073709551616", "x")) {
      kernel.generationText = Optional.of(text);
      assertFails(Kind.NOT_CONFIGFS, "generation: expected a decimal number");
    }
  }

  @Test
  void folder_removedByAnother_isRetried() throws Exception {
    kernel.beforeOpen.put(
        "inblob",
        () -> {
          kernel.folders.clear();
          kernel.beforeOpen.clear();
        });
    kernel.hosts.add(FakeKernel.answering(QUOTE));

    assertEquals(QUOTE, tsm.quote(REPORT_DATA));
    assertEquals(2, kernel.created.size());
  }

  @Test
  void provider_notTdx_isRefusedBeforeTheRequest() {
    for (String provider : List.of("sev_guest\n", "arm_cca_guest\n", "\n", "tdx_guest2\n")) {
      kernel.provider = provider;
      assertFails(Kind.WRONG_PROVIDER, "expected the provider tdx_guest, found ");
    }
    assertEquals(List.of(), kernel.asked);
  }

  @Test
  void provider_controlCharacters_doNotReachTheMessage() {
    kernel.provider = "sev\u001b[2Jguest\n";

    assertFails(Kind.WRONG_PROVIDER, "found sev?[2Jguest;");
  }

  @Test
  void outblob_endOfFileAtOnce_isAnErrorThatNamesTheQgs() {
    kernel.hosts.add(FakeKernel.answering(Bytes.EMPTY));

    assertFails(Kind.EMPTY_QUOTE, "quote generation service (QGS)");
    assertEquals(1, kernel.created.size());
  }

  @Test
  void outblob_atTheLimit_isTaken() throws Exception {
    Bytes largest = filled(EvidenceSource.MAX_QUOTE_SIZE, 1);
    kernel.hosts.add(FakeKernel.answering(largest));

    assertEquals(largest, tsm.quote(REPORT_DATA));
  }

  @Test
  void outblob_oneOverTheLimit_isTooLarge() {
    kernel.hosts.add(FakeKernel.answering(filled(EvidenceSource.MAX_QUOTE_SIZE + 1, 1)));

    assertFails(Kind.TOO_LARGE, "outblob: more than 16384 bytes");
  }

  @Test
  void folder_notConfigfs_isSaid() {
    kernel.configfs = false;

    assertFails(Kind.NOT_CONFIGFS, "generation");
  }

  // The table of error numbers.

  @Test
  void mkdir_enxio_isNoProvider() {
    kernel.mkdirErrors.add(Errno.ENXIO);

    assertFails(Kind.NO_PROVIDER, "modprobe tdx_guest");
  }

  @Test
  void mkdir_enoent_isNotMounted() {
    kernel.mkdirErrors.add(Errno.ENOENT);

    assertFails(Kind.NOT_MOUNTED, "mount -t configfs");
  }

  @Test
  void mkdir_eacces_isNotPermitted() {
    kernel.mkdirErrors.add(Errno.EACCES);

    assertFails(Kind.NOT_PERMITTED, "run as root");
  }

  @Test
  void mkdir_eperm_isNotPermitted() {
    kernel.mkdirErrors.add(Errno.EPERM);

    assertFails(Kind.NOT_PERMITTED, "run as root");
  }

  @Test
  void mkdir_erofs_isNotPermitted() {
    kernel.mkdirErrors.add(Errno.EROFS);

    assertFails(Kind.NOT_PERMITTED, "containers often have it read-only");
  }

  @Test
  void mkdir_enotdir_isNotConfigfs() {
    kernel.mkdirErrors.add(Errno.ENOTDIR);

    assertFails(Kind.NOT_CONFIGFS, "Not a directory");
  }

  @Test
  void mkdir_enomem_isNoMemory() {
    kernel.mkdirErrors.add(Errno.ENOMEM);

    assertFails(Kind.NO_MEMORY, "Cannot allocate memory");
  }

  @Test
  void inblob_eaccesOnOpen_isNotPermitted() {
    kernel.openErrors.put("inblob", Errno.EACCES);

    assertFails(Kind.NOT_PERMITTED, "cannot write");
  }

  @Test
  void outblob_enxio_isNoProvider() {
    kernel.hosts.add(FakeKernel.failing(Errno.ENXIO));

    assertFails(Kind.NO_PROVIDER, "cannot read");
  }

  @Test
  void outblob_einval_isRefusedInput() {
    kernel.hosts.add(FakeKernel.failing(Errno.EINVAL));

    assertFails(Kind.REFUSED_INPUT, "Invalid argument");
    assertEquals(1, kernel.created.size());
  }

  @Test
  void outblob_eio_isHostFailedAtOnce() {
    kernel.hosts.add(FakeKernel.failing(Errno.EIO));

    assertFails(Kind.HOST_FAILED, "quote generation service (QGS)");
    assertEquals(1, kernel.created.size());
  }

  @Test
  void outblob_efbig_isTooLarge() {
    kernel.hosts.add(FakeKernel.failing(Errno.EFBIG));

    assertFails(Kind.TOO_LARGE, "File too large");
  }

  @Test
  void outblob_enomem_isNoMemory() {
    kernel.hosts.add(FakeKernel.failing(Errno.ENOMEM));

    assertFails(Kind.NO_MEMORY, "memory");
  }

  @ParameterizedTest
  @EnumSource(
      value = Errno.class,
      names = {"EBUSY", "EWOULDBLOCK", "EINTR", "ETIMEDOUT", "GERMAN_EBUSY"})
  void outblob_passingError_isRetriedAfterAPauseInANewFolder(Errno errno) throws Exception {
    kernel.hosts.add(FakeKernel.failing(errno));
    kernel.hosts.add(FakeKernel.failing(errno));
    kernel.hosts.add(FakeKernel.answering(QUOTE));

    assertEquals(QUOTE, tsm.quote(REPORT_DATA));
    assertEquals(List.of(Duration.ofSeconds(1), Duration.ofSeconds(2)), ticker.sleeps);
    assertEquals(3, new HashSet<>(kernel.created).size());
  }

  @Test
  void outblob_ebusyForEver_isBusyAfterAllAttempts() {
    failForEver(Errno.EBUSY);

    assertFails(Kind.BUSY, "gave up after attempt 6");
    assertEquals(seconds(1, 2, 4, 8, 10), ticker.sleeps);
  }

  @Test
  void outblob_eintrForEver_isInterrupted() {
    failForEver(Errno.EINTR);

    assertFails(Kind.INTERRUPTED, "gave up after attempt 6");
  }

  @Test
  void outblob_etimedoutForEver_isHostSilentWithinTheDeadline() {
    for (int i = 0; i < 100; i++) {
      kernel.hosts.add(_ -> {
        ticker.pass(Duration.ofSeconds(30));
        throw Errno.ETIMEDOUT.onTransfer();
      });
    }

    // Begun at 0, 31, 63 and 97 s; the fifth would begin at 135 s.
    assertFails(Kind.HOST_SILENT, "gave up after attempt 4");
  }

  @Test
  void outblob_unknownErrorForEver_keepsItsText() {
    failForEver(Errno.GERMAN_EBUSY);

    assertFails(Kind.OTHER, Errno.GERMAN_EBUSY.text);
  }

  @Test
  void outblob_threadInterrupted_endsWithTheFolderRemoved() {
    kernel.hosts.add(FakeKernel.interrupted());

    assertThrows(InterruptedException.class, () -> tsm.quote(REPORT_DATA));
    assertFalse(Thread.currentThread().isInterrupted());
    assertEquals(1, kernel.created.size());
  }

  @Test
  void retries_attemptsOutOfRange_areRefused() {
    Duration second = Duration.ofSeconds(1);
    assertEquals(100, new Retries(100, second, second, second).attempts());
    for (int attempts : new int[] {0, 101}) {
      assertThrows(
          IllegalArgumentException.class, () -> new Retries(attempts, second, second, second));
    }
  }

  // Folders that cannot be removed.

  @Test
  void rmdir_failsOnce_costsNoQuoteAndIsRetriedNextTime() throws Exception {
    kernel.failRmdir(1);
    kernel.hosts.add(FakeKernel.answering(QUOTE));
    assertEquals(QUOTE, tsm.quote(REPORT_DATA));
    assertEquals(1, kernel.folders.size());

    kernel.hosts.add(FakeKernel.answering(QUOTE));
    assertEquals(QUOTE, tsm.quote(REPORT_DATA));
    assertEquals(0, kernel.folders.size());
  }

  @Test
  void rmdir_failsAlways_isLeftBehindAtTheLimit() throws Exception {
    kernel.failRmdir(Integer.MAX_VALUE);
    for (int i = 0; i < ConfigfsTsm.MAX_LEFT_FOLDERS; i++) {
      kernel.hosts.add(FakeKernel.answering(QUOTE));
      assertEquals(QUOTE, tsm.quote(REPORT_DATA));
    }

    assertFails(Kind.LEFT_BEHIND, kernel.created.getFirst());
    foldersLeft = ConfigfsTsm.MAX_LEFT_FOLDERS;
  }

  private void assertFails(Kind kind, String inMessage) {
    EvidenceException e = assertThrows(EvidenceException.class, () -> tsm.quote(REPORT_DATA));
    assertSame(kind, e.kind(), e.getMessage());
    String message = String.valueOf(e.getMessage());
    assertTrue(message.contains(inMessage), message);
    assertTrue(message.endsWith("; next step: " + kind.nextStep()), message);
  }

  private void failForEver(Errno errno) {
    for (int i = 0; i < 100; i++) {
      kernel.hosts.add(FakeKernel.failing(errno));
    }
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static List<Duration> seconds(int... seconds) {
    return Arrays.stream(seconds).mapToObj(Duration::ofSeconds).toList();
  }

  private static Bytes filled(int size, int value) {
    byte[] bytes = new byte[size];
    Arrays.fill(bytes, (byte) value);
    return Bytes.copyOf(bytes);
  }
}
