package dev.holdfast.bench;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;

/// Bare P-256 verifications over a message of a quote's size, by one provider, with a key that it
/// has imported already.
final class P256Limit {
  private static final String ALGORITHM = "SHA256withECDSA";
  private static final int QUOTE_SIZE = 632;

  private final Provider provider;
  private final KeyPair keys;
  private final byte[] message = new byte[QUOTE_SIZE];
  private final byte[] signed;

  P256Limit(Provider provider) throws GeneralSecurityException {
    this.provider = provider;
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", provider);
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    keys = generator.generateKeyPair();
    new SecureRandom().nextBytes(message);
    Signature signer = Signature.getInstance(ALGORITHM, provider);
    signer.initSign(keys.getPrivate());
    signer.update(message);
    signed = signer.sign();
  }

  boolean verifyTwice() throws GeneralSecurityException {
    boolean quote = verify();
    boolean qeReport = verify();
    return quote && qeReport;
  }

  /// A fresh object for each: with some providers a used one is slower.
  private boolean verify() throws GeneralSecurityException {
    Signature verifier = Signature.getInstance(ALGORITHM, provider);
    verifier.initVerify(keys.getPublic());
    verifier.update(message);
    return verifier.verify(signed);
  }
}
