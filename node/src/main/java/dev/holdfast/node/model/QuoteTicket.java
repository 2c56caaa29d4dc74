package dev.holdfast.node.model;

/// One quote that the node asked for.
public record QuoteTicket(long value) {}
