package dev.holdfast.store;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// What `docs/spec/store.md` needs of cryptography, from the JDK alone: shares no code with the
/// store.
final class PlainCrypto {
  private PlainCrypto() {}

  static byte[] open(byte[] key, byte[] nonce, byte[] aad, byte[] sealed)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, nonce));
    cipher.updateAAD(aad);
    return cipher.doFinal(sealed);
  }

  static byte[] hkdf(byte[] key, byte[] salt, byte[] info, int size)
      throws GeneralSecurityException {
    byte[] extracted = hmac(salt.length == 0 ? new byte[32] : salt, key);
    byte[] first = Arrays.copyOf(info, info.length + 1);
    first[info.length] = 1;
    return Arrays.copyOf(hmac(extracted, first), size);
  }

  static byte[] hmac(byte[] key, byte[] message) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(message);
  }

  static byte[] frame(String purpose, byte[]... items) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] label = ("holdfast/1/" + purpose).getBytes(StandardCharsets.US_ASCII);
    out.writeBytes(ByteBuffer.allocate(4).putInt(label.length).array());
    out.writeBytes(label);
    for (byte[] item : items) {
      out.writeBytes(ByteBuffer.allocate(4).putInt(item.length).array());
      out.writeBytes(item);
    }
    return out.toByteArray();
  }

  static byte[] u64(long number) {
    return ByteBuffer.allocate(8).putLong(number).array();
  }

  static byte[] take(ByteBuffer in, int size) {
    byte[] bytes = new byte[size];
    in.get(bytes);
    return bytes;
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
