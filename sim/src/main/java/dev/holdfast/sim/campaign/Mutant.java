package dev.holdfast.sim.campaign;

import dev.holdfast.codec.InvariantError;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/// A copy of the whole project with one class compiled from changed source, in a class loader of
/// its own; libraries are shared with the original.
final class Mutant extends ClassLoader {
  private static final String PROJECT = "dev.holdfast.";

  private final Map<String, byte[]> changed;

  private Mutant(Map<String, byte[]> changed) {
    super(Mutant.class.getClassLoader());
    this.changed = changed;
  }

  static Mutant of(Path root, PlantedBug bug) throws IOException {
    return of(root, bug.module, bug.type, bug.from, bug.to);
  }

  /// The project with `from` replaced by `to` in one class of a module.
  ///
  /// @throws IllegalArgumentException when `from` is not there exactly once, or what comes of it
  ///   does not compile
  static Mutant of(Path root, String module, String type, String from, String to)
      throws IOException {
    String path = "dev/holdfast/" + module + "/" + type.replace('.', '/') + ".java";
    String source = Files.readString(root.resolve(module).resolve("src/main/java").resolve(path));
    int at = source.indexOf(from);
    if (at < 0 || source.indexOf(from, at + 1) >= 0) {
      throw new IllegalArgumentException("the text to change is not once in " + path);
    }
    return new Mutant(compile(path, source.replace(from, to)));
  }

  private static Map<String, byte[]> compile(String path, String source) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null) {
      throw new IllegalArgumentException("planting bugs wants a JDK, with its compiler");
    }
    Map<String, ByteArrayOutputStream> classes = new HashMap<>();
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      List<String> options =
          List.of("-proc:none", "-nowarn", "-classpath", System.getProperty("java.class.path"));
      boolean done =
          compiler
              .getTask(
                  messages,
                  new Memory(files, classes),
                  null,
                  options,
                  null,
                  List.of(new Source(path, source)))
              .call();
      if (!done) {
        throw new IllegalArgumentException(path + ": " + messages);
      }
    }
    Map<String, byte[]> bytes = new HashMap<>();
    classes.forEach((name, out) -> bytes.put(name, out.toByteArray()));
    return bytes;
  }

  /// [Campaign#hunt] in this copy.
  String hunt(long from, long most) {
    try {
      Object found =
          loadClass(Campaign.class.getName())
              .getMethod("hunt", long.class, long.class)
              .invoke(null, from, most);
      return String.valueOf(found);
    } catch (ReflectiveOperationException e) {
      Throwable cause = e instanceof InvocationTargetException ? e.getCause() : e;
      throw new InvariantError("the copy has what the original has", cause);
    }
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(PROJECT)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      if (loaded != null) {
        return loaded;
      }
      byte[] bytes = Optional.ofNullable(changed.get(name)).orElseGet(() -> original(name));
      if (bytes.length == 0) {
        throw new ClassNotFoundException(name);
      }
      return defineClass(name, bytes, 0, bytes.length);
    }
  }

  private byte[] original(String name) {
    try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
      return in == null ? new byte[0] : in.readAllBytes();
    } catch (IOException e) {
      return new byte[0];
    }
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String path, String text) {
      super(URI.create("string:///" + path), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  private static final class Memory extends ForwardingJavaFileManager<JavaFileManager> {
    private final Map<String, ByteArrayOutputStream> classes;

    Memory(JavaFileManager files, Map<String, ByteArrayOutputStream> classes) {
      super(files);
      this.classes = classes;
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String name, JavaFileObject.Kind kind, javax.tools.FileObject sibling) {
      return new SimpleJavaFileObject(URI.create("mem:///" + name.replace('.', '/')), kind) {
        @Override
        public OutputStream openOutputStream() {
          ByteArrayOutputStream out = new ByteArrayOutputStream();
          classes.put(name, out);
          return out;
        }
      };
    }
  }
}
