package dev.holdfast.registry.etcd;

import java.io.IOException;
import java.io.Serial;

/// etcd did not do what it was asked, or could not be asked.
final class EtcdException extends IOException {
  @Serial private static final long serialVersionUID = 1L;

  // The codes of gRPC that matter here, and three for what happens before there is one.
  static final int NO_ETCD = -3;
  static final int TOO_LARGE = -2;
  static final int NO_REPLY = -1;
  static final int UNKNOWN = 2;
  static final int INVALID_ARGUMENT = 3;
  static final int DEADLINE_EXCEEDED = 4;
  static final int NOT_FOUND = 5;
  static final int OUT_OF_RANGE = 11;
  static final int UNAVAILABLE = 14;
  static final int UNAUTHENTICATED = 16;

  private final int code;

  EtcdException(int code, String message) {
    super(message);
    this.code = code;
  }

  int code() {
    return code;
  }

  /// True when another server of the cluster may do better.
  boolean isOfOneServer() {
    return code == NO_REPLY
        || code == NO_ETCD
        || code == UNKNOWN
        || code == DEADLINE_EXCEEDED
        || code == UNAVAILABLE;
  }

  /// True when the reply is too large or no JSON that we read: somebody put large values there.
  boolean isOfTheReply() {
    return code == TOO_LARGE || code == NO_ETCD;
  }

  /// True when a new token may help: tokens expire and do not survive a server's restart.
  boolean isOfTheToken() {
    return code == UNAUTHENTICATED || code == INVALID_ARGUMENT;
  }
}
