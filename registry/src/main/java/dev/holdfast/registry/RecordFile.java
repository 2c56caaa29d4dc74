package dev.holdfast.registry;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.Limits;
import dev.holdfast.registry.MembershipView.Ignored;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One file of the folder as it was last looked at.
///
/// @param settled whether it was read again at a later rescan under the same stamp: before that it
///   could have been changed within the tick of its time stamp
/// @param content the record in it, or why there is none
record RecordFile(Stamp stamp, boolean settled, Content content) {
  /// `<account>.json`, and the copies that folder synchronizers make of it
  /// (`<account>.sync-conflict-….json`).
  private static final Pattern NAME =
      Pattern.compile("([0-9a-f]{64})(\\.[A-Za-z0-9._-]{1,64})?\\.json");

  /// What changes when a file does, as far as the file system says.
  record Stamp(FileTime modified, long size, Optional<Object> key) {}

  sealed interface Content {}

  record Found(PublishedRecord record) implements Content {}

  record Useless(Ignored reason) implements Content {}

  static String nameOf(AccountId account) {
    return account + ".json";
  }

  /// The files that writers have under way and editors leave; passed over without a word.
  static boolean isHidden(String name) {
    return name.startsWith(".");
  }

  /// Looks at `name` in `folder`; empty when it is not there.
  static Optional<RecordFile> look(Path folder, String name, Optional<RecordFile> before) {
    Path path = folder.resolve(name);
    BasicFileAttributes attributes;
    try {
      attributes = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(
          new RecordFile(
              new Stamp(FileTime.fromMillis(0), -1, Optional.empty()),
              false,
              useless(Ignored.Kind.UNREADABLE, name, reason(e))));
    }
    Stamp stamp =
        new Stamp(
            attributes.lastModifiedTime(),
            attributes.size(),
            Optional.ofNullable(attributes.fileKey()));
    boolean sameStamp = before.isPresent() && before.get().stamp().equals(stamp);
    if (sameStamp && before.get().settled()) {
      return before;
    }
    if (!attributes.isRegularFile()) {
      return Optional.of(
          new RecordFile(
              stamp, true, useless(Ignored.Kind.NOT_A_FILE, name, "expected a regular file")));
    }
    return read(path, name).map(content -> new RecordFile(stamp, sameStamp, content));
  }

  private static Optional<Content> read(Path path, String name) {
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches()) {
      return Optional.of(
          useless(
              Ignored.Kind.FOREIGN, name, "expected 64 lower-case hexadecimal digits and .json"));
    }
    try {
      Bytes bytes = readBytes(path);
      if (bytes.size() > Limits.EVIDENCE_BODY_MAX_BYTES) {
        return Optional.of(
            useless(
                Ignored.Kind.TOO_LARGE,
                name,
                "expected at most " + Limits.EVIDENCE_BODY_MAX_BYTES + " bytes"));
      }
      PublishedRecord record = PublishedRecord.parse(bytes);
      if (!record.account().toString().equals(matcher.group(1))) {
        return Optional.of(
            useless(Ignored.Kind.OTHER_ACCOUNT, name, "found a record of " + record.account()));
      }
      return Optional.of(new Found(record));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(useless(Ignored.Kind.UNREADABLE, name, reason(e)));
    } catch (MalformedException e) {
      return Optional.of(useless(Ignored.Kind.MALFORMED, name, String.valueOf(e.getMessage())));
    }
  }

  /// The bytes of `path`, at most one more than a record may have; no symbolic link is followed. A
  /// stream, since an interrupt does not end it: the view must not depend on who looks.
  static Bytes readBytes(Path path) throws IOException {
    try (InputStream in = Files.newInputStream(path, LinkOption.NOFOLLOW_LINKS)) {
      return Bytes.copyOf(in.readNBytes(Limits.EVIDENCE_BODY_MAX_BYTES + 1));
    }
  }

  /// What the system says about `error`, without the path.
  static String reason(IOException error) {
    if (error instanceof AccessDeniedException) {
      return "permission denied";
    }
    String reason =
        error instanceof FileSystemException named ? named.getReason() : error.getMessage();
    return Objects.requireNonNullElse(reason, error.getClass().getSimpleName());
  }

  private static Content useless(Ignored.Kind kind, String name, String detail) {
    return new Useless(new Ignored(kind, Ignored.printable(name), detail));
  }
}
