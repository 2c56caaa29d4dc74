package dev.holdfast.bench;

import dev.holdfast.cli.demo.Folders;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.Endpoint;
import dev.holdfast.registry.FileRegistry;
import dev.holdfast.registry.MembershipRegistry;
import dev.holdfast.registry.MembershipView;
import dev.holdfast.registry.etcd.EtcdOptions;
import dev.holdfast.registry.etcd.EtcdRegistry;
import dev.holdfast.testkit.EtcdServer;
import dev.holdfast.testkit.Records;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;

/// A registry with many members: how long its first view takes, how much is read for it, and how
/// long after a member began to publish another one sees it, at a steady rate of changes.
public final class RegistryBench {
  private static final int QUOTE_BYTES = 5000;
  private static final int PUBLISHERS = 32;
  private static final int FOLDER_CHANGES_PER_SECOND = 5;
  private static final int ETCD_CHANGES_PER_SECOND = 100;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final String name;
  private final Opening opening;
  private final int rate;
  private final int members;
  private final int seconds;
  private final List<AccountId> accounts = new ArrayList<>();

  private interface Opening {
    MembershipRegistry open() throws Exception;
  }

  private interface Weighing {
    void weigh() throws Exception;
  }

  private RegistryBench(String name, Opening opening, int rate, int members, int seconds) {
    this.rate = rate;
    this.name = name;
    this.opening = opening;
    this.members = members;
    this.seconds = seconds;
  }

  /// Runs both and prints one line of JSON. Needs etcd on the path.
  public static void main(String[] arguments) throws Exception {
    Arguments given = new Arguments(arguments);
    int members = given.number("--members", 10_000, 1, 100_000);
    int seconds = given.number("--seconds", 20, 1, 600);
    JsonWriter figures =
        JsonWriter.object().put("command", "bench registry").put("members", members);
    Path folder = Files.createTempDirectory("holdfast-bench-");
    try {
      Path records = Files.createDirectory(folder.resolve("members"));
      FileRegistry.Options options = FileRegistry.Options.defaults();
      new RegistryBench(
              "file",
              () -> FileRegistry.open(records, options, Records.RANDOM),
              FOLDER_CHANGES_PER_SECOND,
              members,
              seconds)
          .run(
              figures,
              Optional.of(records),
              () -> figures.put("fileLoadBytes", Folders.size(records)));
      try (EtcdServer server = EtcdServer.start(folder.resolve("etcd"))) {
        EtcdOptions etcd =
            EtcdOptions.of(
                List.of(Endpoint.parse(server.endpoint())),
                EtcdOptions.DEFAULT_PREFIX,
                Optional.empty(),
                Optional.empty());
        new RegistryBench(
                "etcd", () -> EtcdRegistry.open(etcd), ETCD_CHANGES_PER_SECOND, members, seconds)
            .run(figures, Optional.empty(), () -> figures.put("etcdLoadBytes", indexBytes(server)));
      }
    } finally {
      Folders.delete(folder);
    }
    System.out.println(figures);
  }

  /// @param planting where records are put as files instead of being published one after another
  private void run(JsonWriter figures, Optional<Path> planting, Weighing weighing)
      throws Exception {
    while (accounts.size() < members) {
      accounts.add(Records.account());
    }
    for (AccountId account : planting.isPresent() ? accounts : List.<AccountId>of()) {
      Files.write(planting.get().resolve(account + ".json"), record(account, 1).toArray());
    }
    try (MembershipRegistry publisher = opening.open()) {
      if (planting.isEmpty()) {
        publishAll(publisher);
      }
      weighing.weigh();
      long start = System.nanoTime();
      try (MembershipRegistry reader = opening.open()) {
        MembershipView view = reader.view();
        while (view.stale().isPresent() || view.listings().size() < members) {
          view = reader.awaitChange(view.revision(), PATIENCE);
        }
        figures.put(name + "LoadMillis", (System.nanoTime() - start) / 1_000_000);
        List<Long> delays = change(publisher, reader);
        figures.put(name + "P50Micros", delays.get(delays.size() / 2) / 1000);
        figures.put(name + "P99Micros", delays.get(delays.size() * 99 / 100) / 1000);
        figures.put(name + "Changes", delays.size());
      }
    }
  }

