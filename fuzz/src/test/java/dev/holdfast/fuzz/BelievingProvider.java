package dev.holdfast.fuzz;

import java.security.Key;
import java.security.KeyFactorySpi;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.SignatureSpi;
import java.security.spec.KeySpec;
import java.util.function.Supplier;

/// ECDSA to which every signature is valid: with it a verifier goes on to what stands behind
/// authenticity, for inputs that nobody signed. For fuzzing only.
final class BelievingProvider extends Provider {
  private static final long serialVersionUID = 1L;

  BelievingProvider() {
    super("Believing", "1", "holds every signature for valid");
    putService(new Made(this, "KeyFactory", "EC", AnyKey::new));
    putService(new Made(this, "Signature", "SHA256withECDSA", Believed::new));
  }

  private static final class Made extends Service {
    private final Supplier<Object> maker;

    Made(Provider provider, String type, String algorithm, Supplier<Object> maker) {
      super(provider, type, algorithm, "", null, null);
      this.maker = maker;
    }

    @Override
    public Object newInstance(Object parameter) {
      return maker.get();
    }

    @Override
    public boolean supportsParameter(Object parameter) {
      return true;
    }
  }

  private record AnyPoint() implements PublicKey {
    @Override
    public String getAlgorithm() {
      return "EC";
    }

    @Override
    public String getFormat() {
      return "X.509";
    }

    @Override
    public byte[] getEncoded() {
      return new byte[0];
    }
  }

  private static final class AnyKey extends KeyFactorySpi {
    @Override
    protected PublicKey engineGeneratePublic(KeySpec spec) {
      return new AnyPoint();
    }

    @Override
    protected PrivateKey engineGeneratePrivate(KeySpec spec) {
      throw new UnsupportedOperationException();
    }

    @Override
    protected <T extends KeySpec> T engineGetKeySpec(Key key, Class<T> form) {
      throw new UnsupportedOperationException();
    }

    @Override
    protected Key engineTranslateKey(Key key) {
      return key;
    }
  }

  private static final class Believed extends SignatureSpi {
    @Override
    protected void engineInitVerify(PublicKey key) {}

    @Override
    protected void engineUpdate(byte value) {}

    @Override
    protected void engineUpdate(byte[] bytes, int offset, int size) {}

    @Override
    protected boolean engineVerify(byte[] signature) {
      return true;
    }

    @Override
    protected void engineInitSign(PrivateKey key) {
      throw new UnsupportedOperationException();
    }

    @Override
    protected byte[] engineSign() {
      throw new UnsupportedOperationException();
    }

    @Override
    @SuppressWarnings("deprecation")
    protected void engineSetParameter(String name, Object value) {
      throw new UnsupportedOperationException();
    }

    @Override
    @SuppressWarnings("deprecation")
    protected Object engineGetParameter(String name) {
      throw new UnsupportedOperationException();
    }
  }
}
