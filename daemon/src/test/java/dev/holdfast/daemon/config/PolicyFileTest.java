package dev.holdfast.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.attestation.policy.AttestationPolicy;
import dev.holdfast.attestation.policy.Relaxation;
import dev.holdfast.attestation.tcb.TcbStatus;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Policies as people write them. Spec: docs/spec/policy.md
final class PolicyFileTest {
  private static final Path PAGE =
      Path.of(System.getProperty("holdfast.root", ".."), "docs/spec/policy.md");

  @Test
  void example_ofThePage_isWhatItSays() throws Exception {
    Matcher block =
        Pattern.compile("```toml\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(PAGE));
    assertTrue(block.find());
    assertEquals(
        AttestationPolicy.defaults()
            .withAcceptedStatuses(Set.of(TcbStatus.SW_HARDENING_NEEDED))
            .withAcceptedAdvisoryIds(Set.of("INTEL-SA-00289", "INTEL-SA-00615"))
            .withGraceUntil(Instant.parse("2027-01-31T00:00:00Z"))
            .withMinEvaluationNumber(17)
            .withRelaxations(Set.of(Relaxation.SEPT_VE_DISABLE_MISSING)),
        parse(block.group(1)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "min-evaluation-number = 17",
        "\n\t {\"min-evaluation-number\":17}",
        "# first\nmin-evaluation-number = 17 # second\n"
      })
  void document_inEitherForm_isTheSame(String text) throws MalformedException {
    assertEquals(AttestationPolicy.defaults().withMinEvaluationNumber(17), parse(text));
  }

  @Test
  void document_empty_isTheDefault() throws MalformedException {
    assertEquals(AttestationPolicy.defaults(), parse(""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "platforms = []\nplatforms = []",
        "min-evaluation-number = 17.0",
        "grace-until = 2027-01-31",
        "[relaxations]\ndebug = true",
        "unknown = 1",
        "= 1",
        "{\"a\""
      })
  void document_inAnotherForm_refused(String text) {
    assertThrows(MalformedException.class, () -> parse(text));
  }

  @Test
  void document_beyondTheLimit_refused() {
    String text = "# " + "x".repeat(AttestationPolicy.MAX_SIZE);
    assertThrows(MalformedException.class, () -> parse(text));
  }

  private static AttestationPolicy parse(String text) throws MalformedException {
    return PolicyFile.parse(Bytes.copyOf(text.getBytes(StandardCharsets.UTF_8)));
  }
}
