package dev.holdfast.cli;

import dev.holdfast.cli.console.CommandException;
import dev.holdfast.cli.console.Exit;
import dev.holdfast.cli.console.NodeRun;
import dev.holdfast.cli.console.Terminal;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.daemon.runtime.NodeArchive;
import dev.holdfast.store.StoreArchive;
import dev.holdfast.store.StoreException;
import dev.holdfast.store.StoreIdentity;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Takes a stopped node out of its folder as one file, and puts it into another folder.
final class StoreMove {
  private static final Path STREAM = Path.of("-");

  private final Terminal terminal;
  private final Path dataDir;

  /// @param config of the node; its environment decides when there is none
  StoreMove(Terminal terminal, @Nullable Path config) throws IOException, CommandException {
    this.terminal = terminal;
    this.dataDir = NodeRun.configuration(terminal, Optional.ofNullable(config)).dataDir();
  }

  int export(Path file, boolean json) throws IOException, CommandException {
    if (file.equals(STREAM)) {
      if (terminal.interactive() || json) {
        throw CommandException.usage("an archive on the output wants a pipe, and no --json");
      }
      String said = said("exported", export(terminal.out()));
      terminal.out().flush();
      terminal.err().println(said);
      return Exit.OK;
    }
    StoreArchive.Contents contents = exportToNew(file);
    terminal
        .out()
        .println(
            json ? document(contents).put("bytes", Files.size(file)) : said("exported", contents));
    return Exit.OK;
  }

  private StoreArchive.Contents exportToNew(Path file) throws IOException, CommandException {
    boolean whole = false;
    try (FileChannel channel =
            FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(
                    PosixFilePermissions.fromString("rw-------")));
        OutputStream out = Channels.newOutputStream(channel)) {
      try {
        StoreArchive.Contents contents = export(out);
        channel.force(true);
        whole = true;
        return contents;
      } finally {
        if (!whole) {
          Files.delete(file);
        }
      }
    } catch (FileAlreadyExistsException e) {
      throw CommandException.operational(file + " exists already: name a new file");
    } catch (NoSuchFileException e) {
      throw CommandException.operational(file + ": no such folder");
    }
  }

  private StoreArchive.Contents export(OutputStream out) throws IOException, CommandException {
    try {
      return NodeArchive.export(dataDir, new ByteProgress(terminal.err(), "written").of(out));
    } catch (StoreException e) {
      throw failed(e);
    } catch (NodeArchive.RefusedException e) {
      throw CommandException.refused(String.valueOf(e.getMessage()));
    }
  }

  int importFrom(Path file, @Nullable String account, boolean json)
      throws IOException, CommandException {
    Optional<Bytes> wanted = account(account);
    NodeArchive.Imported imported;
    if (file.equals(STREAM)) {
      imported = importFrom(terminal.in(), wanted);
    } else {
      try (InputStream in = Files.newInputStream(file)) {
        imported = importFrom(in, wanted);
      } catch (NoSuchFileException e) {
        throw CommandException.operational(file + ": no such file");
      }
    }
    if (json) {
      terminal.out().println(document(imported));
    } else {
      print(imported);
    }
    return Exit.OK;
  }

  /// Reads an archive through, without a node.
  static int check(Terminal terminal, Path file, boolean json)
      throws IOException, CommandException {
    StoreArchive.Contents contents;
    try (InputStream in = Files.newInputStream(file)) {
      contents = NodeArchive.check(new ByteProgress(terminal.err(), "read").of(in));
    } catch (NoSuchFileException e) {
      throw CommandException.operational(file + ": no such file");
    } catch (StoreException e) {
      throw failed(e);
    } catch (NodeArchive.RefusedException e) {
      throw CommandException.refused(String.valueOf(e.getMessage()));
    }
    terminal.out().println(json ? document(contents) : said("whole", contents));
    return Exit.OK;
  }

  private NodeArchive.Imported importFrom(InputStream in, Optional<Bytes> account)
      throws IOException, CommandException {
    try {
      return NodeArchive.importTo(
          dataDir, new ByteProgress(terminal.err(), "read").of(in), account);
    } catch (StoreException e) {
      throw failed(e);
    } catch (NodeArchive.RefusedException e) {
      throw CommandException.refused(String.valueOf(e.getMessage()));
    }
  }

  private static Optional<Bytes> account(@Nullable String hex) throws CommandException {
    if (hex == null) {
      return Optional.empty();
    }
    try {
      Bytes account = Bytes.parseHex(hex);
      if (account.size() == StoreIdentity.ACCOUNT_SIZE) {
        return Optional.of(account);
      }
    } catch (MalformedException e) {
      // Said below, like a wrong size.
    }
    throw CommandException.usage("--account: expected 64 hexadecimal digits");
  }

  private void print(NodeArchive.Imported imported) {
    terminal.out().println(said("imported", imported.contents()));
    imported.keptStore().ifPresent(kept -> terminal.out().println("kept: " + kept));
    imported.keptManifest().ifPresent(kept -> terminal.out().println("kept: " + kept));
    terminal.out().println("start the node: it checks the whole store before it opens it");
  }

  private static String said(String done, StoreArchive.Contents contents) {
    return "%s: account %s, version %d, ledger version %d, %d records"
        .formatted(
            done,
            contents.identity().account(),
            contents.version(),
            contents.ledgerVersion(),
            contents.records());
  }

  private static JsonWriter document(NodeArchive.Imported imported) {
    JsonWriter document = document(imported.contents());
    put(document, "keptStore", imported.keptStore());
    put(document, "keptManifest", imported.keptManifest());
    return document;
  }

  private static void put(JsonWriter document, String name, Optional<Path> path) {
    if (path.isPresent()) {
      document.put(name, path.get().toString());
    } else {
      document.putNull(name);
    }
  }

  private static JsonWriter document(StoreArchive.Contents contents) {
    return JsonWriter.object()
        .put("account", contents.identity().account().toHex())
        .put("storeId", contents.identity().storeId().toHex())
        .put("version", contents.version())
        .put("ledgerVersion", contents.ledgerVersion())
        .put("records", contents.records());
  }

  private static CommandException failed(StoreException e) {
    String text = e.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
    String message = text + ": " + e.getMessage();
    return switch (e.kind()) {
      case WRONG_KEY, WRONG_ACCOUNT, WRONG_STORE, ROLLED_BACK, EXISTS, UNSUPPORTED_VERSION ->
          CommandException.refused(message);
      case CORRUPTED, LOCKED, FULL, MISSING, FAILED, CLOSED ->
          CommandException.operational(message);
    };
  }
}
