package dev.holdfast.platform;

import dev.holdfast.codec.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// `tsm/report` of configfs as Linux 6.18 has it (fs/configfs/file.c, drivers/virt/coco), traps
/// included: what is written to `inblob` counts on close and its errors are lost, attributes come
/// with the folder and cannot be created, truncated or removed, the first read of `outblob` starts
/// the request, and an answer of no bytes is an end of file without an error.
final class FakeKernel implements FakeFileSystem.Calls {
  static final String BASE = "/config/tsm/report";

  /// What the C library says for each error number.
  enum Errno {
    EPERM("Operation not permitted"),
    EACCES("Permission denied"),
    ENOENT("No such file or directory"),
    ENXIO("No such device or address"),
    EBUSY("Device or resource busy"),
    EWOULDBLOCK("Resource temporarily unavailable"),
    EINTR("Interrupted system call"),
    ETIMEDOUT("Connection timed out"),
    EINVAL("Invalid argument"),
    EIO("Input/output error"),
    EFBIG("File too large"),
    ENOMEM("Cannot allocate memory"),
    EROFS("Read-only file system"),
    ENOTDIR("Not a directory"),
    ETXTBSY("Text file busy"),
    GERMAN_EBUSY("Das Gerät oder die Ressource ist belegt");

    final String text;

    Errno(String text) {
      this.text = text;
    }

    /// As the JDK's file system provider reports it.
    IOException at(String path) {
      return switch (this) {
        case EACCES -> new AccessDeniedException(path);
        case ENOENT -> new NoSuchFileException(path);
        default -> new FileSystemException(path, null, text);
      };
    }

    /// As the JDK's file channels report it.
    IOException onTransfer() {
      return new IOException(text);
    }
  }

  /// What the host makes of one request.
  interface Host {
    Bytes answer(Folder folder) throws IOException;
  }

  static Host answering(Bytes quote) {
    return _ -> quote;
  }

  static Host failing(Errno errno) {
    return _ -> {
      throw errno.onTransfer();
    };
  }

  /// A wait that an interrupt of the thread ends, as the JDK's channels do it.
  static Host interrupted() {
    return _ -> {
      Thread.currentThread().interrupt();
      throw new ClosedByInterruptException();
    };
  }

  /// One request.
  static final class Folder {
    private final String path;
    private Optional<Bytes> inblob = Optional.empty();
    private long generation;
    private long shownGeneration;
    private int lag;

    private Folder(String path, long generation) {
      this.path = path;
      this.generation = generation;
      this.shownGeneration = generation;
    }

    String path() {
      return path;
    }

    Bytes reportData() {
      return inblob.orElseThrow();
    }

    /// Somebody else writes.
    void write(Bytes bytes) {
      commit(bytes, 0);
    }

    private void commit(Bytes bytes, int lag) {
      inblob = Optional.of(bytes);
      generation++;
      this.lag = lag;
    }

    private long showGeneration() {
      if (lag > 0) {
        lag--;
      } else {
        shownGeneration = generation;
      }
      return shownGeneration;
    }
  }

  final FakeFileSystem fileSystem = new FakeFileSystem(this);
  final Map<String, Folder> folders = new TreeMap<>();
  final List<String> created = new ArrayList<>();
  final List<Bytes> asked = new ArrayList<>();
  final Deque<Host> hosts = new ArrayDeque<>();
  final Deque<Errno> mkdirErrors = new ArrayDeque<>();
  final Deque<Errno> commitErrors = new ArrayDeque<>();
  final Map<String, Errno> openErrors = new TreeMap<>();
  final Map<String, Runnable> beforeOpen = new TreeMap<>();
  String provider = "tdx_guest\n";
  Optional<String> generationText = Optional.empty();
  boolean configfs = true;
  int namesTaken;
  int largestWrite = Integer.MAX_VALUE;
  int generationLag;
  long firstGeneration;
  int mostFolders;
  boolean commitTwice;
  private int rmdirFailures;
  private int openFiles;

  void failRmdir(int times) {
    rmdirFailures = times;
  }

  /// Somebody else writes to every folder there is.
  void writeToAll(Bytes bytes) {
    folders.values().forEach(folder -> folder.write(bytes));
  }

  Path base() {
    return fileSystem.path(BASE);
  }

  @Override
  public synchronized void mkdir(String path) throws IOException {
    if (namesTaken > 0) {
      namesTaken--;
      throw new FileAlreadyExistsException(path);
    }
    if (!mkdirErrors.isEmpty()) {
      throw mkdirErrors.remove().at(path);
    }
    created.add(path.substring(BASE.length() + 1));
    folders.put(path, new Folder(path, firstGeneration));
    mostFolders = Math.max(mostFolders, folders.size());
  }

