package dev.holdfast.node.model;

import dev.holdfast.crypto.SigningKey;
import dev.holdfast.protocol.AccountId;

/// Who this node is in this run: known once its own store is open. The node owns the key and closes
/// it when it stops.
public record Identity(AccountId account, SigningKey key, long instance) {}
