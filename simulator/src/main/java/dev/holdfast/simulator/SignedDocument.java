package dev.holdfast.simulator;

import dev.holdfast.codec.Bytes;

/// A signed JSON document of the vendor.
///
/// @param text exactly what was signed
/// @param signature r‖s, 64 bytes
/// @param issuerChain signer and root in PEM
public record SignedDocument(String text, Bytes signature, String issuerChain) {}
