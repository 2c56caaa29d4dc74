package dev.holdfast.platform;

final class Placeholder {
  private Placeholder() {}
}
