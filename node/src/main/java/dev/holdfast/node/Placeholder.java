package dev.holdfast.node;

final class Placeholder {
  private Placeholder() {}
}
