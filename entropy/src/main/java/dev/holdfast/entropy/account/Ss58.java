package dev.holdfast.entropy.account;

import dev.holdfast.codec.ByteReader;
import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.entropy.hash.Blake2;
import java.math.BigInteger;

/// Addresses of accounts: base58 of (prefix of one or two bytes, 32 bytes, 2 bytes of checksum).
///
/// Strict: the alphabet, the size, the checksum and a prefix in its shortest form.
public final class Ss58 {
  /// The prefix of chains that have none of their own; the original's, too.
  public static final int GENERIC_PREFIX = 42;

  public static final int MAX_PREFIX = 16_383;

  private static final String ALPHABET =
      "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  private static final BigInteger BASE = BigInteger.valueOf(ALPHABET.length());
  private static final Bytes CHECKSUM_LABEL = Bytes.utf8("SS58PRE");
  private static final int CHECKSUM_SIZE = 2;
  private static final int MAX_CHARACTERS = 50;
  private static final int FIRST_LONG_PREFIX = 64;
  private static final int FIRST_RESERVED = 128;

  private Ss58() {}

  /// An account and the prefix it was written under.
  public record Address(int prefix, Account account) {}

  public static String format(Account account, int prefix) {
    InvariantError.check(prefix >= 0 && prefix <= MAX_PREFIX, "an SS58 prefix has 14 bits");
    ByteWriter out = new ByteWriter();
    if (prefix < FIRST_LONG_PREFIX) {
      out.u8(prefix);
    } else {
      out.u8((prefix & 0xfc) >>> 2 | FIRST_LONG_PREFIX).u8(prefix >>> 8 | (prefix & 3) << 6);
    }
    Bytes body = out.bytes(account.bytes()).toBytes();
    return base58(new ByteWriter().bytes(body).bytes(checksum(body)).toBytes());
  }

  /// The account of an address under the generic prefix.
  ///
  /// @throws MalformedException when the text is no such address
  public static Account parse(String text) throws MalformedException {
    Address address = parseAnyPrefix(text);
    if (address.prefix() != GENERIC_PREFIX) {
      throw malformed("prefix", Integer.toString(GENERIC_PREFIX), "prefix " + address.prefix());
    }
    return address.account();
  }

  /// An address under whatever prefix.
  ///
  /// @throws MalformedException when the text is no address
  public static Address parseAnyPrefix(String text) throws MalformedException {
    Bytes whole = fromBase58(text);
    ByteReader in = ByteReader.of("SS58 address", whole);
    int prefix = prefix(in);
    Account account = new Account(in.bytes(Account.SIZE, "account"));
    Bytes body = in.since(0);
    Bytes found = in.bytes(CHECKSUM_SIZE, "checksum");
    in.requireEnd("address");
    if (!found.equals(checksum(body))) {
      throw malformed("checksum", "that of the rest", "another");
    }
    return new Address(prefix, account);
  }

  private static int prefix(ByteReader in) throws MalformedException {
    int first = in.u8("prefix");
    if (first < FIRST_LONG_PREFIX) {
      return first;
    }
    if (first >= FIRST_RESERVED) {
      throw malformed("prefix", "0..16383", "a reserved one");
    }
    int second = in.u8("prefix");
    int prefix = ((first << 2 | second >>> 6) & 0xff) | (second & 0x3f) << 8;
    if (prefix < FIRST_LONG_PREFIX) {
      throw malformed("prefix", "the shortest form", "a longer one");
    }
    return prefix;
  }

  private static Bytes checksum(Bytes body) {
    return Blake2.b(64, CHECKSUM_LABEL, body).slice(0, CHECKSUM_SIZE);
  }

  private static String base58(Bytes bytes) {
    StringBuilder digits = new StringBuilder();
    for (BigInteger left = new BigInteger(1, bytes.toArray());
        left.signum() > 0;
        left = left.divide(BASE)) {
      digits.append(ALPHABET.charAt(left.mod(BASE).intValue()));
    }
    for (int i = 0; i < bytes.size() && bytes.at(i) == 0; i++) {
      digits.append(ALPHABET.charAt(0));
    }
    return digits.reverse().toString();
  }

  private static Bytes fromBase58(String text) throws MalformedException {
    if (text.length() > MAX_CHARACTERS) {
      throw malformed("address", "at most 50 characters", text.length() + " characters");
    }
    BigInteger value = BigInteger.ZERO;
    int zeros = 0;
    for (int i = 0; i < text.length(); i++) {
      int digit = ALPHABET.indexOf(text.charAt(i));
      if (digit < 0) {
        throw malformed("address", "base58", "another character");
      }
      value = value.multiply(BASE).add(BigInteger.valueOf(digit));
      zeros += value.signum() == 0 ? 1 : 0;
    }
    ByteWriter out = new ByteWriter().bytes(Bytes.zero(zeros));
    if (value.signum() > 0) {
      byte[] magnitude = value.toByteArray();
      int sign = magnitude[0] == 0 ? 1 : 0;
      out.bytes(Bytes.copyOf(magnitude, sign, magnitude.length - sign));
    }
    return out.toBytes();
  }

  private static MalformedException malformed(String field, String expected, String found) {
    return new MalformedException("SS58 address", 0, field, expected, found);
  }
}
