package dev.holdfast.node.model;

import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.Endpoint;

/// A member to talk to: who it should be, where it should be, what people call it.
public record Peer(AccountId account, Endpoint endpoint, String name) {}
