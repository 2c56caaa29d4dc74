package dev.holdfast.codec;

/// Bytes that do not have the form their format demands: where, in which field, what was expected
/// and what was found. Carries no bytes of the input, so its message may be logged.
public final class MalformedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int offset;
  private final String field;

  public MalformedException(
      String format, int offset, String field, String expected, String found) {
    super(
        "%s: %s at offset %d: expected %s, found %s"
            .formatted(format, field, offset, expected, found));
    this.offset = offset;
    this.field = field;
  }

  /// Offset in bytes from the start of the outermost input.
  public int offset() {
    return offset;
  }

  public String field() {
    return field;
  }
}
