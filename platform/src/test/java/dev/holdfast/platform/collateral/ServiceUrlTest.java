package dev.holdfast.platform.collateral;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.holdfast.codec.MalformedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ServiceUrlTest {
  @ParameterizedTest
  @CsvSource({
    "https://pccs.example, https://pccs.example/sgx/certification/v4/x",
    "https://pccs.example:8081/, https://pccs.example:8081/sgx/certification/v4/x",
    "http://10.0.0.1:8081/sgx/certification/v4/, http://10.0.0.1:8081/sgx/certification/v4/x",
    "https://h/tdx/certification/v4, https://h/sgx/certification/v4/x",
    "https://h/sgx/certification/v3/, https://h/sgx/certification/v3/x",
    "http://[::1]:1/a/b, http://[::1]:1/a/b/sgx/certification/v4/x",
    "http://169.254.169.254/metadata/THIM/sgx/certification/v4/,"
        + " http://169.254.169.254/metadata/THIM/sgx/certification/v4/x",
  })
  void url_wellFormed_leadsThere(String text, String expected) throws Exception {
    assertEquals(expected, ServiceUrl.parse(text).uri("sgx", "x").toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "pccs.example",
        "ftp://pccs.example",
        "HTTPS://pccs.example",
        "https://",
        "https:///path",
        "https://user:word@pccs.example",
        "https://pccs.example?x=1",
        "https://pccs.example/#x",
        "https://pccs.example:0",
        "https://pccs.example:65536",
        "https://pccs.example//sgx",
        "https://pccs.example/../sgx",
        "https://pccs.example/./sgx",
        "https://pccs.example/%2e",
        "https://pccs.example/a b",
        "https://pccs_example",
        "file:/etc/passwd",
        "https:pccs",
      })
  void url_otherForm_isRefused(String text) {
    assertThrows(MalformedException.class, () -> ServiceUrl.parse(text));
  }

  @Test
  void url_atLimitAndOnePast_isTakenAndRefused() throws Exception {
    String start = "https://pccs.example/";
    String longest = start + "a".repeat(ServiceUrl.MAX_CHARACTERS - start.length());

    assertEquals(longest, ServiceUrl.parse(longest).toString());
    assertThrows(MalformedException.class, () -> ServiceUrl.parse(longest + "a"));
  }
}
