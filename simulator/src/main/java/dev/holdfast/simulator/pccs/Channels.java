package dev.holdfast.simulator.pccs;

import dev.holdfast.simulator.tcb.Edition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Which editions there are at an instant, and which one a request is for.
///
/// @param editions newest first
record Channels(List<Edition> editions, Edition standard) {
  private static final List<String> UPDATES = List.of("standard", "early");

  static Channels at(Optional<Recovery> recovery, Instant now) {
    List<Edition> editions = new ArrayList<>();
    Edition standard = Edition.current();
    if (recovery.isPresent()) {
      Edition recovered = recovery.get().edition();
      if (!now.isBefore(recovered.recoveryEvent())) {
        editions.add(recovered);
        standard = recovery.get().standard() ? recovered : standard;
      }
    }
    editions.add(Edition.current());
    editions.add(Edition.previous());
    return new Channels(List.copyOf(editions), standard);
  }

  /// The edition that `update` or `tcbEvaluationDataNumber` names, which exclude each other.
  Edition asked(Query query) throws RefusedRequest {
    boolean byNumber = query.has("tcbEvaluationDataNumber");
    if (!byNumber) {
      String update = query.word("update", UPDATES, "standard");
      return update.equals("early") ? editions.getFirst() : standard;
    }
    if (query.has("update")) {
      throw RefusedRequest.invalid();
    }
    int number = query.number("tcbEvaluationDataNumber");
    for (Edition edition : editions) {
      if (edition.number() == number) {
        return edition;
      }
    }
    if (number >= 1 && number < editions.getLast().number()) {
      throw RefusedRequest.gone();
    }
    throw RefusedRequest.notFound("No data for this evaluation data number.");
  }
}
