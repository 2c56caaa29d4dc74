package dev.holdfast.attestation.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.attestation.tcb.TcbStatus;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The JSON form of policies. Spec: docs/spec/policy.md#members
class PolicyDocumentTest {
  private static final long SEED = 20261125;

  @Test
  void emptyDocument_parsed_isTheDefault() throws MalformedException {
    assertEquals(AttestationPolicy.defaults(), parse("{}"));
    assertEquals("{\"version\":1}", text(AttestationPolicy.defaults()));
  }

  @Test
  void everyMember_parsed_isWhatItSays() throws MalformedException {
    String hash = "ab".repeat(48);
    AttestationPolicy policy =
        parse(
            """
            {"version": 1,
             "accepted-statuses": ["SWHardeningNeeded", "TDRelaunchAdvised"],
             "grace-until": "2027-01-31T00:00:00Z",
             "accepted-advisories": ["INTEL-SA-00615"],
             "denied-advisories": ["INTEL-SA-00001"],
             "min-evaluation-number": 17,
             "min-tcb-date": "2025-05-14T00:00:00Z",
             "collateral-grace-until": "2026-12-31T23:59:59Z",
             "relaxations": ["service-td", "sept-ve-disable-missing"],
             "measurements": [{"mrtd": "H", "rtmr1": "H", "rtmr2": "H", "rtmr3": "H"}],
             "registers": {"mrseam": ["H"]},
             "enclaves": [{"mrsigner": "S", "isvprodid": 7, "min-isvsvn": 3}],
             "platforms": ["00112233445566778899AABBCCDDEEFF"],
             "refused-platform-flags": ["smt"],
             "report-data": "R"}
            """
                .replace("\"H\"", '"' + hash + '"')
                .replace("\"S\"", '"' + "cd".repeat(32) + '"')
                .replace("\"R\"", '"' + "ef".repeat(64) + '"'));
    Bytes register = hex(hash);
    AttestationPolicy expected =
        AttestationPolicy.defaults()
            .withAcceptedStatuses(
                EnumSet.of(TcbStatus.SW_HARDENING_NEEDED, TcbStatus.TD_RELAUNCH_ADVISED))
            .withGraceUntil(Instant.parse("2027-01-31T00:00:00Z"))
            .withAcceptedAdvisoryIds(Set.of("INTEL-SA-00615"))
            .withDeniedAdvisoryIds(Set.of("INTEL-SA-00001"))
            .withMinEvaluationNumber(17)
            .withMinTcbDate(Instant.parse("2025-05-14T00:00:00Z"))
            .withCollateralGraceUntil(Instant.parse("2026-12-31T23:59:59Z"))
            .withRelaxations(EnumSet.of(Relaxation.SERVICE_TD, Relaxation.SEPT_VE_DISABLE_MISSING))
            .withMeasurements(
                List.of(
                    new Measurement(
                        register, Optional.empty(), register, register, Optional.of(register))))
            .withRegisters(Map.of(Register.MRSEAM, Set.of(register)))
            .withEnclaves(
                List.of(
                    new EnclaveMeasurement(
                        Optional.empty(), Optional.of(hex("cd".repeat(32))), Optional.of(7), 3)))
            .withPlatforms(Set.of(hex("00112233445566778899aabbccddeeff")))
            .withRefusedFlags(EnumSet.of(PlatformFlag.SMT))
            .withReportData(hex("ef".repeat(64)));
    assertEquals(expected, policy);
    assertEquals(expected, parse(text(policy)));
  }

  @Test
  void anyPolicy_writtenAndParsed_isEqual() throws MalformedException {
    Random random = new Random(SEED);
    for (int round = 0; round < 500; round++) {
      AttestationPolicy policy = policy(random);
      assertEquals(policy, parse(text(policy)), "seed " + SEED + ", round " + round);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{} {}",
        "{\"version\":2}",
        "{\"accepted-status\":[]}",
        "{\"platforms\":[],\"platforms\":[]}",
        "{\"accepted-statuses\":\"UpToDate\"}",
        "{\"accepted-statuses\":[\"uptodate\"]}",
        "{\"accepted-statuses\":[\"Revoked\"]}",
        "{\"accepted-statuses\":[\"NotSupported\"]}",
        "{\"accepted-statuses\":[\"UpToDate\",\"UpToDate\"]}",
        "{\"grace-until\":\"2027-01-31\"}",
        "{\"grace-until\":\"2027-01-31T00:00:00+00:00\"}",
        "{\"grace-until\":\"2027-01-31T00:00:00.5Z\"}",
        "{\"grace-until\":null}",
        "{\"accepted-advisories\":\"all\"}",
        "{\"accepted-advisories\":[\"\"]}",
        "{\"accepted-advisories\":[\"a b\"]}",
        "{\"accepted-advisories\":[1]}",
        "{\"denied-advisories\":\"any\"}",
        "{\"min-evaluation-number\":-1}",
        "{\"min-evaluation-number\":1000001}",
        "{\"min-evaluation-number\":17.0}",
        "{\"min-evaluation-number\":\"17\"}",
        "{\"relaxations\":[\"DEBUG\"]}",
        "{\"relaxations\":[\"everything\"]}",
        "{\"relaxations\":{\"debug\":true}}",
        "{\"platforms\":[\"00\"]}",
        "{\"platforms\":[\"zz112233445566778899aabbccddeeff\"]}",
        "{\"refused-platform-flags\":[\"hyperthreading\"]}",
        "{\"measurements\":{}}",
        "{\"measurements\":[{}]}",
        "{\"measurements\":[[]]}",
        "{\"registers\":{\"xfam\":[]}}",
        "{\"registers\":{\"mrseam\":\"00\"}}",
        "{\"registers\":{\"mrseam\":[\"00\"]}}",
        "{\"enclaves\":[{}]}",
        "{\"enclaves\":[{\"isvprodid\":1}]}",
        "{\"enclaves\":[{\"mrenclave\":\"00\"}]}",
        "{\"report-data\":\"00\"}"
      })
  void document_inAnotherForm_refused(String json) {
    assertThrows(MalformedException.class, () -> parse(json));
  }

