package dev.holdfast.protocol.posture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.protocol.EvidenceFloor;
import dev.holdfast.protocol.Posture;
import dev.holdfast.protocol.Threshold;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SafeguardsTest {
  private static final Bytes LOW = Bytes.zero(32);
  private static final Bytes HIGH = LOW.sha256();

  private static Posture posture(Safeguards safeguards) {
    return new Posture(
        LOW, false, Threshold.DEFAULT, EvidenceFloor.defaults(), true, true, safeguards);
  }

  private static List<Safeguards> different() {
    Safeguards base = Safeguards.DEFAULT;
    KeyQuorum quorum = new KeyQuorum(1, List.of(LOW, HIGH));
    Fencing fencing = base.fencing();
    Witnessing witness = base.witnessing();
    return List.of(
        base,
        new Safeguards(quorum, KeyQuorum.NONE, fencing, witness, 30),
        new Safeguards(new KeyQuorum(2, quorum.keys()), KeyQuorum.NONE, fencing, witness, 30),
        new Safeguards(new KeyQuorum(1, List.of(HIGH)), KeyQuorum.NONE, fencing, witness, 30),
        new Safeguards(KeyQuorum.NONE, quorum, fencing, witness, 30),
        with(new Fencing(Fencing.Mode.BEST_EFFORT, fencing.lease())),
        with(new Fencing(Fencing.Mode.STRICT, Duration.ofSeconds(29))),
        with(changed(Witnessing.Mode.EVERY_COMMIT, 1000, 0, 30_000)),
        with(changed(Witnessing.Mode.INTERVAL, 1001, 0, 30_000)),
        with(changed(Witnessing.Mode.INTERVAL, 1000, 1, 30_000)),
        with(changed(Witnessing.Mode.INTERVAL, 1000, 0, 30_001)),
        new Safeguards(KeyQuorum.NONE, KeyQuorum.NONE, fencing, witness, 31));
  }

  private static Safeguards with(Fencing fencing) {
    return new Safeguards(KeyQuorum.NONE, KeyQuorum.NONE, fencing, Witnessing.DEFAULT, 30);
  }

  private static Safeguards with(Witnessing witness) {
    return new Safeguards(KeyQuorum.NONE, KeyQuorum.NONE, Fencing.DEFAULT, witness, 30);
  }

  private static Witnessing changed(Witnessing.Mode mode, long interval, int faults, long most) {
    return new Witnessing(mode, Duration.ofMillis(interval), faults, Duration.ofMillis(most));
  }

  @Test
  void safeguards_changedInAnything_giveAnotherPosture() {
    List<Safeguards> all = different();
    assertEquals(all.size(), all.stream().map(one -> posture(one).digest()).distinct().count());
  }

  @Test
  void posture_withSafeguards_isReadBack() throws Exception {
    for (Safeguards safeguards : different()) {
      Posture posture = posture(safeguards);
      assertEquals(posture, Posture.parse(posture.toBytes()));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"mode\":\"strict\"|\"mode\":\"lax\"",
        "\"mode\":\"interval\"|\"mode\":\"never\"",
        "\"leaseMillis\":30000|\"leaseMillis\":999",
        "\"leaseMillis\":30000|\"leaseMillis\":300001",
        "\"intervalMillis\":1000|\"intervalMillis\":99",
        "\"intervalMillis\":1000|\"intervalMillis\":60001",
        "\"maxUnwitnessedMillis\":30000|\"maxUnwitnessedMillis\":999",
        "\"maxUnwitnessedMillis\":30000|\"maxUnwitnessedMillis\":3600001",
        "\"faults\":0|\"faults\":16",
        "\"tcbGraceDays\":30|\"tcbGraceDays\":366",
        "\"tcbGraceDays\":30|\"tcbGraceDays\":-1",
        "\"releaseKeys\":{\"threshold\":0|\"releaseKeys\":{\"threshold\":1",
        "\"custodians\":{\"threshold\":2|\"custodians\":{\"threshold\":0",
        "\"custodians\":{\"threshold\":2|\"custodians\":{\"threshold\":3",
        "\"custodians\":{\"threshold\":2|\"custodians\":{\"else\":2",
        "\"keys\":[\"AAAA|\"keys\":[\"AAAAAAAA",
      })
  void posture_withOneMemberWrong_isMalformed(String found, String changed) throws Exception {
    Safeguards safeguards =
        new Safeguards(
            KeyQuorum.NONE,
            new KeyQuorum(2, List.of(LOW, HIGH)),
            Fencing.DEFAULT,
            Witnessing.DEFAULT,
            30);
    String text = new String(posture(safeguards).toBytes().toArray(), StandardCharsets.UTF_8);
    assertEquals(2, text.split(java.util.regex.Pattern.quote(found), -1).length, text);
    Bytes bytes = Bytes.copyOf(text.replace(found, changed).getBytes(StandardCharsets.UTF_8));
    assertThrows(MalformedException.class, () -> Posture.parse(bytes));
  }

  @Test
  void quorum_atTheLimitAndPastIt() {
    assertEquals(16, keys(16).size());
    new KeyQuorum(16, keys(16));
    assertThrows(InvariantError.class, () -> new KeyQuorum(17, keys(17)));
    assertThrows(InvariantError.class, () -> new KeyQuorum(0, keys(1)));
    assertThrows(InvariantError.class, () -> new KeyQuorum(1, List.of()));
  }

  private static List<Bytes> keys(int count) {
    return java.util.stream.Stream.iterate(LOW.sha256(), Bytes::sha256).limit(count).toList();
  }
}
