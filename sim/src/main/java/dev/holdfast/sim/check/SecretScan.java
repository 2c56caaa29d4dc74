package dev.holdfast.sim.check;

import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Finds secrets in anything that leaves a node: as they are, in hexadecimal, and in base64url at
/// each of its three alignments. Looks for eight bytes of each form at once with a rolling window.
public final class SecretScan {
  private static final int WINDOW = Long.BYTES;
  private static final int FILTER_BITS = 16;
  private static final long MIX = 0x9e3779b97f4a7c15L;

  private final Map<Bytes, String> names = new HashMap<>();
  private final Map<Long, List<Form>> forms = new HashMap<>();
  private final BitSet filter = new BitSet(1 << FILTER_BITS);

  private record Form(String name, Bytes bytes) {}

  public int size() {
    return names.size();
  }

  /// Plants `secret`, of 16 bytes or more; once is enough.
  public void plant(String name, Bytes secret) {
    if (names.putIfAbsent(secret, name) != null) {
      return;
    }
    add(name, secret.toArray());
    add(name + " in hexadecimal", utf8(secret.toHex()));
    for (int offset = 0; offset < 3; offset++) {
      Bytes shifted = new ByteWriter().bytes(Bytes.zero(offset)).bytes(secret).toBytes();
      String text = shifted.toBase64Url();
      // The characters at both ends carry bits of the neighbours, too.
      int first = offset == 0 ? 0 : offset + 1;
      int last = (offset + secret.size()) * 8 / 6;
      add(name + " in base64url", utf8(text.substring(first, last)));
    }
  }

  private void add(String name, byte[] bytes) {
    long key = ByteBuffer.wrap(bytes).getLong();
    filter.set(slot(key));
    forms.computeIfAbsent(key, _ -> new ArrayList<>()).add(new Form(name, Bytes.copyOf(bytes)));
  }

  /// The name of a secret that `text` holds.
  public Optional<String> find(String text) {
    return find(utf8(text));
  }

  public Optional<String> find(byte[] bytes) {
    long window = 0;
    for (int i = 0; i < bytes.length; i++) {
      window = window << 8 | (bytes[i] & 0xff);
      if (i >= WINDOW - 1 && filter.get(slot(window))) {
        Optional<String> found = confirm(window, bytes, i - WINDOW + 1);
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  private Optional<String> confirm(long window, byte[] bytes, int start) {
    for (Form form : forms.getOrDefault(window, List.of())) {
      int size = form.bytes().size();
      if (start + size <= bytes.length && Bytes.copyOf(bytes, start, size).equals(form.bytes())) {
        return Optional.of(form.name());
      }
    }
    return Optional.empty();
  }

  private static int slot(long window) {
    return (int) ((window * MIX) >>> (Long.SIZE - FILTER_BITS));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
