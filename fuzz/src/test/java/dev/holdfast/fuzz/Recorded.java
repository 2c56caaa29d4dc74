package dev.holdfast.fuzz;

import dev.holdfast.codec.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Inputs from real machines, which lie beside the project and never in it.
final class Recorded {
  static final Path FOLDER =
      Path.of(System.getProperty("holdfast.root", "."))
          .toAbsolutePath()
          .normalize()
          .resolveSibling("shared/vectors/dcap");

  private Recorded() {}

  /// What `target` can start from; nothing when the vectors are not there.
  static List<Bytes> inputs(Target target) throws IOException {
    if (!Files.isDirectory(FOLDER)) {
      return List.of();
    }
    return switch (target) {
      case QUOTE -> contents("quotes");
      case COLLATERAL -> contents("collateral");
      case TCB_INFO -> members("tcb_info");
      case QE_IDENTITY -> members("qe_identity");
      case CRL -> World.chosen(3, members("pck_crl"));
      case CERTIFICATE -> World.chosen(4, members("tcb_info_issuer_chain"));
      case EVENT_LOG -> contents("eventlog");
      case SGX_EXTENSION, EVALUATION_NUMBERS, POLICY -> List.of();
    };
  }

  private static List<Bytes> members(String name) throws IOException {
    List<Bytes> inputs = new ArrayList<>();
    for (Bytes json : contents("collateral")) {
      Map<String, String> members = World.members(json);
      if (members.containsKey(name)) {
        inputs.add(World.bytes(String.valueOf(members.get(name))));
      }
    }
    return inputs;
  }

  private static List<Bytes> contents(String folder) throws IOException {
    List<Bytes> contents = new ArrayList<>();
    for (Path file : files(FOLDER.resolve(folder))) {
      contents.add(Bytes.copyOf(Files.readAllBytes(file)));
    }
    return contents;
  }

  static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }
}
