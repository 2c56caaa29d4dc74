package dev.holdfast.node.model;

/// One request that a peer made of this node; the runner numbers them, never one number twice.
public record ExchangeId(long value) {}