  @Override
  public synchronized void rmdir(String path) throws IOException {
    if (!folders.containsKey(path)) {
      throw new NoSuchFileException(path);
    }
    if (openFiles > 0) {
      throw Errno.EBUSY.at(path);
    }
    if (rmdirFailures > 0) {
      rmdirFailures--;
      throw Errno.EBUSY.at(path);
    }
    folders.remove(path);
  }

  @Override
  public SeekableByteChannel open(String path, Set<? extends OpenOption> options)
      throws IOException {
    String name = path.substring(path.lastIndexOf('/') + 1);
    beforeOpen.getOrDefault(name, () -> {}).run();
    Folder folder = folders.get(path.substring(0, path.lastIndexOf('/')));
    if (folder == null || !configfs) {
      throw Errno.ENOENT.at(path);
    }
    if (openErrors.containsKey(name)) {
      throw openErrors.get(name).at(path);
    }
    boolean writes = name.equals("inblob");
    if (!options.equals(Set.of(writes ? StandardOpenOption.WRITE : StandardOpenOption.READ))) {
      throw Errno.EPERM.at(path + " " + FakeFileSystem.names(options));
    }
    return switch (name) {
      case "inblob" -> new Inblob(folder);
      case "outblob" -> new Reading(() -> outblob(folder));
      case "generation" -> new Reading(() -> text(generationOf(folder)));
      case "provider" -> new Reading(() -> text(provider));
      default -> throw Errno.ENOENT.at(path);
    };
  }

  private String generationOf(Folder folder) {
    return generationText.orElseGet(() -> Long.toUnsignedString(folder.showGeneration()) + "\n");
  }

  private Bytes outblob(Folder folder) throws IOException {
    if (folder.inblob.isEmpty() || folder.reportData().size() != 64) {
      throw Errno.EINVAL.onTransfer();
    }
    asked.add(folder.reportData());
    return hosts.remove().answer(folder);
  }

  private static Bytes text(String text) {
    return Bytes.copyOf(text.getBytes(StandardCharsets.US_ASCII));
  }

  private interface Content {
    Bytes read() throws IOException;
  }

  /// An open file; the parts of the interface that nobody may need throw.
  private abstract class Open implements SeekableByteChannel {
    private boolean open = true;

    Open() {
      openFiles++;
    }

    abstract void release();

    @Override
    public boolean isOpen() {
      return open;
    }

    @Override
    public void close() {
      if (open) {
        open = false;
        openFiles--;
        release();
      }
    }

    void requireOpen() throws IOException {
      if (!open) {
        throw new ClosedChannelException();
      }
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
      throw Errno.ETXTBSY.onTransfer();
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
      throw Errno.ETXTBSY.onTransfer();
    }

    @Override
    public long position() {
      throw new UnsupportedOperationException();
    }

    @Override
    public SeekableByteChannel position(long newPosition) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long size() {
      return 0;
    }

    @Override
    public SeekableByteChannel truncate(long size) {
      throw new UnsupportedOperationException();
    }
  }

  /// Gives at most 100 bytes a time.
  private final class Reading extends Open {
    private final Content content;
    private Optional<ByteBuffer> rest = Optional.empty();

    Reading(Content content) {
      this.content = content;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
      requireOpen();
      if (rest.isEmpty()) {
        rest = Optional.of(ByteBuffer.wrap(content.read().toArray()));
      }
      ByteBuffer source = rest.orElseThrow();
      if (!source.hasRemaining()) {
        return -1;
      }
      int size = Math.min(100, Math.min(source.remaining(), target.remaining()));
      target.put(source.slice(source.position(), size));
      source.position(source.position() + size);
      return size;
    }

    @Override
    void release() {}
  }

  private final class Inblob extends Open {
    private final Folder folder;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    Inblob(Folder folder) {
      this.folder = folder;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
      requireOpen();
      if (written.size() + source.remaining() > 64) {
        throw Errno.EFBIG.onTransfer();
      }
      byte[] bytes = new byte[Math.min(largestWrite, source.remaining())];
      source.get(bytes);
      written.writeBytes(bytes);
      return bytes.length;
    }

    /// Only now the driver sees the bytes, and nobody hears what it says to them.
    @Override
    void release() {
      if (commitErrors.isEmpty()) {
        folder.commit(Bytes.copyOf(written.toByteArray()), generationLag);
        if (commitTwice) {
          folder.write(Bytes.zero(64));
        }
      } else {
        commitErrors.remove();
      }
    }
  }
}
