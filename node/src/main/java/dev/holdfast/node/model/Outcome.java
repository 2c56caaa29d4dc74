package dev.holdfast.node.model;

/// What comes of a task or of a reply: something to tell the node, or first another call.
public sealed interface Outcome {
  record Settled(Input input) implements Outcome {}

  record Follow(Call call) implements Outcome {}
}
