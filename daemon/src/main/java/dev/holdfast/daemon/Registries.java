package dev.holdfast.daemon;

import dev.holdfast.codec.Bytes;
import dev.holdfast.daemon.config.NodeConfiguration.Registry;
import dev.holdfast.daemon.runtime.DurableFiles;
import dev.holdfast.registry.FileRegistry;
import dev.holdfast.registry.MembershipRegistry;
import dev.holdfast.registry.etcd.EtcdOptions;
import dev.holdfast.registry.etcd.EtcdRegistry;
import dev.holdfast.registry.etcd.EtcdTls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/// Opens the configured registry. None is waited for: an outage stops no start and no recovery.
final class Registries {
  private static final int MAX_PASSWORD_BYTES = 1024;

  private Registries() {}

  /// @throws IOException when a file that the configuration names cannot be used
  static MembershipRegistry open(Registry registry, SecureRandom random) throws IOException {
    return switch (registry) {
      case Registry.Folder(Path folder) ->
          FileRegistry.open(folder, FileRegistry.Options.defaults(), random);
      case Registry.Etcd etcd -> EtcdRegistry.open(options(etcd));
    };
  }

  private static EtcdOptions options(Registry.Etcd etcd) throws IOException {
    Optional<SSLContext> tls = Optional.empty();
    if (etcd.authority().isPresent()) {
      tls = Optional.of(EtcdTls.trusting(etcd.authority().get()));
    }
    Optional<EtcdOptions.Login> login = Optional.empty();
    if (etcd.login().isPresent()) {
      Registry.Login user = etcd.login().get();
      login = Optional.of(new EtcdOptions.Login(user.user(), password(user.passwordFile())));
    }
    return EtcdOptions.of(etcd.endpoints(), etcd.prefix(), tls, login);
  }

  private static String password(Path file) throws IOException {
    Bytes content =
        DurableFiles.read(file, MAX_PASSWORD_BYTES)
            .orElseThrow(() -> new IOException(file + ": no such file"));
    String password = new String(content.toArray(), StandardCharsets.UTF_8).strip();
    if (password.isEmpty() || password.lines().count() != 1) {
      throw new IOException(file + ": expected one line, the password");
    }
    return password;
  }
}
