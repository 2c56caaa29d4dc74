package dev.holdfast.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.codec.InvariantError;
import java.io.IOException;
import org.junit.jupiter.api.Test;

final class SecretBytesTest {
  @Test
  void close_always_zeroesTheArrayItTook() {
    byte[] array = {1, 2, 3};
    SecretBytes secret = SecretBytes.take(array);
    secret.close();

    assertArrayEquals(new byte[3], array);
  }

  @Test
  void use_afterClose_isABug() {
    SecretBytes secret = SecretBytes.take(new byte[1]);
    secret.close();

    assertThrows(InvariantError.class, () -> secret.use(array -> {}));
    assertThrows(InvariantError.class, () -> secret.apply(array -> 1));
    assertThrows(InvariantError.class, () -> secret.attempt(array -> 1));
    assertThrows(InvariantError.class, secret::copy);
    assertThrows(InvariantError.class, () -> secret.sameAs(secret));
  }

  @Test
  void apply_returningTheArray_isABug() {
    try (SecretBytes secret = SecretBytes.take(new byte[1])) {
      assertThrows(InvariantError.class, () -> secret.apply(array -> array));
      assertThrows(InvariantError.class, () -> secret.attempt(array -> array));
    }
  }

  @Test
  void attempt_failingFunction_letsItsExceptionOut() {
    try (SecretBytes secret = SecretBytes.take(new byte[1])) {
      assertThrows(
          IOException.class,
          () ->
              secret.attempt(array -> {
                throw new IOException("no");
              }));
    }
  }

  @Test
  void copyOf_changedAfterwards_keepsItsBytes() {
    byte[] array = {1, 2, 3};
    try (SecretBytes secret = SecretBytes.copyOf(array);
        SecretBytes expected = SecretBytes.copyOf(new byte[] {1, 2, 3})) {
      array[0] = 9;
      assertTrue(secret.sameAs(expected));
    }
  }

  @Test
  void sameAs_otherBytesOrSize_isFalse() {
    try (SecretBytes secret = SecretBytes.copyOf(new byte[] {1, 2});
        SecretBytes other = SecretBytes.copyOf(new byte[] {1, 3});
        SecretBytes longer = SecretBytes.copyOf(new byte[] {1, 2, 0})) {
      assertFalse(secret.sameAs(other));
      assertFalse(secret.sameAs(longer));
    }
  }

  @Test
  void toString_always_showsTheSizeOnly() {
    try (SecretBytes secret = SecretBytes.copyOf(new byte[] {77, 78})) {
      assertEquals("SecretBytes[2]", secret.toString());
    }
  }
}
