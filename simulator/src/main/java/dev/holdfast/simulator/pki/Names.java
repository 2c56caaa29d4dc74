package dev.holdfast.simulator.pki;

import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;

/// Distinguished names and key identifiers as Intel forms them.
public final class Names {
  /// Where the distribution points say that revocation lists are: a place that cannot exist.
  public static final String CRL_BASE = "https://vendor.example.invalid/";

  private static final int KEY_ID_SIZE = 20;

  private Names() {}

  /// `CN=commonName, O=Intel Corporation, L=Santa Clara, ST=CA, C=US`, in this order.
  public static Bytes of(String commonName) {
    return Der.sequence(
        attribute("2.5.4.3", Der.utf8String(commonName)),
        attribute("2.5.4.10", Der.utf8String("Intel Corporation")),
        attribute("2.5.4.7", Der.utf8String("Santa Clara")),
        attribute("2.5.4.8", Der.utf8String("CA")),
        attribute("2.5.4.6", Der.printableString("US")));
  }

  /// The 20 bytes that name a key; read as a number, they are also its certificate's serial.
  public static Bytes keyId(Bytes point) {
    return new ByteWriter().u8(4).bytes(point).toBytes().sha256().slice(0, KEY_ID_SIZE);
  }

  private static Bytes attribute(String oid, Bytes value) {
    return Der.set(Der.sequence(Der.oid(oid), value));
  }
}
