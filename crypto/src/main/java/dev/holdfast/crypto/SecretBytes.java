package dev.holdfast.crypto;

import dev.holdfast.codec.InvariantError;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Function;

/// Secret bytes with one owner: zeroed on close, compared in constant time, without a string form.
///
/// Whoever creates one closes it. [#use] and [#apply] are the only exits: they lend the array for
/// the duration of a call, and the callee keeps no reference to it. Not for several threads, except
/// that reads may be concurrent until the owner closes it. The collector may have copied the array:
/// erasure in a heap is hygiene, protected memory is the protection.
public final class SecretBytes implements AutoCloseable {
  private final byte[] array;
  private volatile boolean closed;

  private SecretBytes(byte[] array) {
    this.array = array;
  }

  public static SecretBytes copyOf(byte[] array) {
    return new SecretBytes(array.clone());
  }

  /// Takes `array` over without a copy: the caller gives it up.
  public static SecretBytes take(byte[] array) {
    return new SecretBytes(array);
  }

  public static SecretBytes generate(int size, SecureRandom random) {
    byte[] array = new byte[size];
    random.nextBytes(array);
    return new SecretBytes(array);
  }

  public int size() {
    return array.length;
  }

  /// Lends the array to `user`.
  public void use(Consumer<byte[]> user) {
    user.accept(open());
  }

  /// Lends the array to `function` and returns its result, which must not be the array.
  public <T> T apply(Function<byte[], T> function) {
    T result = function.apply(open());
    InvariantError.check(result != array, "a secret's array leaves its owner");
    return result;
  }

  /// [#apply] for a function with a checked exception.
  public <T, E extends Exception> T attempt(FallibleFunction<T, E> function) throws E {
    T result = function.apply(open());
    InvariantError.check(result != array, "a secret's array leaves its owner");
    return result;
  }

  public SecretBytes copy() {
    return copyOf(open());
  }

  /// Equality in time that depends on the sizes only.
  public boolean sameAs(SecretBytes other) {
    return MessageDigest.isEqual(open(), other.open());
  }

  /// Zeroes the bytes; idempotent.
  @Override
  public void close() {
    closed = true;
    Arrays.fill(array, (byte) 0);
  }

  @Override
  public String toString() {
    return "SecretBytes[" + array.length + "]";
  }

  /// A function of lent bytes that may fail.
  @FunctionalInterface
  public interface FallibleFunction<T, E extends Exception> {
    T apply(byte[] array) throws E;
  }

  private byte[] open() {
    InvariantError.check(!closed, "a secret is used after its owner closed it");
    return array;
  }
}
