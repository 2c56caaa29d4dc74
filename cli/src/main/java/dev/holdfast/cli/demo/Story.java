package dev.holdfast.cli.demo;

import static dev.holdfast.cli.demo.DemoFailure.require;

import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.daemon.local.LocalClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// The demo's steps. Each one says what it does, checks what it promises, and says what that
/// proved.
final class Story {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final String IMAGE = "holdfast";
  private static final int SECRET_SIZE = 32;
  private static final List<String> SECRETS = List.of("signing-key", "db-password", "session-seed");

  private final Fleet fleet;
  private final Narrator narrator;
  private final RealQuotes realQuotes;
  private final int size;
  private final Map<String, SecretBytes> secrets = new LinkedHashMap<>();

  Story(Fleet fleet, Narrator narrator, RealQuotes realQuotes, int size) {
    this.fleet = fleet;
    this.narrator = narrator;
    this.realQuotes = realQuotes;
    this.size = size;
  }

  void tell() throws IOException, InterruptedException, DemoFailure, MalformedException {
    narrator.say("Holdfast demo: " + size + " nodes as real processes on this machine.");
    narrator.say("The platform is SIMULATED: quotes come from a development vendor made for this");
    narrator.say("run and are judged by the production verifier with only the root replaced.");
    startNodes();
    DemoNode victim = fleet.nodes().getFirst();
    putSecrets(victim);
    NodeStatus before = status(victim);
    DemoNode lost = fleet.named(before.providers().get(0).name());
    DemoNode liar = fleet.named(before.providers().get(1).name());
    recover(victim, lost);
    refuseTamperedImage(victim);
    nameWrongShare(victim, lost, liar, before.account().orElseThrow());
    allWell(liar);
    realQuotes();
    narrator.say("");
    narrator.say("Everything held, in " + narrator.total() + ".");
  }

  private void startNodes() throws IOException, InterruptedException, DemoFailure {
    narrator.step("Start " + size + " nodes that know nothing of each other but a registry folder");
    for (int i = 0; i < size; i++) {
      String name = "node-" + (char) ('a' + i);
      fleet.add(name, "machine-of-" + name, IMAGE).start("node");
    }
    for (DemoNode node : fleet.nodes()) {
      NodeStatus ready = fleet.await(node, "ready", PATIENCE, s -> s.state().equals("ready"));
      require(ready.k() == 2 && ready.n() == 3, "the threshold is 2-of-3");
      require(ready.count("firm") == 3, node.name() + " has three firm receipts");
      TreeSet<String> names = new TreeSet<>();
      ready.providers().forEach(provider -> names.add(provider.name()));
      require(names.size() == 3, "three different providers hold its shares");
      require(!names.contains(node.name()), "a node is not its own provider");
      narrator.note(
          node.name() + "  " + node.address() + "  shares at " + String.join(", ", names));
    }
    narrator.proved("every node is READY; each store key is shared 2-of-3, no node holds its own");
    narrator.took();
  }

  private void putSecrets(DemoNode node) throws IOException, DemoFailure {
    narrator.step("Put " + SECRETS.size() + " secrets into the store of " + node.name());
    SecureRandom random = new SecureRandom();
    for (String name : SECRETS) {
      SecretBytes value = SecretBytes.generate(SECRET_SIZE, random);
      secrets.put(name, value);
      try (LocalClient.Answer answer = node.put(name, value)) {
        require(answer.status() == 204, name + " is stored");
      }
    }
    requireSecrets(node);
    narrator.proved("stored durably, read back the same");
    int files = requireNowhereOnDisk(node.dataDir());
    narrator.proved(
        "none of their bytes or names is in any of the " + files + " files on its disk");
    narrator.took();
  }

  private void recover(DemoNode victim, DemoNode lost)
      throws IOException, InterruptedException, DemoFailure {
    narrator.step("kill -9 " + victim.name() + " and one of its providers, " + lost.name());
    victim.kill();
    lost.kill();
    narrator.proved("both processes are gone, and with them every key in their memory");
    narrator.took();

    narrator.step("Restart " + victim.name() + "; only two of its three providers are there");
    List<String> seen = new ArrayList<>();
    victim.start("node");
    NodeStatus open =
        fleet.await(victim, "open", PATIENCE, NodeStatus::storeOpen, s -> progress(seen, s));
    requireLogged(victim, "to=recovering", victim.name() + " went through RECOVERING");
    narrator.proved(victim.name() + " was RECOVERING, then its store opened");
    require(
        open.recovery().quotesUntilOpen().orElse(-1L) == 1,
        "one quote served every provider, not " + open.recovery().quotesUntilOpen());
    narrator.proved("released by the remaining two on one quote");
    fleet.await(victim, "confirmed", PATIENCE, NodeStatus::acceptsUserReads);
    narrator.proved(
        "confirmed by them as the only live copy, once the killed one's lease was over");
    requireSecrets(victim);
    narrator.proved("all secrets read back the same");
    narrator.proved(
        "from the start of the process to the open store: "
            + open.recovery().openedAfterMillis().orElse(-1L)
            + " ms");
    lost.start("node");
    fleet.await(lost, "open", PATIENCE, NodeStatus::storeOpen);
    narrator.proved(lost.name() + " came back the same way");
    narrator.took();
  }

