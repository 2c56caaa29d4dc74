package dev.holdfast.node.context;

import dev.holdfast.protocol.Endpoint;
import dev.holdfast.protocol.Image;
import dev.holdfast.protocol.MemberLabels;
import dev.holdfast.protocol.Posture;

/// What a node is told at its start: its fleet's posture, where peers reach it, and what it says
/// about itself.
public record NodeConfig(
    Posture posture, Endpoint endpoint, MemberLabels labels, Image image, Timings timings) {}
