package dev.holdfast.attestation.tcb;

/// A TDX module that TCB info does not know; the message says what differs.
public final class ModuleMismatchException extends Exception {
  private static final long serialVersionUID = 1L;

  ModuleMismatchException(String message) {
    super(message, null, false, false);
  }
}
