package dev.holdfast.crypto;

/// One share of a secret: its index and its value, as it was made or as a peer sent it. Nothing is
/// checked here: [Sharing#check] is the judge. Owns the value.
public record Share(int index, SecretBytes value) implements AutoCloseable {
  /// Erases the value; idempotent.
  @Override
  public void close() {
    value.close();
  }
}
