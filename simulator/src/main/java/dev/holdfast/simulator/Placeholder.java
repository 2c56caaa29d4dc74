package dev.holdfast.simulator;

final class Placeholder {
  private Placeholder() {}
}
