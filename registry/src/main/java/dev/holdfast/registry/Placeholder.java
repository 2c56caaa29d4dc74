package dev.holdfast.registry;

final class Placeholder {
  private Placeholder() {}
}
