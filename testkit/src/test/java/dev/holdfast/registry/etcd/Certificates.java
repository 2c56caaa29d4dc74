package dev.holdfast.registry.etcd;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLContext;

/// An authority and the certificate of one server, made by openssl in `folder`.
record Certificates(Path folder) {
  static Certificates make(Path folder, String address) throws Exception {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("server.ext"), "subjectAltName = IP:" + address + "\n");
    run(
        folder,
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=authority"
            + " -keyout ca.key -out ca.pem");
    run(
        folder,
        "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=etcd"
            + " -keyout server.key -out server.csr");
    run(
        folder,
        "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2"
            + " -extfile server.ext -out server.pem");
    return new Certificates(folder);
  }

  List<String> serverArguments() {
    return List.of(
        "--cert-file",
        folder.resolve("server.pem").toString(),
        "--key-file",
        folder.resolve("server.key").toString());
  }

  SSLContext context() throws Exception {
    return EtcdTls.trusting(folder.resolve("ca.pem"));
  }

  private static void run(Path folder, String arguments) throws Exception {
    Process process =
        new ProcessBuilder(("openssl " + arguments).split(" "))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("openssl " + arguments + ": " + output);
    }
  }
}
