package dev.holdfast.entropy.account;

import dev.holdfast.codec.Digests;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.SecretBytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.crypto.generators.PKCS5S2ParametersGenerator;
import org.bouncycastle.crypto.params.KeyParameter;

/// A BIP-39 phrase in English: 12, 15, 18, 21 or 24 words with a checksum. The caller closes it.
public final class Mnemonic implements AutoCloseable {
  private static final int ROUNDS = 2048;
  private static final int SEED_BITS = 512;
  private static final int BITS_A_WORD = 11;
  private static final String SALT = "mnemonic";
  private static final List<String> WORDS = words();

  private final String phrase;
  private final SecretBytes entropy;

  private Mnemonic(String phrase, SecretBytes entropy) {
    this.phrase = phrase;
    this.entropy = entropy;
  }

  /// Parses words that are parted by one blank.
  ///
  /// @throws MalformedException when a word is unknown, or number or checksum is wrong
  public static Mnemonic parse(String phrase) throws MalformedException {
    List<String> words = List.of(phrase.split(" ", -1));
    if (words.size() < 12 || words.size() > 24 || words.size() % 3 != 0) {
      throw malformed("12, 15, 18, 21 or 24 words", words.size() + " words");
    }
    BigInteger bits = BigInteger.ZERO;
    for (String word : words) {
      int index = WORDS.indexOf(word);
      if (index < 0) {
        throw malformed("words of the English list", "another word");
      }
      bits = bits.shiftLeft(BITS_A_WORD).or(BigInteger.valueOf(index));
    }
    int checkBits = words.size() / 3;
    byte[] entropy = fixed(bits.shiftRight(checkBits), 4 * checkBits);
    int check = Digests.sha256().digest(entropy)[0] & 0xff;
    if ((bits.intValue() & ((1 << checkBits) - 1)) != check >>> (8 - checkBits)) {
      throw malformed("the checksum of the words", "another");
    }
    return new Mnemonic(phrase, SecretBytes.take(entropy));
  }

  /// The 64-byte seed of BIP-39, without a password.
  public SecretBytes seed() {
    return stretch(phrase.getBytes(StandardCharsets.UTF_8), SALT);
  }

  /// The 32-byte sr25519 seed of Substrate, which stretches the entropy, not the words.
  public SecretBytes miniSecret(String password) {
    try (SecretBytes whole = entropy.apply(bytes -> stretch(bytes, SALT + password))) {
      return SecretBytes.take(whole.apply(bytes -> Arrays.copyOf(bytes, 32)));
    }
  }

  @Override
  public void close() {
    entropy.close();
  }

  @Override
  public String toString() {
    return "Mnemonic";
  }

  private static SecretBytes stretch(byte[] password, String salt) {
    PKCS5S2ParametersGenerator pbkdf2 = new PKCS5S2ParametersGenerator(new SHA512Digest());
    pbkdf2.init(password, salt.getBytes(StandardCharsets.UTF_8), ROUNDS);
    return SecretBytes.take(((KeyParameter) pbkdf2.generateDerivedParameters(SEED_BITS)).getKey());
  }

  private static byte[] fixed(BigInteger value, int size) {
    byte[] magnitude = value.toByteArray();
    byte[] bytes = new byte[size];
    int copied = Math.min(size, magnitude.length);
    System.arraycopy(magnitude, magnitude.length - copied, bytes, size - copied, copied);
    return bytes;
  }

  private static List<String> words() {
    try (InputStream list = Mnemonic.class.getResourceAsStream("bip39-english.txt")) {
      InvariantError.check(list != null, "the word list is in the jar");
      return List.of(new String(list.readAllBytes(), StandardCharsets.US_ASCII).split("\n"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static MalformedException malformed(String expected, String found) {
    return new MalformedException("mnemonic", 0, "phrase", expected, found);
  }
}
