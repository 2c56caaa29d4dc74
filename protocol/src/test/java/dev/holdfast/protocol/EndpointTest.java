package dev.holdfast.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EndpointTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost:1",
        "node-1.example:65535",
        "a:80",
        "1a.b2:80",
        "127.0.0.1:7400",
        "10.0.0.255:7400",
        "223.255.255.255:7400",
        "[::1]:7400",
        "[2001:db8::1]:7400",
        "[fd00:1:2:3:4:5:6:7]:7400",
        "[fe00::1]:7400",
      })
  void text_ofTheForm_isReadAndWrittenTheSame(String text) throws MalformedException {
    assertEquals(text, Endpoint.parse(text).toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":",
        ":80",
        "host",
        "host:",
        "host:0",
        "host:65536",
        "host:080",
        "host:+80",
        "host:99999999999",
        "host:8o",
        "http://host:80",
        "host:80/",
        "host/x:80",
        "user@host:80",
        "ho st:80",
        "HOST:80",
        "host_1:80",
        "-host:80",
        "host-:80",
        "host..x:80",
        "host.:80",
        "2130706433:80",
        "0x7f.1:80",
        "1.2.3:80",
        "1.2.3.4.5:80",
        "1.2.3.04:80",
        "1.2.3.256:80",
        "h\u00f6st:80",
        "::1:80",
        "[::1:80",
        "[]:80",
        "[:]:80",
        "[1]:80",
        "[::1]80",
        "[::1%eth0]:80",
        "[1::2::3]:80",
        "[1:2:3:4:5:6:7]:80",
        "[1:2:3:4:5:6:7:8:9]:80",
        "[1:2:3:4:5:6:7::8]:80",
        "[12345::]:80",
        "[::1.2.3.4]:80",
        "[2001:DB8::1]:80",
        "0.0.0.0:80",
        "0.1.2.3:80",
        "169.254.169.254:80",
        "224.0.0.1:80",
        "255.255.255.255:80",
        "[::]:80",
        "[0:0:0:0:0:0:0:0]:80",
        "[fe80::1]:80",
        "[febf::1]:80",
        "[ff02::1]:80",
        "[::ffff:a9fe:a9fe]:80",
        "[::ffff:7f00:1]:80",
      })
  void text_ofAnotherFormOrARefusedAddress_isMalformed(String text) {
    assertThrows(MalformedException.class, () -> Endpoint.parse(text));
  }

  @Test
  void name_atItsLimit_isReadAndOnePastIsNot() throws MalformedException {
    String label = "a".repeat(63);
    String longest = label + "." + label + "." + label + "." + "a".repeat(61);
    assertEquals(253, Endpoint.parse(longest + ":80").host().length());
    assertThrows(MalformedException.class, () -> Endpoint.parse("a" + longest + ":80"));
    assertThrows(MalformedException.class, () -> Endpoint.parse("a".repeat(64) + ":80"));
  }

  @Test
  void resolvedAddresses_areJudgedByTheirBytes() {
    assertTrue(Endpoint.isRefused(Bytes.copyOf(new byte[] {(byte) 169, (byte) 254, 1, 1})));
    assertFalse(Endpoint.isRefused(Bytes.copyOf(new byte[] {127, 0, 0, 1})));
    assertTrue(Endpoint.isRefused(Bytes.zero(16)));
  }
}
