package dev.holdfast.attestation.x509;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PemTest {
  private static final String BEGIN = "-----BEGIN CERTIFICATE-----\n";
  private static final String END = "-----END CERTIFICATE-----";
  private static final Bytes CONTENT = Bytes.copyOf(new byte[] {1, 2, 3, 4});

  @ParameterizedTest
  @ValueSource(
      strings = {
        BEGIN + "AQIDBA==\n" + END,
        BEGIN + "AQIDBA==\n" + END + "\n\0",
        BEGIN + "AQ\r\nID\r\nBA==\r\n" + END + "\r\n",
        "\n" + BEGIN + "AQIDBA==\n" + END + " \n\0\0"
      })
  void block_withBlanksAround_read(String text) throws MalformedException {
    assertEquals(List.of(CONTENT), blocks(text, 3));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n\0",
        "AQIDBA==",
        "x" + BEGIN + "AQIDBA==\n" + END,
        BEGIN + "AQIDBA==\n" + END + "x",
        BEGIN + "AQIDBA==\n",
        BEGIN + "AQIDBA==\n-----END X509 CRL-----",
        BEGIN + "AQIDBA=\n" + END,
        BEGIN + "AQIDBA\n" + END,
        BEGIN + "AQIDBB==\n" + END,
        BEGIN + "AQ ID BA==\n" + END,
        BEGIN + "AQIDBA==\0\n" + END,
        BEGIN + "AQID-_==\n" + END,
        "-----BEGIN X509 CRL-----\nAQIDBA==\n-----END X509 CRL-----"
      })
  void block_inOtherForm_refused(String text) {
    assertThrows(MalformedException.class, () -> blocks(text, 3));
  }

  @Test
  void blocks_atTheLimit_readAndNotBeyond() throws MalformedException {
    String block = BEGIN + "AQIDBA==\n" + END + "\n";
    assertEquals(3, blocks(block.repeat(3), 3).size());
    assertThrows(MalformedException.class, () -> blocks(block.repeat(4), 3));
  }

  private static List<Bytes> blocks(String text, int max) throws MalformedException {
    return Pem.blocks(Bytes.copyOf(text.getBytes(StandardCharsets.US_ASCII)), "CERTIFICATE", max);
  }
}
