package dev.holdfast.entropy.v1;

import dev.holdfast.codec.ByteReader;
import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.entropy.account.Account;
import java.math.BigInteger;
import java.security.SecureRandom;

/// The quotes that the original makes and takes outside production: 1259 bytes, of no machine, with
/// a key that names itself. **They prove nothing**: whoever knows this layout makes one that is
/// accepted.
public final class MockQuote {
  public static final int SIZE = 1259;

  private static final String FORMAT = "mock quote";
  private static final int REPORT_SIZE = 384;
  private static final int REPORT_DATA_OFFSET = 320;
  private static final int PCK_SIZE = 33;
  private static final int CERTIFICATION_SIZE = 489;
  private static final int CERTIFIED_BY_REPORT = 6;
  private static final int CERTIFIED_BY_CHAIN = 5;

  private MockQuote() {}

  /// A mock quote of `account` over 64 bytes of report data; all registers are zero.
  public static Bytes create(Account account, Bytes reportData, SecureRandom random) {
    return create(MockKeys.pck(account), MockKeys.draw(random), reportData);
  }

  /// The quote that a chain's genesis holds for `account`: both keys follow from it.
  public static Bytes ofGenesis(Account account, Bytes reportData) {
    return create(MockKeys.pck(account), MockKeys.genesisAttestation(account), reportData);
  }

  private static Bytes create(BigInteger pck, BigInteger attestation, Bytes reportData) {
    Bytes signed =
        new ByteWriter()
            .u16le(4)
            .u16le(2)
            .u32le(0x81)
            .bytes(Bytes.zero(40 + 520))
            .bytes(reportData)
            .toBytes();
    Bytes key = MockKeys.publicKey(attestation);
    Bytes report =
        new ByteWriter()
            .bytes(Bytes.zero(REPORT_DATA_OFFSET))
            .bytes(key.sha256())
            .bytes(Bytes.zero(REPORT_SIZE - REPORT_DATA_OFFSET - 32))
            .toBytes();
    return new ByteWriter()
        .bytes(signed)
        .u32le(0)
        .bytes(MockKeys.sign(attestation, signed))
        .bytes(key)
        .u16le(CERTIFIED_BY_REPORT)
        .u32le(CERTIFICATION_SIZE)
        .bytes(report)
        .bytes(MockKeys.sign(pck, report))
        .u16le(0)
        .u16le(CERTIFIED_BY_CHAIN)
        .u32le(PCK_SIZE)
        .bytes(MockKeys.compressed(pck))
        .toBytes();
  }

  /// Checks the two signatures and the binding between them, against the key in the quote itself:
  /// what the original checks outside production, and no more.
  ///
  /// @throws MalformedException when one of them does not hold
  public static void verify(Quote quote) throws MalformedException {
    ByteReader in = ByteReader.of(FORMAT, quote.signatures());
    in.u32le("size of signatures");
    Bytes signature = in.bytes(64, "signature");
    Bytes key = in.bytes(64, "attestation key");
    require(in, in.u16le("certification type") == CERTIFIED_BY_REPORT, "certification type 6");
    in.u32le("certification size");
    Bytes report = in.bytes(REPORT_SIZE, "QE report");
    Bytes reportSignature = in.bytes(64, "QE report signature");
    Bytes authentication = in.bytes(in.u16le("authentication size"), "authentication data");
    require(in, in.u16le("inner type") == CERTIFIED_BY_CHAIN, "inner certification type 5");
    require(in, in.u32le("inner size") == PCK_SIZE, "a mock key of 33 bytes");
    Bytes pck = in.bytes(PCK_SIZE, "mock key");
    in.requireEnd("quote");
    Bytes bound = new ByteWriter().bytes(key).bytes(authentication).toBytes().sha256();
    require(in, report.slice(REPORT_DATA_OFFSET, 32).equals(bound), "the attestation key's hash");
    require(in, MockKeys.verify(pck, report, reportSignature), "a QE report signed by its key");
    Bytes uncompressed = new ByteWriter().u8(4).bytes(key).toBytes();
    require(in, MockKeys.verify(uncompressed, quote.signed(), signature), "a signed quote");
  }

  private static void require(ByteReader in, boolean holds, String expected)
      throws MalformedException {
    if (!holds) {
      throw in.malformed("signatures", expected, "another");
    }
  }
}
