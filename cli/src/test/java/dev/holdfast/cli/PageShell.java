package dev.holdfast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Runs what a page tells people to type, in a folder of its own that has a launcher in it.
public record PageShell(Path folder) {
  /// The blocks of `language` in a page.
  public static List<String> blocks(String text, String language) {
    List<String> blocks = new ArrayList<>();
    Matcher matcher =
        Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(text);
    while (matcher.find()) {
      blocks.add(matcher.group(1));
    }
    return blocks;
  }

  public static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /// Stands where the launcher stands, without building.
  public void writeLauncher() throws IOException {
    Path launcher =
        Files.writeString(
            folder.resolve("holdfast"),
            "#!/bin/bash\nexec %s/bin/java --enable-native-access=ALL-UNNAMED -cp '%s' %s \"$@\"\n"
                .formatted(
                    System.getProperty("java.home"),
                    System.getProperty("java.class.path"),
                    "dev.holdfast.cli.Main"));
    assertTrue(launcher.toFile().setExecutable(true));
  }

  public ProcessBuilder bash(String script) {
    return new ProcessBuilder("bash", "-euc", script).directory(folder.toFile());
  }

  /// The output of a script that must succeed.
  public String run(String script) throws IOException, InterruptedException {
    Path errors = folder.resolve("run-errors");
    Process process = bash(script).redirectError(errors.toFile()).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), script + out + Files.readString(errors));
    return out;
  }
}
