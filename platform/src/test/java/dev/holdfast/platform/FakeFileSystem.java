package dev.holdfast.platform;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A file system of which only the system calls exist that a user of configfs makes; each goes to
/// [Calls]. Everything else is unsupported, so that no test passes by accident.
final class FakeFileSystem extends FileSystem {
  private final Provider provider;

  FakeFileSystem(Calls calls) {
    provider = new Provider(this, calls);
  }

  /// The calls, with paths as text.
  interface Calls {
    void mkdir(String path) throws IOException;

    SeekableByteChannel open(String path, Set<? extends OpenOption> options) throws IOException;

    void rmdir(String path) throws IOException;
  }

  Path path(String text) {
    return new FakePath(this, text);
  }

  @Override
  public FileSystemProvider provider() {
    return provider;
  }

  @Override
  public Path getPath(String first, String... more) {
    if (more.length > 0) {
      throw new UnsupportedOperationException();
    }
    return path(first);
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public boolean isReadOnly() {
    return false;
  }

  @Override
  public String getSeparator() {
    return "/";
  }

  @Override
  public Iterable<Path> getRootDirectories() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Iterable<FileStore> getFileStores() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Set<String> supportedFileAttributeViews() {
    throw new UnsupportedOperationException();
  }

  @Override
  public PathMatcher getPathMatcher(String syntaxAndPattern) {
    throw new UnsupportedOperationException();
  }

  @Override
  public UserPrincipalLookupService getUserPrincipalLookupService() {
    throw new UnsupportedOperationException();
  }

  @Override
  public WatchService newWatchService() {
    throw new UnsupportedOperationException();
  }

  private static final class Provider extends FileSystemProvider {
    private final FakeFileSystem fileSystem;
    private final Calls calls;

    Provider(FakeFileSystem fileSystem, Calls calls) {
      this.fileSystem = fileSystem;
      this.calls = calls;
    }

    @Override
    public String getScheme() {
      return "fake";
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> env) {
      throw new UnsupportedOperationException();
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
      return fileSystem;
    }

    @Override
    public Path getPath(URI uri) {
      throw new UnsupportedOperationException();
    }

    @Override
    public SeekableByteChannel newByteChannel(
        Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
        throws IOException {
      return calls.open(path.toString(), options);
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(
        Path dir, DirectoryStream.Filter<? super Path> filter) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void createDirectory(Path dir, FileAttribute<?>... attributes) throws IOException {
      calls.mkdir(dir.toString());
    }

    @Override
    public void delete(Path path) throws IOException {
      calls.rmdir(path.toString());
    }

    @Override
    public void copy(Path source, Path target, CopyOption... options) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean isSameFile(Path path, Path other) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean isHidden(Path path) {
      throw new UnsupportedOperationException();
    }

    @Override
    public FileStore getFileStore(Path path) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) {
      throw new UnsupportedOperationException();
    }

    @Override
    public <V extends FileAttributeView> @Nullable V getFileAttributeView(
        Path path, Class<V> type, LinkOption... options) {
      throw new UnsupportedOperationException();
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(
        Path path, Class<A> type, LinkOption... options) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void setAttribute(
        Path path, String attribute, @Nullable Object value, LinkOption... options) {
      throw new UnsupportedOperationException();
    }
  }

  private record FakePath(FakeFileSystem fileSystem, String text) implements Path {
    @Override
    public FileSystem getFileSystem() {
      return fileSystem;
    }

    @Override
    public Path resolve(Path other) {
      return fileSystem.path(text + "/" + other);
    }

    @Override
    public String toString() {
      return text;
    }

    @Override
    public int compareTo(Path other) {
      return text.compareTo(other.toString());
    }

    @Override
    public boolean isAbsolute() {
      return true;
    }

    @Override
    public @Nullable Path getRoot() {
      throw new UnsupportedOperationException();
    }

    @Override
    public @Nullable Path getFileName() {
      throw new UnsupportedOperationException();
    }

    @Override
    public @Nullable Path getParent() {
      throw new UnsupportedOperationException();
    }

    @Override
    public int getNameCount() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Path getName(int index) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Path subpath(int beginIndex, int endIndex) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean startsWith(Path other) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean endsWith(Path other) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Path normalize() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Path relativize(Path other) {
      throw new UnsupportedOperationException();
    }

    @Override
    public URI toUri() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Path toAbsolutePath() {
      return this;
    }

    @Override
    public Path toRealPath(LinkOption... options) {
      throw new UnsupportedOperationException();
    }

    @Override
    public WatchKey register(
        WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
      throw new UnsupportedOperationException();
    }
  }

  /// Names of the options, for messages of tests.
  static List<String> names(Set<? extends OpenOption> options) {
    return options.stream().map(Object::toString).sorted().toList();
  }
}
