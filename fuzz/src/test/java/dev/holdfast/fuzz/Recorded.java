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
  private Recorded() {}

  /// What `target` can start from among the vectors in `folder`.
  static List<Bytes> inputs(Target target, Path folder) throws IOException {
    return switch (target) {
      case QUOTE -> files(folder.resolve("quotes"));
      case COLLATERAL -> files(folder.resolve("collateral"));
      case TCB_INFO -> members(folder, "tcb_info");
      case QE_IDENTITY -> members(folder, "qe_identity");
      case CRL -> World.chosen(3, members(folder, "pck_crl"));
      case CERTIFICATE -> World.chosen(4, members(folder, "tcb_info_issuer_chain"));
      case SGX_EXTENSION -> List.of();
    };
  }

  private static List<Bytes> members(Path folder, String name) throws IOException {
    List<Bytes> inputs = new ArrayList<>();
    for (Bytes json : files(folder.resolve("collateral"))) {
      Map<String, String> members = World.members(json);
      if (members.containsKey(name)) {
        inputs.add(World.bytes(String.valueOf(members.get(name))));
      }
    }
    return inputs;
  }

  private static List<Bytes> files(Path folder) throws IOException {
    List<Bytes> inputs = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        inputs.add(Bytes.copyOf(Files.readAllBytes(file)));
      }
    }
    return inputs;
  }
}
