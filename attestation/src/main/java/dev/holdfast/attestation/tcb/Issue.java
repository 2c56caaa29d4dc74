package dev.holdfast.attestation.tcb;

import java.time.Instant;

/// When a document was issued, until when it holds, and the number of the TCB recovery it knows.
public record Issue(Instant issueDate, Instant nextUpdate, int evaluationNumber) {}