  @Test
  void enclave_signerWithoutProduct_refused() {
    String signer = "{\"enclaves\":[{\"mrsigner\":\"" + "00".repeat(32) + "\"%s}]}";
    assertThrows(MalformedException.class, () -> parse(signer.formatted("")));
    assertThrows(MalformedException.class, () -> parse(signer.formatted(",\"isvprodid\":65536")));
  }

  @ParameterizedTest
  @CsvSource({
    "'{\"accepted-status\":[]}', accepted-statuses",
    "'{\"relaxations\":[\"x\"]}', sept-ve-disable-missing",
    "'{\"accepted-statuses\":[\"x\"]}', SWHardeningNeeded",
    "'{\"accepted-statuses\":[\"UpToDate\",\"x\"]}', $.accepted-statuses[1]"
  })
  void error_ofAMisspeltWord_namesThePlaceAndTheKnownOnes(String json, String named) {
    String message = assertThrows(MalformedException.class, () -> parse(json)).getMessage();
    assertTrue(String.valueOf(message).contains(named), message);
  }

  @Test
  void document_atItsLimit_parsedAndNotBeyond() throws MalformedException {
    String filled = "{\"version\":1" + " ".repeat(AttestationPolicy.MAX_SIZE - 13) + "}";
    assertEquals(AttestationPolicy.MAX_SIZE, filled.length());
    assertEquals(AttestationPolicy.defaults(), parse(filled));
    assertThrows(MalformedException.class, () -> parse(filled + " "));
  }

  @Test
  void platforms_atTheirLimit_parsedAndNotBeyond() throws MalformedException {
    assertEquals(4096, parse(platforms(4096)).platforms().orElseThrow().size());
    assertThrows(MalformedException.class, () -> parse(platforms(4097)));
  }

  private static String platforms(int count) {
    List<String> ids =
        IntStream.range(0, count).mapToObj(i -> '"' + "%032x".formatted(i) + '"').toList();
    return "{\"platforms\":[" + String.join(",", ids) + "]}";
  }

  private static AttestationPolicy policy(Random random) {
    TcbPolicy tcb =
        new TcbPolicy(
            some(random, EnumSet.range(TcbStatus.UP_TO_DATE, TcbStatus.OUT_OF_DATE)),
            maybe(random, instant(random)),
            maybe(random, advisories(random)),
            advisories(random),
            random.nextInt(100),
            maybe(random, instant(random)),
            maybe(random, instant(random)));
    Bytes register = bytes(random, Register.SIZE);
    Workload workload =
        new Workload(
            maybe(
                random,
                List.of(
                    new Measurement(
                        register,
                        maybe(random, register),
                        register,
                        bytes(random, Register.SIZE),
                        maybe(random, register)))),
            random.nextBoolean() ? Map.of() : Map.of(Register.MROWNER, Set.of(register)),
            maybe(
                random,
                List.of(
                    new EnclaveMeasurement(
                        Optional.of(bytes(random, 32)),
                        maybe(random, bytes(random, 32)),
                        maybe(random, random.nextInt(65536)),
                        random.nextInt(65536)))));
    return new AttestationPolicy(
        tcb,
        some(random, EnumSet.allOf(Relaxation.class)),
        workload,
        maybe(random, Set.of(Bytes.zero(16), bytes(random, 16))),
        some(random, EnumSet.allOf(PlatformFlag.class)),
        maybe(random, bytes(random, 64)));
  }

  private static <E extends Enum<E>> Set<E> some(Random random, EnumSet<E> all) {
    EnumSet<E> some = EnumSet.copyOf(all);
    some.removeIf(value -> random.nextBoolean());
    return some;
  }

  private static Set<String> advisories(Random random) {
    return random.nextBoolean() ? Set.of() : Set.of("INTEL-SA-" + random.nextInt(99999), "A");
  }

  private static Instant instant(Random random) {
    return Instant.ofEpochSecond(1_700_000_000L + random.nextInt(100_000_000));
  }

  private static <T> Optional<T> maybe(Random random, T value) {
    return random.nextBoolean() ? Optional.of(value) : Optional.empty();
  }

  private static Bytes bytes(Random random, int size) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    return Bytes.copyOf(bytes);
  }

  private static Bytes hex(String digits) throws MalformedException {
    return Bytes.parseHex(digits);
  }

  private static String text(AttestationPolicy policy) {
    return new String(policy.toJson().toArray(), StandardCharsets.UTF_8);
  }

  private static AttestationPolicy parse(String json) throws MalformedException {
    return AttestationPolicy.parse(Bytes.copyOf(json.getBytes(StandardCharsets.UTF_8)));
  }
}
