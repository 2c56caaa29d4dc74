package dev.holdfast.attestation.tcb;

import dev.holdfast.codec.Bytes;

/// The SVNs of a platform from its PCK certificate (16 components, the PCE's) and of its QE.
public record PlatformTcb(Bytes sgxComponents, int pceSvn, int qeIsvSvn) {}
