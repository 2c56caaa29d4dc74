package dev.holdfast.node.model;

import dev.holdfast.protocol.custody.CustodyRequest;
import java.util.Optional;

/// How far the custodians of a locked node are with opening it.
///
/// - `threshold` of `custodians` open it; `accepted` have.
/// - `requested`: how many requests were made, or could not be, in this run; `request` is the
///   latest, `setback` why there is none.
/// - `judged`: how many approvals were judged; `refusal` is why the latest was not accepted.
public record CustodyStatus(
    int threshold,
    int custodians,
    int accepted,
    long requested,
    Optional<CustodyRequest> request,
    Optional<Setback> setback,
    long judged,
    Optional<Setback> refusal) {}
