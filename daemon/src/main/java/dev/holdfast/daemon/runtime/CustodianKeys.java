package dev.holdfast.daemon.runtime;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.protocol.custody.CustodianKey;
import dev.holdfast.protocol.posture.KeyQuorum;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Finds the keys of the posture's custodians in a folder. The folder is the operator's: a key
/// counts only when the posture names its fingerprint.
public final class CustodianKeys {
  private static final String FILES = "*.pub";
  private static final int MOST_FILES = 256;

  private CustodianKeys() {}

  /// The keys of all of `custodians`, in their order; files of other keys are passed over.
  ///
  /// @throws IOException when a file cannot be read, or a custodian has none
  public static List<CustodianKey> find(Path folder, KeyQuorum custodians) throws IOException {
    Map<Bytes, CustodianKey> found = new TreeMap<>();
    int files = 0;
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, FILES)) {
      for (Path file : all) {
        files++;
        if (files > MOST_FILES) {
          throw new IOException(folder + ": more than " + MOST_FILES + " files " + FILES);
        }
        CustodianKey key = read(file);
        found.put(key.fingerprint(), key);
      }
    }
    List<CustodianKey> keys = new ArrayList<>();
    for (Bytes fingerprint : custodians.keys()) {
      CustodianKey key = found.get(fingerprint);
      if (key == null) {
        throw new IOException(
            "%s: no file %s has the key of custodian %s, which the posture names"
                .formatted(folder, FILES, fingerprint.toBase64Url()));
      }
      keys.add(key);
    }
    return keys;
  }

  private static CustodianKey read(Path file) throws IOException {
    Bytes bytes =
        DurableFiles.read(file, CustodianKey.MAX_SIZE)
            .orElseThrow(() -> new IOException(file + ": no such file"));
    try {
      return CustodianKey.parse(bytes);
    } catch (MalformedException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }
}
