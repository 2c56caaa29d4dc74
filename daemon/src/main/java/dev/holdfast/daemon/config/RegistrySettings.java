package dev.holdfast.daemon.config;

import dev.holdfast.codec.MalformedException;
import dev.holdfast.daemon.config.NodeConfiguration.Registry;
import dev.holdfast.protocol.Endpoint;
import dev.holdfast.registry.etcd.EtcdOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads and shows the settings of the registry. They are no part of the posture: no registry is
/// trusted.
final class RegistrySettings {
  private static final int MAX_USER_CHARACTERS = 128;
  private static final List<Setting> OF_ETCD =
      List.of(
          Setting.REGISTRY_ENDPOINTS,
          Setting.REGISTRY_PREFIX,
          Setting.REGISTRY_CA_FILE,
          Setting.REGISTRY_USER,
          Setting.REGISTRY_PASSWORD_FILE);

  private final Map<Setting, String> given;
  private final Path base;

  RegistrySettings(Map<Setting, String> given, Path base) {
    this.given = given;
    this.base = base;
  }

  Registry read() throws ConfigurationException {
    if (Given.choice(given, Setting.REGISTRY_KIND, "file", "etcd").equals("file")) {
      for (Setting setting : OF_ETCD) {
        require(!given.containsKey(setting), setting, "only with registry.kind = \"etcd\"");
      }
      return new Registry.Folder(Given.path(given, Setting.REGISTRY_FOLDER, base));
    }
    require(
        !given.containsKey(Setting.REGISTRY_FOLDER),
        Setting.REGISTRY_FOLDER,
        "only with registry.kind = \"file\"");
    String prefix = given.getOrDefault(Setting.REGISTRY_PREFIX, EtcdOptions.DEFAULT_PREFIX);
    require(
        EtcdOptions.isPrefix(prefix),
        Setting.REGISTRY_PREFIX,
        "expected at most 64 of A-Z, a-z, 0-9, /, dot, _ and hyphen, the last one a /");
    Optional<Path> authority =
        given.containsKey(Setting.REGISTRY_CA_FILE)
            ? Optional.of(Given.path(given, Setting.REGISTRY_CA_FILE, base))
            : Optional.empty();
    return new Registry.Etcd(endpoints(), prefix, authority, login(authority));
  }

  private List<Endpoint> endpoints() throws ConfigurationException {
    Setting setting = Setting.REGISTRY_ENDPOINTS;
    String text = given.getOrDefault(setting, "");
    require(!text.isEmpty(), setting, "must be given with registry.kind = \"etcd\"");
    List<Endpoint> endpoints = new ArrayList<>();
    for (String one : text.split(",", -1)) {
      try {
        endpoints.add(Endpoint.parse(one.strip()));
      } catch (MalformedException e) {
        throw new ConfigurationException(setting.key() + ": " + e.getMessage());
      }
    }
    require(
        endpoints.size() <= EtcdOptions.MAX_ENDPOINTS,
        setting,
        "expected at most " + EtcdOptions.MAX_ENDPOINTS + ", found " + endpoints.size());
    return endpoints;
  }

  private Optional<Registry.Login> login(Optional<Path> authority) throws ConfigurationException {
    boolean user = given.containsKey(Setting.REGISTRY_USER);
    require(
        user == given.containsKey(Setting.REGISTRY_PASSWORD_FILE),
        Setting.REGISTRY_USER,
        "only together with " + Setting.REGISTRY_PASSWORD_FILE.key());
    if (!user) {
      return Optional.empty();
    }
    require(
        authority.isPresent(),
        Setting.REGISTRY_USER,
        "only with " + Setting.REGISTRY_CA_FILE.key() + ": no password without TLS");
    String name = given.getOrDefault(Setting.REGISTRY_USER, "");
    require(
        name.matches("[!-~]{1," + MAX_USER_CHARACTERS + "}"),
        Setting.REGISTRY_USER,
        "expected 1.." + MAX_USER_CHARACTERS + " printable characters");
    return Optional.of(
        new Registry.Login(name, Given.path(given, Setting.REGISTRY_PASSWORD_FILE, base)));
  }

  private static void require(boolean holds, Setting setting, String expected)
      throws ConfigurationException {
    if (!holds) {
      throw new ConfigurationException(setting.key() + ": " + expected);
    }
  }

  /// The effective settings as `key = value` lines; the password's file is named, not shown.
  static List<String> describe(Registry registry) {
    List<String> lines = new ArrayList<>();
    switch (registry) {
      case Registry.Folder(Path folder) -> {
        lines.add(Setting.REGISTRY_KIND.line("file"));
        lines.add(Setting.REGISTRY_FOLDER.line(folder.toString()));
      }
      case Registry.Etcd etcd -> {
        lines.add(Setting.REGISTRY_KIND.line("etcd"));
        lines.add(
            Setting.REGISTRY_ENDPOINTS.line(
                String.join(",", etcd.endpoints().stream().map(Endpoint::toString).toList())));
        lines.add(Setting.REGISTRY_PREFIX.line(etcd.prefix()));
        etcd.authority()
            .ifPresent(file -> lines.add(Setting.REGISTRY_CA_FILE.line(file.toString())));
        etcd.login()
            .ifPresent(login -> {
              lines.add(Setting.REGISTRY_USER.line(login.user()));
              lines.add(Setting.REGISTRY_PASSWORD_FILE.line(login.passwordFile().toString()));
            });
      }
    }
    return lines;
  }
}