  private void publishAll(MembershipRegistry publisher) throws Exception {
    Semaphore free = new Semaphore(PUBLISHERS);
    List<FutureTask<Boolean>> tasks = new ArrayList<>();
    for (AccountId account : accounts) {
      free.acquire();
      tasks.add(
          start(() -> {
            try {
              publisher.publish(record(account, 1));
            } finally {
              free.release();
            }
            return true;
          }));
    }
    for (FutureTask<Boolean> task : tasks) {
      task.get();
    }
    System.err.println(name + ": " + publisher.view().listings().size() + " published");
  }

  /// Nanoseconds from the call of a publisher to the view of a reader that shows it, ascending.
  private List<Long> change(MembershipRegistry publisher, MembershipRegistry reader)
      throws Exception {
    int changes = rate * seconds;
    Map<AccountId, Pending> pending = new ConcurrentHashMap<>();
    List<Long> delays = new ArrayList<>();
    FutureTask<Boolean> changing = start(() -> change(publisher, pending, changes));
    MembershipView view = reader.view();
    while (delays.size() < changes) {
      MembershipView next = reader.awaitChange(view.revision(), PATIENCE);
      if (next.revision() == view.revision()) {
        throw new IllegalStateException(name + ": only " + delays.size() + " changes were seen");
      }
      view = next;
      long now = System.nanoTime();
      for (Map.Entry<AccountId, Pending> one : Map.copyOf(pending).entrySet()) {
        Pending wanted = one.getValue();
        if (view.find(one.getKey()).filter(l -> l.tag().equals(wanted.tag())).isPresent()
            && pending.remove(one.getKey(), wanted)) {
          delays.add(now - wanted.since());
        }
      }
    }
    changing.get();
    delays.sort(null);
    return delays;
  }

  private boolean change(MembershipRegistry publisher, Map<AccountId, Pending> pending, int changes)
      throws Exception {
    List<FutureTask<Boolean>> tasks = new ArrayList<>();
    long start = System.nanoTime();
    for (int i = 0; i < changes; i++) {
      long due = start + i * 1_000_000_000L / rate;
      Thread.sleep(Duration.ofNanos(Math.max(0, due - System.nanoTime())));
      AccountId account = accounts.get(i % members);
      Bytes record = record(account, 2 + i / members);
      pending.put(account, new Pending(record.sha256(), System.nanoTime()));
      tasks.add(
          start(() -> {
            publisher.publish(record);
            return true;
          }));
    }
    for (FutureTask<Boolean> task : tasks) {
      task.get();
    }
    return true;
  }

  private static FutureTask<Boolean> start(Callable<Boolean> work) {
    FutureTask<Boolean> task = new FutureTask<>(work);
    Thread.ofVirtual().start(task);
    return task;
  }

  private record Pending(Bytes tag, long since) {}

  private static Bytes record(AccountId account, int instance) {
    return Records.record(account, instance, Records.NOON, QUOTE_BYTES);
  }

  /// What a reader gets for its first view.
  private static long indexBytes(EtcdServer server) throws Exception {
    Base64.Encoder base64 = Base64.getEncoder();
    String request =
        JsonWriter.object()
            .put("key", base64.encodeToString(utf8("/holdfast/index/")))
            .put("range_end", base64.encodeToString(utf8("/holdfast/index0")))
            .toString();
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(URI.create(server.url() + "/v3/kv/range"))
                  .POST(HttpRequest.BodyPublishers.ofString(request))
                  .build(),
              HttpResponse.BodyHandlers.ofByteArray())
          .body()
          .length;
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
