package dev.holdfast.protocol;

final class Placeholder {
  private Placeholder() {}
}
