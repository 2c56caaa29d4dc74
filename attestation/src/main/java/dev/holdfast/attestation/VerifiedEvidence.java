package dev.holdfast.attestation;

import dev.holdfast.attestation.x509.Chain;
import dev.holdfast.attestation.x509.SgxExtension;
import java.security.PublicKey;

/// The chain and the platform behind an attestation key: everything about a quote that outlives it.
record VerifiedEvidence(Chain pckChain, SgxExtension pck, PublicKey attestationKey) {}
