package dev.holdfast.tidy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// The project's own files, as the rules see them.
final class Tree {
  static final Path ROOT =
      Path.of(System.getProperty("holdfast.root", "..")).toAbsolutePath().normalize();

  private static final Set<String> FOREIGN = Set.of("target", ".git", ".holdfast", "node_modules");

  private Tree() {}

  /// All files whose name ends in one of `endings`, sorted.
  static List<Path> files(String... endings) {
    try (Stream<Path> walk = Files.walk(ROOT)) {
      return walk.filter(Files::isRegularFile)
          .filter(file -> own(ROOT.relativize(file)))
          .filter(file -> Stream.of(endings).anyMatch(e -> file.toString().endsWith(e)))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String name(Path file) {
    return ROOT.relativize(file).toString();
  }

  static boolean isTest(Path file) {
    return name(file).contains("src/test/");
  }

  private static boolean own(Path relative) {
    for (Path part : relative) {
      if (FOREIGN.contains(part.toString())) {
        return false;
      }
    }
    return true;
  }
}
