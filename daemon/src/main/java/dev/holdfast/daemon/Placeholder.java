package dev.holdfast.daemon;

final class Placeholder {
  private Placeholder() {}
}
