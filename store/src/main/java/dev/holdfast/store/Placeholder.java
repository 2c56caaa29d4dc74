package dev.holdfast.store;

final class Placeholder {
  private Placeholder() {}
}
