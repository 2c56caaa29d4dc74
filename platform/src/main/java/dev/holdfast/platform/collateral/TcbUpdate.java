package dev.holdfast.platform.collateral;

/// Which of the vendor's TCB documents are wanted: around a TCB recovery there are several.
public sealed interface TcbUpdate {
  /// The vendor's two channels.
  enum Channel implements TcbUpdate {
    /// What everybody is judged by; a new recovery arrives here months after its announcement.
    STANDARD("standard"),

    /// What everybody will be judged by.
    EARLY("early");

    private final String code;

    Channel(String code) {
      this.code = code;
    }

    /// The value of the parameter `update`.
    @Override
    public String code() {
      return code;
    }
  }

  /// The documents of one TCB recovery.
  ///
  /// @param value the TCB evaluation data number, 0..[#MAX_VALUE]
  record EvaluationNumber(int value) implements TcbUpdate {
    public static final int MAX_VALUE = 65535;

    public EvaluationNumber {
      if (value < 0 || value > MAX_VALUE) {
        throw new IllegalArgumentException("expected 0.." + MAX_VALUE + ", found " + value);
      }
    }

    @Override
    public String code() {
      return "n" + value;
    }
  }

  /// A name of it, for files.
  String code();
}
