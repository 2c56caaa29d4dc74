package dev.holdfast.entropy.sr25519;

import dev.holdfast.codec.InvariantError;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The part of STROBE-128 (version 1.0.2) that Merlin transcripts use: `meta-AD`, `AD`, `PRF` and
/// `KEY`. Its state may depend on secrets: [#close] erases it. Not thread-safe.
final class Strobe implements AutoCloseable {
  private static final int RATE = 166;
  private static final int FLAG_I = 1;
  private static final int FLAG_A = 1 << 1;
  private static final int FLAG_C = 1 << 2;
  private static final int FLAG_M = 1 << 4;
  private static final int FLAG_K = 1 << 5;

  private final long[] lanes;
  private int position;
  private int begin;
  private int flags;

  private Strobe(long[] lanes, int position, int begin, int flags) {
    this.lanes = lanes;
    this.position = position;
    this.begin = begin;
    this.flags = flags;
  }

  static Strobe of(String protocol) {
    Strobe strobe = new Strobe(new long[Keccak.LANES], 0, 0, 0);
    byte[] head = {1, (byte) (RATE + 2), 1, 0, 1, 96};
    byte[] name = "STROBEv1.0.2".getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < head.length; i++) {
      strobe.mix(i, head[i]);
    }
    for (int i = 0; i < name.length; i++) {
      strobe.mix(head.length + i, name[i]);
    }
    Keccak.permute(strobe.lanes);
    strobe.metaAd(protocol.getBytes(StandardCharsets.US_ASCII), false);
    return strobe;
  }

  Strobe copy() {
    return new Strobe(lanes.clone(), position, begin, flags);
  }

  void metaAd(byte[] data, boolean more) {
    start(FLAG_M | FLAG_A, more);
    absorb(data);
  }

  void ad(byte[] data) {
    start(FLAG_A, false);
    absorb(data);
  }

  byte[] prf(int size) {
    start(FLAG_I | FLAG_A | FLAG_C, false);
    byte[] out = new byte[size];
    for (int i = 0; i < size; i++) {
      out[i] = (byte) octet(position);
      mix(position, out[i]);
      advance();
    }
    return out;
  }

  void key(byte[] data) {
    start(FLAG_A | FLAG_C, false);
    for (byte b : data) {
      mix(position, octet(position) ^ b);
      advance();
    }
  }

  @Override
  public void close() {
    Arrays.fill(lanes, 0);
  }

  private void start(int operation, boolean more) {
    if (more) {
      InvariantError.check(operation == flags, "an operation is continued by itself");
      return;
    }
    int before = begin;
    begin = position + 1;
    flags = operation;
    absorb(new byte[] {(byte) before, (byte) operation});
    if ((operation & (FLAG_C | FLAG_K)) != 0 && position != 0) {
      permute();
    }
  }

  private void absorb(byte[] data) {
    for (byte b : data) {
      mix(position, b);
      advance();
    }
  }

  private void advance() {
    position++;
    if (position == RATE) {
      permute();
    }
  }

  private void permute() {
    mix(position, begin);
    mix(position + 1, 0x04);
    mix(RATE + 1, 0x80);
    Keccak.permute(lanes);
    position = 0;
    begin = 0;
  }

  private int octet(int index) {
    return (int) (lanes[index >>> 3] >>> (8 * (index & 7))) & 0xff;
  }

  private void mix(int index, int octet) {
    lanes[index >>> 3] ^= (octet & 0xffL) << (8 * (index & 7));
  }
}
