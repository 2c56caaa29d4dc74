package dev.holdfast.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/// Takes from a folder what its disk had not confirmed: a killed process loses nothing that way, a
/// machine without power does. A library that is preloaded into the process
/// (`store/src/test/c/synced.c`) writes down what was confirmed.
///
/// Of the rest of a file a random part stays, as it was or as zeros; a file whose entry in its
/// folder was not confirmed may go. Deletions and renames are as the process left them.
final class PowerLoss {
  private final Path preloaded;
  private final Path journal;
  private final Random random;
  private boolean blind;

  private PowerLoss(Path library, Path journal, Random random) {
    this.preloaded = library;
    this.journal = journal;
    this.random = random;
  }

  /// True when the library can be made: it needs a C compiler and a Linux.
  static boolean isPossible() throws InterruptedException {
    try {
      return Files.isDirectory(Path.of("/proc/self/fd"))
          && new ProcessBuilder("cc", "--version")
                  .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                  .start()
                  .waitFor()
              == 0;
    } catch (IOException e) {
      return false;
    }
  }

  static PowerLoss in(Path folder, Random random) throws IOException, InterruptedException {
    Path root = Path.of(System.getProperty("holdfast.root", ".."));
    Path source = root.resolve("store/src/test/c/synced.c");
    Path library = folder.resolve("libsynced.so");
    List<String> command = List.of("cc", "-shared", "-fPIC", "-O1", "-o");
    Process compiler =
        new ProcessBuilder(
                Stream.concat(
                        command.stream(), Stream.of(library.toString(), source.toString(), "-ldl"))
                    .toList())
            .inheritIO()
            .start();
    if (compiler.waitFor() != 0) {
      throw new IOException("cc does not compile " + source);
    }
    return new PowerLoss(library, folder.resolve("synced.journal"), random);
  }

  /// From now on no file counts as confirmed, as on a disk that lies.
  void blind() {
    blind = true;
  }

  void watch(ProcessBuilder process, Path root) throws IOException {
    process.environment().put("LD_PRELOAD", preloaded.toAbsolutePath().toString());
    process.environment().put("SYNC_ROOT", root.toRealPath().toString());
    process.environment().put("SYNC_JOURNAL", journal.toAbsolutePath().toString());
    if (blind) {
      process.environment().put("SYNC_BLIND", "1");
    }
  }

  /// Forgets what was confirmed; everything that lies there now counts as confirmed.
  void restart(Path root) throws IOException {
    Files.deleteIfExists(journal);
    StringBuilder all = new StringBuilder();
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.toList()) {
        if (Files.isRegularFile(path)) {
          all.append("F ").append(inode(path)).append(' ').append(Files.size(path)).append('\n');
        } else {
          all.append("D ").append(path.toRealPath());
          try (Stream<Path> entries = Files.list(path)) {
            entries.forEach(entry -> all.append('\t').append(entry.getFileName()));
          }
          all.append('\n');
        }
      }
    }
    Files.writeString(journal, all);
  }

  /// Takes away what was not confirmed; the number of bytes that were lost or became zeros.
  long strike(Path root) throws IOException {
    Map<String, Long> lengths = new HashMap<>();
    Map<String, Set<String>> folders = new HashMap<>();
    for (String line : Files.readString(journal).split("\n", -1)) {
      String[] words = line.split("[ \t]", -1);
      switch (words[0]) {
        case "F" -> lengths.put(words[1], Long.parseLong(words[2]));
        case "U" -> lengths.remove(words[1]);
        case "D" -> folders.put(words[1], Set.of(line.split("\t", -1)));
        default -> {}
      }
    }
    long dropped = 0;
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        String folder = path.resolveSibling("").toRealPath().toString();
        boolean listed =
            folders.getOrDefault(folder, Set.of()).contains(path.getFileName().toString());
        if (!listed && random.nextBoolean()) {
          dropped += Files.size(path);
          Files.delete(path);
        } else {
          dropped += cut(path, lengths.getOrDefault(inode(path), 0L));
        }
      }
    }
    return dropped;
  }

  private long cut(Path file, long confirmed) throws IOException {
    long size = Files.size(file);
    if (size <= confirmed) {
      return 0;
    }
    long kept = confirmed + random.nextLong(size - confirmed + 1);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(kept);
      if (random.nextBoolean()) {
        channel.write(ByteBuffer.allocate((int) (kept - confirmed)), confirmed);
        return size - confirmed;
      }
    }
    return size - kept;
  }

  private static String inode(Path path) throws IOException {
    return Files.getAttribute(path, "unix:ino").toString();
  }
}
