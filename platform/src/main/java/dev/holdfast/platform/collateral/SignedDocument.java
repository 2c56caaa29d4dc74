package dev.holdfast.platform.collateral;

/// A signed JSON document as a service handed it out, not verified.
///
/// @param issuerChain PEM: signer, root
/// @param text the inner object, exactly as it was signed
/// @param signature r ‖ s over `text`, 128 hexadecimal digits
public record SignedDocument(String issuerChain, String text, String signature) {}
