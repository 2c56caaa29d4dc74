package dev.holdfast.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TimestampsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "2025-06-19T10:32:27Z",
        "1970-01-01T00:00:00Z",
        "0000-01-01T00:00:00Z",
        "2024-02-29T23:59:59Z",
        "9999-12-31T23:59:59Z",
      })
  void parse_theOneSpelling_isThatInstant(String text) {
    assertEquals(Optional.of(Instant.parse(text)), Timestamps.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2025-06-19",
        "2025-06-19T10:32:27",
        "2025-06-19T10:32:27z",
        "2025-06-19t10:32:27Z",
        "2025-06-19 10:32:27Z",
        "2025-06-19T10:32Z",
        "2025-06-19T10:32:27.0Z",
        "2025-06-19T10:32:27+0",
        "2025-06-19T10:32:27ZZ",
        "2025/06/19T10:32:27Z",
        "20250-6-19T10:32:27Z",
        "-999-06-19T10:32:27Z",
        "2025-06-19T1a:32:27Z",
        "2025-06-19T1\u0660:32:27Z",
        "2025-02-29T10:32:27Z",
        "2025-13-01T10:32:27Z",
        "2025-00-01T10:32:27Z",
        "2025-06-00T10:32:27Z",
        "2025-06-19T24:00:00Z",
        "2025-06-19T10:60:27Z",
        "2025-06-30T23:59:60Z",
      })
  void parse_anyOtherSpelling_isNothing(String text) {
    assertEquals(Optional.empty(), Timestamps.parse(text));
  }
}
