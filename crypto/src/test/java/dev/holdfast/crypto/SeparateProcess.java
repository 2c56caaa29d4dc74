package dev.holdfast.crypto;

import dev.holdfast.codec.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A fresh JVM that uses the module as its arguments say, to see what it loads.
public final class SeparateProcess {
  private SeparateProcess() {}

  /// Runs this class's main with `options` for the JVM; returns everything it printed.
  static String run(List<String> options, String what) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(SeparateProcess.class.getName(), what));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return output + "exit " + process.waitFor();
  }

  public static void main(String[] arguments) throws Exception {
    switch (arguments[0]) {
      case "everything" -> everything();
      case "conscrypt" -> System.out.println(Crypto.conscrypt().name());
      case "preferred" -> System.out.println(Crypto.preferred(new SeededRandom(1)).name());
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  private static void everything() throws Exception {
    Crypto crypto = Crypto.preferred(new SeededRandom(1));
    try (EnvelopeKeys keys = crypto.generateEnvelopeKeys();
        SigningKey key = crypto.generateSigningKey();
        SecretBytes secret = SecretBytes.generate(32, new SeededRandom(2))) {
      Bytes sealed = crypto.seal(keys.publicKey(), Bytes.EMPTY, Bytes.EMPTY, secret);
      crypto.open(keys, Bytes.EMPTY, Bytes.EMPTY, sealed).close();
      boolean holds = crypto.verify(key.publicKey(), sealed, crypto.sign(key, sealed));
      List<Share> shares = Sharing.split(secret, 2, 3, new SeededRandom(3)).subList(0, 2);
      List<Bytes> commitments =
          shares.stream().map(share -> Sharing.commitment(Bytes.EMPTY, share)).toList();
      Sharing.combine(shares, 2, commitments, Bytes.EMPTY).close();
      System.out.println(crypto.name() + " did everything: " + holds);
    }
  }
}
