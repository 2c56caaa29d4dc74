package dev.holdfast.attestation.tcb;

import java.time.Instant;
import java.util.List;

/// What a TCB level says about whoever meets it.
public record LevelStatus(TcbStatus status, Instant tcbDate, List<String> advisoryIds) {
  public LevelStatus {
    advisoryIds = List.copyOf(advisoryIds);
  }
}
