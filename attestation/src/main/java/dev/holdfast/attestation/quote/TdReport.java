package dev.holdfast.attestation.quote;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import java.util.List;
import java.util.Optional;

/// The report of a TDX VM: 584 bytes (TDX 1.0), 648 (1.5) or 885 (1.5 extended), fields at fixed
/// offsets. Numbers are little-endian.
///
/// Spec: docs/spec/quote.md#td-report
public record TdReport(Bytes body) implements Report {
  public static final int SIZE_1_0 = 584;
  public static final int SIZE_1_5 = 648;
  public static final int SIZE_1_5_EXTENDED = 885;

  public TdReport {
    int size = body.size();
    InvariantError.check(
        size == SIZE_1_0 || size == SIZE_1_5 || size == SIZE_1_5_EXTENDED, "size of a TD report");
  }

  @Override
  public Tee tee() {
    return Tee.TDX;
  }

  /// The TDX module's SVNs that the VM was launched under, 16 bytes.
  public Bytes teeTcbSvn() {
    return body.slice(0, 16);
  }

  public Bytes mrSeam() {
    return body.slice(16, 48);
  }

  public Bytes mrSignerSeam() {
    return body.slice(64, 48);
  }

  public Bytes seamAttributes() {
    return body.slice(112, 8);
  }

  public long tdAttributes() {
    return u64(120);
  }

  public long xfam() {
    return u64(128);
  }

  public Bytes mrTd() {
    return body.slice(136, 48);
  }

  public Bytes mrConfigId() {
    return body.slice(184, 48);
  }

  public Bytes mrOwner() {
    return body.slice(232, 48);
  }

  public Bytes mrOwnerConfig() {
    return body.slice(280, 48);
  }

  /// RTMR `index`, 48 bytes; `index` is 0..3.
  public Bytes rtmr(int index) {
    InvariantError.check(index >= 0 && index < 4, "RTMR index 0..3");
    return body.slice(328 + 48 * index, 48);
  }

  public List<Bytes> rtmrs() {
    return List.of(rtmr(0), rtmr(1), rtmr(2), rtmr(3));
  }

  @Override
  public Bytes reportData() {
    return body.slice(520, 64);
  }

  /// The TDX module's present SVNs, 16 bytes; from TDX 1.5.
  public Optional<Bytes> teeTcbSvn2() {
    return from(SIZE_1_5, 584, 16);
  }

  /// The bound service TD, 48 bytes, zero when there is none; from TDX 1.5.
  public Optional<Bytes> mrServiceTd() {
    return from(SIZE_1_5, 600, 48);
  }

  /// The hash of the first service TD that was ever bound, 48 bytes; TDX 1.5 extended.
  public Optional<Bytes> initialServiceTdHash() {
    return from(SIZE_1_5_EXTENDED, 729, 48);
  }

  /// The hash of the service TD that is bound now, 48 bytes; TDX 1.5 extended.
  public Optional<Bytes> currentServiceTdHash() {
    return from(SIZE_1_5_EXTENDED, 829, 48);
  }

  private Optional<Bytes> from(int version, int offset, int size) {
    return body.size() < version ? Optional.empty() : Optional.of(body.slice(offset, size));
  }

  private long u64(int offset) {
    long value = 0;
    for (int i = 7; i >= 0; i--) {
      value = value << 8 | body.at(offset + i);
    }
    return value;
  }
}
