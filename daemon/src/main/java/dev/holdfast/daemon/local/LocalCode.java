package dev.holdfast.daemon.local;

import dev.holdfast.codec.JsonWriter;
import dev.holdfast.daemon.http.Reply;
import java.util.Locale;
import java.util.Optional;

/// Why a local command was refused. The caller is the owner, so each comes with its detail.
public enum LocalCode {
  NAME_INVALID(400),
  NO_SUCH_SECRET(404),
  /// The store's key is not here (yet).
  LOCKED(503),
  /// The store is open, but its key is not safe with the providers yet.
  NOT_BACKED_UP(503),
  /// The store is open, and no quorum of its providers confirms this run as the only one.
  UNCONFIRMED(503),
  /// What was written is durable here, and not witnessed by a quorum of providers yet.
  NOT_WITNESSED(503),
  /// The store did not go back: there is nothing to accept.
  NOTHING_TO_ACCEPT(404),
  ACCEPTANCE_REFUSED(403),
  /// The store is open, or there is none.
  NOTHING_TO_OPEN(404),
  /// Its root key was shared with providers only.
  NO_CUSTODIANS(404),
  APPROVAL_REFUSED(403),
  NO_STATEMENT(404),
  STATEMENT_REFUSED(403),
  STARTING(503),
  STORE_FAILED(500);

  private final int status;

  LocalCode(int status) {
    this.status = status;
  }

  /// The stable code, in kebab case.
  public String code() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// An answer in the form of RFC 9457.
  public Reply reply(String detail) {
    JsonWriter json =
        JsonWriter.object()
            .put("type", "urn:holdfast:problem:" + code())
            .put("status", status)
            .put("code", code())
            .put("detail", detail)
            .put("retryable", status == 503);
    return new Reply(status, "application/problem+json", json.toBytes(), Optional.empty(), false);
  }
}
