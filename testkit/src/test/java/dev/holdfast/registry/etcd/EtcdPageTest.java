package dev.holdfast.registry.etcd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.Endpoint;
import dev.holdfast.registry.etcd.EtcdOptions.Login;
import dev.holdfast.testkit.EtcdServer;
import dev.holdfast.testkit.Records;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The commands of docs/operating/etcd.md, typed by a shell.
final class EtcdPageTest {
  private static final Path PAGE =
      Path.of(System.getProperty("holdfast.root", ".."), "docs/operating/etcd.md");

  @TempDir private Path folder;

  @Test
  void commands_ofThePage_letMembersInAndTakeOneOut() throws Exception {
    assumeTrue(EtcdServer.isInstalled(), EtcdServer::missing);
    List<String> blocks =
        Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(PAGE))
            .results()
            .map(block -> block.group(1))
            .toList();
    assertEquals(2, blocks.size());
    Certificates tls = Certificates.make(folder.resolve("ca"), "127.0.0.1");
    try (EtcdServer server = EtcdServer.start(folder, "https", tls.serverArguments())) {
      run(server, tls, "", blocks.getFirst());

      EtcdOptions options =
          new EtcdOptions(
              List.of(Endpoint.parse(server.endpoint())),
              EtcdOptions.DEFAULT_PREFIX,
              Optional.of(tls.context()),
              Optional.of(new Login("member", "MEMBER-PASSWORD")),
              EtcdRegistryTest.TIMING,
              100);
      try (EtcdRegistry registry = EtcdRegistryTest.fresh(EtcdRegistry.open(options))) {
        AccountId account = Records.account();
        registry.publish(Records.record(account, 1));

        run(
            server,
            tls,
            "member:MEMBER-PASSWORD",
            blocks.getLast().replace("ACCOUNT", account.toString()));

        EtcdRegistryTest.awaitNobody(registry);
      }
    }
  }

  private void run(EtcdServer server, Certificates tls, String user, String script)
      throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder("bash", "-euc", script)
            .directory(folder.toFile())
            .redirectErrorStream(true);
    builder.environment().put("ETCDCTL_API", "3");
    builder.environment().put("ETCDCTL_ENDPOINTS", server.url());
    builder.environment().put("ETCDCTL_CACERT", tls.folder().resolve("ca.pem").toString());
    if (!user.isEmpty()) {
      builder.environment().put("ETCDCTL_USER", user);
    }
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    assertTrue(!output.isEmpty(), "etcdctl says what it did");
  }
}