  private void progress(List<String> seen, NodeStatus status) {
    StringBuilder line = new StringBuilder(status.state());
    for (NodeStatus.Provider provider : status.providers()) {
      line.append("  ").append(provider.name()).append(' ').append(provider.progress());
      if (!provider.setback().isEmpty()) {
        line.append(" (").append(provider.setback()).append(')');
      }
    }
    if (seen.isEmpty() || !seen.getLast().contentEquals(line)) {
      seen.add(line.toString());
      narrator.note(line.toString());
    }
  }

  private void refuseTamperedImage(DemoNode victim)
      throws IOException, InterruptedException, DemoFailure {
    narrator.step("Start a tampered image on a copy of " + victim.name() + "'s disk");
    victim.stop();
    DemoNode tampered = fleet.add("tampered", "machine-of-" + victim.name(), IMAGE + "-tampered");
    Folders.copy(victim.dataDir(), tampered.dataDir());
    tampered.start("node");
    NodeStatus refused =
        fleet.await(
            tampered,
            "refused by all its providers",
            PATIENCE,
            s ->
                s.providers().stream().allMatch(p -> p.setback().contains("measurement-mismatch")));
    require(!refused.storeOpen(), "the tampered node's store stays locked");
    for (NodeStatus.Provider provider : refused.providers()) {
      narrator.note(provider.name() + " refused: " + provider.setback());
    }
    try (LocalClient.Answer answer = tampered.get(SECRETS.getFirst())) {
      require(answer.status() == 503, "the tampered node gives no secret");
    }
    tampered.kill();
    narrator.proved("another measurement gets no share, and is told why; the store stays locked");
    narrator.took();
  }

  private void nameWrongShare(DemoNode victim, DemoNode lost, DemoNode liar, String account)
      throws IOException, InterruptedException, DemoFailure {
    narrator.step("Let " + liar.name() + " lie: it releases a wrong share, signed and sealed");
    liar.stop();
    liar.start("demo-faulty-provider", "--victim", account, "--fault", "lying");
    fleet.await(liar, "open", PATIENCE, NodeStatus::storeOpen);
    lost.kill();
    narrator.note(lost.name() + " is killed, so that " + victim.name() + " needs the liar's share");
    victim.start("node");
    NodeStatus held =
        fleet.await(
            victim,
            "naming the liar",
            PATIENCE,
            s -> provider(s, liar).setback().startsWith("wrong-share"));
    require(!held.storeOpen(), "a wrong share opens nothing");
    require(
        held.providers().stream().filter(p -> p.setback().startsWith("wrong-share")).count() == 1,
        "nobody else is blamed");
    narrator.proved(liar.name() + " is named: " + provider(held, liar).setback());
    lost.start("node");
    fleet.await(victim, "confirmed", PATIENCE, NodeStatus::acceptsUserReads);
    requireSecrets(victim);
    narrator.proved(
        "with "
            + lost.name()
            + " back, "
            + victim.name()
            + " opens without the liar; secrets intact");
    narrator.took();
  }

  private void allWell(DemoNode liar) throws IOException, InterruptedException, DemoFailure {
    narrator.step("Restart " + liar.name() + " as an honest node");
    liar.stop();
    liar.start("node");
    for (DemoNode node : fleet.nodes()) {
      if (node.running()) {
        fleet.await(node, "ready", PATIENCE, s -> s.state().equals("ready"));
      }
    }
    narrator.proved("every node is READY again");
    narrator.took();
  }

  private void realQuotes() throws IOException, MalformedException, DemoFailure {
    narrator.step("Judge quotes of real hardware, under Intel's root");
    if (realQuotes.present()) {
      realQuotes.tell(narrator);
    } else {
      narrator.note("SKIPPED: the recorded quotes are not here (see --vectors)");
    }
    narrator.took();
  }

  private static NodeStatus status(DemoNode node) throws DemoFailure {
    return node.status().orElseThrow(() -> new DemoFailure(node.name() + " does not answer"));
  }

  private static NodeStatus.Provider provider(NodeStatus status, DemoNode node) {
    return status.providers().stream()
        .filter(provider -> provider.name().equals(node.name()))
        .findFirst()
        .orElseGet(() -> new NodeStatus.Provider(node.name(), "none", ""));
  }

  private void requireSecrets(DemoNode node) throws IOException, DemoFailure {
    for (Map.Entry<String, SecretBytes> secret : secrets.entrySet()) {
      try (LocalClient.Answer answer = node.get(secret.getKey())) {
        require(
            answer.status() == 200 && answer.body().sameAs(secret.getValue()),
            secret.getKey() + " is what was put");
      }
    }
  }

  private int requireNowhereOnDisk(Path folder) throws IOException, DemoFailure {
    List<Path> files = Folders.walk(folder).stream().filter(Files::isRegularFile).toList();
    for (Path file : files) {
      String content =
          new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1);
      for (Map.Entry<String, SecretBytes> secret : secrets.entrySet()) {
        String value =
            secret
                .getValue()
                .apply(b -> new String(b, java.nio.charset.StandardCharsets.ISO_8859_1));
        require(!content.contains(value), secret.getKey() + " is not readable in " + file);
        require(!content.contains(secret.getKey()), "the name is not readable in " + file);
      }
    }
    return files.size();
  }

  private static void requireLogged(DemoNode node, String text, String promise)
      throws IOException, DemoFailure {
    require(Files.readString(node.log()).contains(text), promise);
  }
}
