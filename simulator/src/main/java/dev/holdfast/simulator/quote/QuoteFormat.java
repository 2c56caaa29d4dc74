package dev.holdfast.simulator.quote;

/// Every combination of quote version and body.
public enum QuoteFormat {
  SGX_V3(3, 0, 0, 384),
  SGX_V4(4, 0, 0, 384),
  SGX_V5(5, 0, 1, 384),
  TDX_V4(4, 0x81, 0, 584),
  TDX_V5(5, 0x81, 2, 584),
  TDX_V5_15(5, 0x81, 3, 648),
  TDX_V5_15_EX(5, 0x81, 4, 885);

  private final int version;
  private final int teeType;
  private final int bodyType;
  private final int bodySize;

  QuoteFormat(int version, int teeType, int bodyType, int bodySize) {
    this.version = version;
    this.teeType = teeType;
    this.bodyType = bodyType;
    this.bodySize = bodySize;
  }

  public int version() {
    return version;
  }

  public int teeType() {
    return teeType;
  }

  /// The type in the body descriptor; versions 3 and 4 have no descriptor.
  public int bodyType() {
    return bodyType;
  }

  public int bodySize() {
    return bodySize;
  }

  public boolean isTdx() {
    return teeType != 0;
  }
}
