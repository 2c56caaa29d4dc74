package dev.holdfast.registry;

import dev.holdfast.protocol.AccountId;
import dev.holdfast.registry.MembershipView.Ignored;
import dev.holdfast.registry.MembershipView.Listing;
import dev.holdfast.registry.RecordFile.Found;
import dev.holdfast.registry.RecordFile.Useless;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What is known of a folder of records: each file as last looked at, and what follows from them.
/// Not thread-safe.
final class RecordFolder {
  private final Path folder;
  private final int maxMembers;
  private final int maxFiles;
  private final Map<String, RecordFile> files = new TreeMap<>();
  private Set<AccountId> listed = new HashSet<>();

  RecordFolder(Path folder, int maxMembers, int maxFiles) {
    this.folder = folder;
    this.maxMembers = maxMembers;
    this.maxFiles = maxFiles;
  }

  /// Looks at everything again, reading only what may have changed.
  ///
  /// @throws IOException when the folder cannot be listed or holds too many files; nothing is
  ///   forgotten then
  void rescan() throws IOException {
    Set<String> names = names();
    Set<String> gone = new TreeSet<>(files.keySet());
    gone.removeAll(names);
    for (String name : names) {
      look(name, Optional.ofNullable(files.get(name)), gone);
    }
    forget(gone);
  }

  /// Reads the files of these names, whether or not they exist.
  ///
  /// @throws IOException when the whole folder is gone; nothing is forgotten then
  void look(Collection<String> names) throws IOException {
    Set<String> gone = new TreeSet<>();
    for (String name : names) {
      if (!RecordFile.isHidden(name)) {
        look(name, Optional.empty(), gone);
      }
    }
    forget(gone);
  }

  private void look(String name, Optional<RecordFile> before, Set<String> gone) {
    RecordFile.look(folder, name, before)
        .ifPresentOrElse(file -> files.put(name, file), () -> gone.add(name));
  }

  private void forget(Set<String> gone) throws IOException {
    if (!gone.isEmpty() && !Files.isDirectory(folder)) {
      throw new NoSuchFileException(folder.toString());
    }
    files.keySet().removeAll(gone);
  }

  /// The files that hold records of `account`, by name.
  Map<String, PublishedRecord> recordsOf(AccountId account) {
    Map<String, PublishedRecord> records = new TreeMap<>();
    files.forEach((name, file) -> {
      if (file.content() instanceof Found found && found.record().account().equals(account)) {
        records.put(name, found.record());
      }
    });
    return records;
  }

  /// True when `account` is not listed and finds no place.
  boolean isFullFor(AccountId account) {
    return listed.size() >= maxMembers && !listed.contains(account);
  }

  /// What the files amount to. Of several records of one account the newest counts; when there are
  /// too many accounts, those that were listed before stay, the others follow in ascending order.
  Contents contents() {
    NavigableMap<AccountId, NamedRecord> newest = new TreeMap<>();
    TreeMap<String, Ignored> ignored = new TreeMap<>();
    files.forEach((name, file) -> {
      switch (file.content()) {
        case Useless useless -> ignored.put(name, useless.reason());
        case Found found -> choose(newest, new NamedRecord(name, found.record()), ignored);
      }
    });
    leaveOutSurplus(newest, ignored);
    listed = new HashSet<>(newest.keySet());
    return new Contents(
        newest.values().stream()
            .map(named -> new Listing(named.record().account(), named.record().tag()))
            .toList(),
        newest.values().stream().map(NamedRecord::name).toList(),
        ignored.values().stream().limit(MembershipView.MAX_IGNORED).toList(),
        ignored.size());
  }

  private static void choose(
      Map<AccountId, NamedRecord> newest, NamedRecord one, Map<String, Ignored> ignored) {
    NamedRecord other = newest.get(one.record().account());
    if (other == null) {
      newest.put(one.record().account(), one);
      return;
    }
    boolean isNewest = PublishedRecord.AGE.compare(one.record(), other.record()) > 0;
    NamedRecord loser = isNewest ? other : one;
    newest.put(one.record().account(), isNewest ? one : other);
    ignored.put(
        loser.name(),
        new Ignored(
            Ignored.Kind.DUPLICATE,
            Ignored.printable(loser.name()),
            "there is a newer or equal record of the same account"));
  }

  private void leaveOutSurplus(
      NavigableMap<AccountId, NamedRecord> newest, Map<String, Ignored> ignored) {
    int surplus = newest.size() - maxMembers;
    if (surplus <= 0) {
      return;
    }
    List<AccountId> candidates = new ArrayList<>();
    newest.descendingKeySet().stream().filter(a -> !listed.contains(a)).forEach(candidates::add);
    for (AccountId account : candidates.subList(0, surplus)) {
      NamedRecord left = newest.remove(account);
      if (left != null) {
        ignored.put(
            left.name(),
            new Ignored(
                Ignored.Kind.FULL,
                Ignored.printable(left.name()),
                "expected at most " + maxMembers + " members"));
      }
    }
  }

  private Set<String> names() throws IOException {
    Set<String> names = new TreeSet<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      for (Path path : stream) {
        String name = path.getFileName().toString();
        if (!RecordFile.isHidden(name)) {
          names.add(name);
        }
        if (names.size() > maxFiles) {
          throw new IOException("expected at most " + maxFiles + " files, found more");
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return names;
  }

  private record NamedRecord(String name, PublishedRecord record) {}

  /// @param names the file of each listing, in the order of the listings
  record Contents(
      List<Listing> listings, List<String> names, List<Ignored> ignored, int ignoredCount) {
    static final Contents NONE = new Contents(List.of(), List.of(), List.of(), 0);

    /// The name of the file that holds the record of `account`.
    Optional<String> nameOf(AccountId account) {
      int index = MembershipView.indexOf(listings, account);
      return index < 0 ? Optional.empty() : Optional.of(names.get(index));
    }
  }
}
